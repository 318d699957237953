; entry.asm - every way into the kernel, and the ways back.
;
; Three entries: exceptions and interrupts (a full frame), int 0x80 (the same),
; and SYSENTER, the fast one, which saves only what C would spoil. All of them
; leave through return_to_user, or SYSEXIT when nothing special happened.
;
; Functions take their first three arguments in EAX, EDX and ECX (-mregparm=3).
;
; At every entry from user mode: the program's time stops,
; and whatever the program left in DS, ES, DF, AC and TF is put right; NT before
; IRET, which alone minds it, and at a switch, so that nobody inherits it. FS
; and GS are not used by the kernel. Switches are postponed (depth 1) in user
; mode already, so there is nothing to take.
;
; The kernel's DS and ES are the user data segment: it is as flat as the
; kernel's own, and so a return to user mode has nothing to restore.

%include "offsets.inc"

FIRST_WITH_ERROR_CODE	equ 0x27d00	; bits 8, 10 to 14, 17
CLEAN_EFLAGS		equ 2

extern cpu, task_area, trap_handle
extern syscall_table, syscall_count, sysenter_table
extern machine_return_to_user, oneshot_interrupt_in_user
global interrupt_stubs, int80_entry, return_to_user
global sysenter_entry:function (sysenter_entry.end - sysenter_entry)
global more_arguments:function (more_arguments.end - more_arguments)
global trap_entry:function (trap_entry.end - trap_entry)
global timer_entry:function (timer_entry.end - timer_entry)
global sysenter_traced_entry
global new_task_entry, enter_user

; ---- Time: a program's own stands still while the kernel runs -------------
;
; On top of the kernel stack of each task, where kernel entries begin, lies a
; count of the time spent in user mode. It counts by the difference: each entry
; adds the clock, each exit subtracts it.

; %1: where it lies. Spoil EAX and EDX.
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
; Each stub makes the stack look alike, lowest address first:
;
;	vector, error code (0 where the processor pushes none),
;	eip, cs, eflags, and from user mode esp, ss

%macro STUB 1
	align 4
stub_%1:
%if (%1 >= 32) || !((FIRST_WITH_ERROR_CODE >> %1) & 1)
	push 0
%endif
	push %1
	jmp trap_entry
%endmacro

%assign vector 0
%rep 64
%if vector != 1 && vector != VECTOR_APIC_TIMER
	STUB vector
%endif
%assign vector vector + 1
%endrep

section .rodata
	align 4
interrupt_stubs:
%assign vector 0
%rep 64
%if vector == VECTOR_APIC_TIMER
	dd timer_entry
%else
	dd stub_ %+ vector
%endif
%assign vector vector + 1
%endrep
section .text

; #DB. When a program sets TF and executes SYSENTER, the trap comes at the
; kernel's first instruction, on the small stack below the task segment. The
; system call then goes on untraced, and the program gets its SIGTRAP later.
; DS is still the program's and may be null: only SS will do here.
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

; Completes struct registers (processor.h) and calls trap_handle(&registers).
trap_entry:
	pushad
	push CLEAN_EFLAGS		; NT, AC, DF, TF: as we like them
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

; The local APIC's timer. While tasks share the processor it is the most
; frequent interrupt, and in user mode a cheap one: mostly nothing is pending
; afterwards, and the frame goes back as it came. Interrupts stay masked. The
; gate has cleared NT and TF; AC may stay, as no user memory is touched before
; return_to_user. The clock that ENTER_KERNEL leaves in EDX:EAX is the argument.
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
;
; ESP points to struct registers. Whatever the frame says, it is a user's:
; selectors are replaced and EFLAGS is masked on every return, so a forged
; frame has nothing to gain.
return_to_user:
	push CLEAN_EFLAGS		; interrupts masked; NT
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

; void enter_user(struct registers *regs): drop all that is on the kernel stack
; below these registers, which lie on it, and leave with them.
enter_user:
	mov esp, eax
	xor ebp, ebp
	jmp return_to_user

