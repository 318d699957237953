; entry.asm - every way into the kernel, and every way back.
;
; There are three ways in: exceptions and interrupts, `int 0x80`, and SYSENTER.
; The first two save all registers in a full frame. SYSENTER is the fast way: C
; preserves EBX, ESI, EDI and EBP, so these need no place in a frame. There are
; two ways back: return_to_user with a full frame, and SYSEXIT, when no signal
; and no other task waits. C functions take their first three arguments in EAX,
; EDX and ECX (-mregparm=3).
;
; Each entry from user mode stops the clock of the program, and gives DS, ES,
; DF, AC and TF the kernel's values. DS and ES get the user data segment, which
; is as flat as the kernel's, so a return to user mode restores nothing. Only
; IRET depends on NT, so NT is cleared before an IRET, and at a switch of tasks.
; The kernel does not use FS and GS. In user mode, task switches are postponed
; already (depth 1), so no entry postpones them.

%include "offsets.inc"
%include "arch/i686/access.inc"

FIRST_WITH_ERROR_CODE	equ 0x27d00	; bits 8, 10 to 14, 17
CLEAN_EFLAGS		equ 2

extern cpu, task_area, trap_handle
extern syscall_table, syscall_count, fast_call_table
extern machine_return_to_user, oneshot_interrupt_in_user, kernel_task_start
global interrupt_stubs, int80_entry, return_to_user, sysenter_traced_entry
global new_task_entry, enter_user
global sysenter_entry:function (sysenter_entry.end - sysenter_entry)
global more_arguments:function (more_arguments.end - more_arguments)
global trap_entry:function (trap_entry.end - trap_entry)
global timer_entry:function (timer_entry.end - timer_entry)

; ---- Time: the clock of a program stops while the kernel runs -------------
;
; On top of the kernel stack of each task lies the count of cycles in user mode.
; Each entry adds the time-stamp counter, and each exit subtracts this counter:
; the sum is the time between the exits and the entries. %1: the address of the
; count. Both change EAX and EDX.
%macro ENTER_KERNEL 1
	rdtsc
	add [%1], eax
	adc [%1 + 4], edx
%endmacro

%macro LEAVE_KERNEL 1
	rdtsc
	sub [%1], eax
	sbb [%1 + 4], edx
%endmacro

section .text

; ---- Exceptions and interrupts --------------------------------------------
;
; The processor pushes an error code for some exceptions only. Each stub pushes
; the rest, so that all traps have the same picture on the stack, from ESP up:
; vector, error code or 0, EIP, CS, EFLAGS; from user mode also ESP and SS.

%macro STUB 1
	align 4
stub_%1:
%if (%1 >= 32) || !((FIRST_WITH_ERROR_CODE >> %1) & 1)
	push 0
%endif
	push %1
	jmp trap_entry
%endmacro

[section .rodata]
	align 4
interrupt_stubs:
__SECT__
%assign timer VECTOR_APIC_TIMER
stub_ %+ timer equ timer_entry
%assign vector 0
%rep 64
%if vector != 1 && vector != timer
	STUB vector
%endif
[section .rodata]
	dd stub_ %+ vector
__SECT__
%assign vector vector + 1
%endrep

; The stub of the debug exception. After a program sets TF and executes
; SYSENTER, the exception comes at the first instruction of the kernel, on the
; small stack below the task segment. The system call then goes on without TF,
; and the program gets SIGTRAP later. DS has the value of the program here and
; may be null, so the stub reads memory through SS.
	align 4
stub_1:
	cmp dword [esp], sysenter_entry
	je .stepped
	cmp dword [esp], sysenter_traced_entry
	jne .ordinary
.stepped:
	and dword [esp + 8], ~EFLAGS_TF
	push eax
	mov eax, [ss:cpu + CPU_CURRENT]
	mov byte [ss:eax + TASK_WAS_STEPPED], 1
	mov byte [ss:eax + TASK_SIGNAL_PENDING], 1
	or dword [ss:cpu + CPU_PENDING], PENDING_SIGNAL_MASK
	pop eax
	iretd
.ordinary:
	push 0
	push 1

; trap_entry: complete the frame of a trap, and call trap_handle(frame).
;
; Takes:	the stack as each stub leaves it
; Returns:	to the interrupted code, with all registers as they were, or as
;		trap_handle() has changed the frame
; Changes:	nothing else
; Stack:	struct registers (processor.h), lowest member at ESP
trap_entry:
	pushad
	push CLEAN_EFLAGS		; clears NT, AC, DF and TF
	popfd
	mov eax, USER_DS
	mov ds, eax
	mov es, eax
	test byte [esp + REG_CS], 3
	jz .from_kernel

	ENTER_KERNEL esp + REG_BYTES
	mov eax, esp
	call trap_handle
	jmp return_to_user

