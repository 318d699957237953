; switch.asm - switch_to_task(): a task stops here, and the next task goes on.
;
; Step 1 of the tutorial. The C convention has saved EAX, ECX and EDX in the
; caller already, so four registers and the stack pointer are the whole state
; of a task in the kernel. Everything else is on the task's stack.
;
; The stack of a task that does not run, lowest address first; context.c forges
; the same picture for a new task:
;
;	task->esp ->	ebp
;			edi
;			esi
;			ebx
;			address to return to
;			...

%include "offsets.inc"

extern cpu, task_area
global switch_to_task

section .text

; void switch_to_task(struct task *next);
;
; Takes:	EAX: next
; Returns:	nothing, on the stack of `next`, where `next` has called this
; Changes:	EAX ECX EDX and the flags, as a C function may
; Stack:	the picture above, when ESP is saved in task->esp
;
; Interrupts may be on: a handler uses only cpu.current, which changes before
; the stack.
switch_to_task:
	push ebx
	push esi
	push edi
	push ebp

	; Step 3: add the clock to the time of the stopping task, and subtract
	; the clock from the time of the next task.
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

	; Reload CR3 only for a different value: a reload empties the TLB.
	cmp edx, [cpu + CPU_ROOT_PA]
	je .same
	mov [cpu + CPU_ROOT_PA], edx
	mov cr3, edx
.same:
	; NT, AC and ID may still have the values of the last program: clear
	; them. The interrupt flag does not change.
	pushfd
	and dword [esp], EFLAGS_IF
	popfd

	; FS and GS still have the values of the last program. The next program
	; gets null, and the segment of its thread pointer.
	mov ecx, fs
	mov edx, gs
	xor edx, THREAD_GS
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
	mov fs, ecx
	mov ecx, THREAD_GS
	mov gs, ecx
	jmp .resume

section .note.GNU-stack noalloc noexec nowrite progbits