; A new kernel task starts here, switched to with depth 1: see context.c for
; its stack. Step 1's start-up function: release first what the switch held.
;
;	esp ->	function, its argument
extern kernel_task_start
new_task_entry:
	xor ebp, ebp
	pop eax
	pop edx
	call kernel_task_start		; kernel_task_start(function, argument)
	ud2

; ---- System calls ---------------------------------------------------------
;
; EAX is the number, ECX the user's stack pointer with the arguments at
; [ECX + 4] and up, as a C function finds them; SYSENTER also wants in EDX
; where to return to. The kernel stack inside a call, from its top down:
;
;	stack_top	time in user mode, eight bytes
;		  - 4	user's esp	(ecx)
;		  - 8	user's eip	(edx)
;		  - 12	number		(eax)
;		  - 16	user's ebp, for back traces alone
;		  - 20	the function that makes the call
;		  - 24	the fourth argument
;
; The first three arguments travel in EAX, EDX and ECX, as everywhere in the
; kernel. C preserves EBX, ESI, EDI and EBP, so the user's survive. The few
; calls that have a fifth argument come by way of more_arguments.

SHORT_FRAME_BYTES	equ 24

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
	push dword [sysenter_table + eax * 4]
	ENTER_KERNEL esp + 20

	; The one range check of the arguments: ECX up to the sixth word lies in
	; user space. A page that is not there ends at .bad_arguments too, by
	; the fix-up table. Without SMAP `stac` and `clac` become prefixes of
	; what follows them, so an instruction can begin there.
	cmp ecx, USER_HIGHEST - 28
	ja .bad_arguments
.open:	stac
	push dword [ecx + 16]
	mov edx, [ecx + 8]
	mov eax, [ecx + 4]
	mov ecx, [ecx + 12]
.close:	clac
[section .smap]
.gates:	dd .open, .close
[section .fixups]
.fixup:	dd .open, .close, .bad_arguments
__SECT__
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
	sti				; takes effect after the next one
	sysexit

; Something is pending: make a full frame of what we have and leave by it. It
; says which call this was (vector and number), so that a call that a signal
; interrupted can be started again.
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

; No number of the table.
.unknown:
	push CLEAN_EFLAGS
	popfd
	ENTER_KERNEL esp + 12
	mov eax, -ENOSYS
	jmp .failed
.bad_arguments:
	push CLEAN_EFLAGS		; the access may still be open: AC
	popfd
	mov eax, -EFAULT
.failed:
	mov ecx, [cpu + CPU_CURRENT]
	mov esp, [ecx + TASK_STACK_TOP]
	sub esp, SHORT_FRAME_BYTES
	jmp .done
.end:

; Called in place of the function, with its first four arguments: fetch two
; more. What is on the stack: the return address, to be lost, and the frame.
more_arguments:
	push ecx
	mov ecx, [esp + 8 + SHORT_FRAME_BYTES - 4]
.open:	stac
	push dword [ecx + 24]
	push dword [ecx + 20]
.close:	clac
[section .smap]
.gates:	dd .open, .close
[section .fixups]
.fixup:	dd .open, .close, sysenter_entry.bad_arguments
__SECT__
	push dword [esp + 16]		; the fourth
	mov ecx, [esp + 20 + SHORT_FRAME_BYTES - 12]
	mov ecx, [syscall_table + ecx * 4]
	mov [esp + 16], ecx
	mov ecx, [esp + 12]
	call [esp + 16]
	add esp, 20
	jmp sysenter_entry.done
.end:

; The same through an interrupt gate: the processor pushes five words, the full
; frame is made at once, and C does the rest (traps.c). Ten times the work, for
; the lesson and for processors without SYSENTER.
int80_entry:
	push eax			; the number, as the error code
	push VECTOR_SYSCALL
	jmp trap_entry

; SYSENTER of a task whose calls are traced: arch_trace_calls() lets the
; processor come here instead, so that the others pay nothing for it.
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