.from_kernel:
	mov eax, esp
	call trap_handle
	popad
	add esp, 8			; vector and error code
	iretd
.end:

; timer_entry: the interrupt of the local APIC's timer.
;
; While tasks share the processor, this interrupt is the most frequent one. Most
; times nothing is pending afterwards, and the program goes on with the frame as
; it is. The interrupt gate has cleared NT and TF. AC may stay set, because no
; instruction touches user memory before return_to_user.
;
; Takes:	the stack as the processor leaves it
; Returns:	to the program, with all registers as they were; through
;		trap_entry from kernel mode, through return_to_user when
;		something is pending
; Changes:	nothing else
; Stack:	struct registers (processor.h), lowest member at ESP
;
; oneshot_interrupt_in_user(uint64_t now) takes the clock from EDX:EAX, where
; ENTER_KERNEL leaves the clock.
	align 16
timer_entry:
	push 0
	push VECTOR_APIC_TIMER
	test byte [esp + 12], 3		; CS
	jz trap_entry
	pushad
	cld
	mov eax, USER_DS
	mov ds, eax
	mov es, eax
	ENTER_KERNEL esp + REG_BYTES
	call oneshot_interrupt_in_user
	cmp dword [cpu + CPU_PENDING], 0
	jne return_to_user
	LEAVE_KERNEL esp + REG_BYTES
	popad
	add esp, 8			; vector and error code
	iretd
.end:

; ---- Back to user mode with a full frame ----------------------------------

; return_to_user: do the pending work, then run the program.
;
; Takes:	struct registers (processor.h) at ESP
; Returns:	to user mode
; Changes:	all registers
; Stack:	struct registers, lowest member at ESP
;
; A program can forge a frame of a signal handler. So every return replaces the
; selectors and masks EFLAGS.
return_to_user:
	push CLEAN_EFLAGS		; masks interrupts, clears NT
	popfd
	cmp dword [cpu + CPU_PENDING], 0
	je .leave
	sti
	mov eax, esp
	call machine_return_to_user
	jmp return_to_user
.leave:
	mov ecx, [cpu + CPU_CURRENT]
	mov ecx, [ecx + TASK_STACK_TOP]
	LEAVE_KERNEL ecx
	mov dword [esp + REG_CS], USER_CS
	mov dword [esp + REG_SS], USER_DS
	and dword [esp + REG_EFLAGS], EFLAGS_USER
	or dword [esp + REG_EFLAGS], EFLAGS_IF | 2
	popad
	add esp, 8
	iretd

; void enter_user(struct registers *regs);
;
; Takes:	EAX: regs, on the kernel stack of the running task
; Returns:	never; the program runs with these registers
; Changes:	all registers
; Stack:	drops all words below regs
enter_user:
	mov esp, eax
	xor ebp, ebp
	jmp return_to_user

; new_task_entry: the first instructions of a new kernel task. The tutorial
; calls this the start-up function (Step 1). switch_to_task() returns to this
; address with task switches postponed; context.c has made the stack.
;
; Takes:	the stack
; Returns:	never
; Changes:	all registers
; Stack:	esp -> function, the argument of this function
new_task_entry:
	xor ebp, ebp
	pop eax
	pop edx
	call kernel_task_start		; kernel_task_start(function, argument)
	ud2

; ---- System calls ---------------------------------------------------------
;
; A program passes the number of the call in EAX and its stack pointer in ECX.
; The arguments lie at [ECX + 4] and up, as for a C function. SYSENTER also
; takes, in EDX, the address to return to.

SHORT_FRAME_BYTES	equ 24

; sysenter_entry: a system call of a program.
;
; Takes:	EAX: number. ECX: the program's ESP. EDX: the program's EIP
; Returns:	to the program by SYSEXIT. EAX: the result. Through
;		return_to_user when something is pending
; Changes:	ECX EDX and the flags
; Stack:	in the call, from the top of the kernel stack down:
;
;	stack_top	cycles in user mode, eight bytes
;		  - 4	the program's ESP
;		  - 8	the program's EIP
;		  - 12	number
;		  - 16	the program's EBP, for back traces
;		  - 20	the function of this call
;		  - 24	the fourth argument
;
; The first three arguments go to the function in EAX, EDX and ECX. For a call
; with more than four arguments, the function is more_arguments.
	align 16
