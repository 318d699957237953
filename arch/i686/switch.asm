; switch.asm - switch_to_task(): one task stops here, another goes on.
;
; Step 1 of the tutorial. The C convention has saved EAX, ECX and EDX in the
; caller already, so four registers and the stack pointer are the whole state
; of a task in the kernel. Everything else is on its stack.
;
; The stack of a task that does not run, lowest address first; context.c forges
; the same picture for a new one:
;
;	task->esp ->	ebp
;			edi
;			esi
;			ebx
;			address to return to
;			...

%include "offsets.inc"

extern cpu, current_root_pa, task_area
global switch_to_task

section .text

; void switch_to_task(struct task *next);
; Takes next in EAX. Spoils what any C function may. Returns, on the next
; task's stack, to where that task called it. Interrupts may be on: no handler
; looks at more than cpu.current, which changes before the stack does.
switch_to_task:
	push ebx
	push esi
	push edi
	push ebp

	; Step 3: the clock is added to the time of the task
	; that stops, and subtracted from that of the one that goes on.
	mov ebx, eax
	mov ecx, [cpu + CPU_CURRENT]
	mov [ecx + TASK_ESP], esp
	rdtsc
	add [ecx + TASK_TOTAL_CYCLES], eax
	adc [ecx + TASK_TOTAL_CYCLES + 4], edx
	sub [ebx + TASK_TOTAL_CYCLES], eax
	sbb [ebx + TASK_TOTAL_CYCLES + 4], edx

	mov ecx, [ebx + TASK_STACK_TOP]
	mov edx, [ebx + TASK_ROOT_PA]
	mov [cpu + CPU_CURRENT], ebx
	mov [task_area + SEGMENT_ESP0], ecx
	mov esp, [ebx + TASK_ESP]

	; CR3 is reloaded only when it changes: it empties the TLB.
	cmp edx, [current_root_pa]
	je .same
	mov [current_root_pa], edx
	mov cr3, edx
.same:
	; NT, AC and ID may still be as the last program left them when it
	; called: they are its own. Interrupts stay as they are.
	pushfd
	and dword [esp], EFLAGS_IF
	popfd

	; FS and GS are still what the last program put there: mostly nothing.
	; The next one gets none of it.
	mov ecx, fs
	mov edx, gs
	or ecx, edx
	jnz .segments
.resume:
	pop ebp
	pop edi
	pop esi
	pop ebx
	ret
.segments:
	xor ecx, ecx
	mov fs, ecx			; null, and GS is the thread pointer's
	cmp [ebx + TASK_THREAD_POINTER], ecx
	je .load_gs
	mov ecx, THREAD_GS
.load_gs:
	mov gs, ecx
	jmp .resume

section .note.GNU-stack noalloc noexec nowrite progbits