sysenter_entry:
	mov esp, [esp]			; the task's own stack: tss.esp0
	push ecx
	push edx
	push eax
	cld
	mov edx, USER_DS
	mov ds, edx
	mov es, edx
	cmp eax, [syscall_count]
	jae .unknown
	push ebp
	push dword [fast_call_table + eax * 4]
	ENTER_KERNEL esp + 20

	; The one range check of the arguments: the words from ECX up to the
	; sixth argument lie in user space. The access to a page that cannot be
	; brought in goes on at .bad_arguments too, by the table of fix-ups.
	; Without SMAP, `stac` and `clac` become prefixes of the instructions
	; behind them, so a fault can come at .open and .close.
	cmp ecx, USER_HIGHEST - 28
	ja .bad_arguments
.open:	stac
	push dword [ecx + 16]
	mov edx, [ecx + 8]
	mov eax, [ecx + 4]
	mov ecx, [ecx + 12]
.close:	clac
	USER_ACCESS .open, .close, .bad_arguments
	sti
	call [esp + 4]
.done:
	cli
	cmp dword [cpu + CPU_PENDING], 0
	jne .slow
	mov ecx, eax
	LEAVE_KERNEL esp + SHORT_FRAME_BYTES
	mov eax, ecx
	mov edx, [esp + SHORT_FRAME_BYTES - 8]
	mov ecx, [esp + SHORT_FRAME_BYTES - 4]
	sti				; takes effect after SYSEXIT
	sysexit

; Something is pending: make a full frame, and leave through return_to_user. The
; frame has the vector and the number. So a call that a signal has interrupted
; can be started again.
.slow:
	sti
	mov ecx, [esp + SHORT_FRAME_BYTES - 4]
	mov edx, [esp + SHORT_FRAME_BYTES - 8]
	push USER_DS
	push ecx
	push EFLAGS_IF | 2
	push USER_CS
	push edx
	push dword [esp + 20 + SHORT_FRAME_BYTES - 12]
	push VECTOR_SYSCALL
	pushad
	jmp return_to_user

; The table has no such number.
.unknown:
	push CLEAN_EFLAGS
	popfd
	ENTER_KERNEL esp + 12
	mov eax, -ENOSYS
	jmp .failed
.bad_arguments:
	push CLEAN_EFLAGS		; clears AC: no access to user memory
	popfd
	mov eax, -EFAULT
.failed:
	mov ecx, [cpu + CPU_CURRENT]
	mov esp, [ecx + TASK_STACK_TOP]
	sub esp, SHORT_FRAME_BYTES
	jmp .done
.end:

; more_arguments: fetch the fifth and the sixth argument, and call the function.
;
; Takes:	EAX EDX ECX: the first three arguments, and the stack
; Returns:	to sysenter_entry.done; EAX: the result
; Changes:	EAX ECX EDX and the flags, as a C function may
; Stack:	esp -> address to return to (dropped), then the picture of
;		sysenter_entry
more_arguments:
	push ecx
	mov ecx, [esp + 8 + SHORT_FRAME_BYTES - 4]
.open:	stac
	push dword [ecx + 24]
	push dword [ecx + 20]
.close:	clac
	USER_ACCESS .open, .close, sysenter_entry.bad_arguments
	push dword [esp + 16]		; the fourth
	mov ecx, [esp + 20 + SHORT_FRAME_BYTES - 12]
	mov ecx, [syscall_table + ecx * 4]
	mov [esp + 16], ecx
	mov ecx, [esp + 12]
	call [esp + 16]
	add esp, 20
	jmp sysenter_entry.done
.end:

; int80_entry: a system call by `int 0x80`, for processors without SYSENTER, and
; as a lesson: the full frame makes this way several times as long.
;
; Takes:	EAX: number. ECX: the program's ESP
; Returns:	through trap_entry. EAX: the result
; Changes:	nothing else
; Stack:	as a stub leaves it, with the number as the error code
int80_entry:
	push eax
	push VECTOR_SYSCALL
	jmp trap_entry

; sysenter_traced_entry: SYSENTER of a task whose system calls are traced.
; arch_trace_calls() gives this address to the processor, so that the calls of
; other tasks test nothing.
;
; Takes:	as sysenter_entry
; Returns:	through trap_entry. EAX: the result
; Changes:	nothing else
; Stack:	as int80_entry
sysenter_traced_entry:
	mov esp, [esp]
	push USER_DS
	push ecx
	push EFLAGS_IF | 2
	push USER_CS
	push edx
	push eax
	push VECTOR_SYSCALL
	jmp trap_entry

section .note.GNU-stack noalloc noexec nowrite progbits
