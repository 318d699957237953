; call_frame.asm - a handler called in the place of a system call, and left.
;
; What this is for stands in signal.c, and in call_frame.h what it looks like.
; Each of the two happens once for every signal, has a dozen words to move, and
; C has too few registers for them. All that is not as usual is left to C:
; signal_deliver() and leave_slowly() can do without these routines.
;
; The words that SYSEXIT takes lie at the top of the task's stack, as entry.asm
; shows it; saved_call() gives them to C.

%include "offsets.inc"

SAVED_ESP	equ -4			; from stack_top
SAVED_EIP	equ -8
SAVED_NUMBER	equ -12

; The frame lies 12 bytes behind a multiple of 16, so that ESP + 4 is such a
; multiple at the handler's first instruction, as at that of any function.
FRAME		equ 12

extern cpu, leave_slowly, signals_look_again
global arch_call_handler:function (arch_call_handler.end - arch_call_handler)
global arch_end_by_handler:function \
	(arch_end_by_handler.end - arch_end_by_handler)
global arch_leave_handler:function (arch_leave_handler.end - arch_leave_handler)

section .text

; Names the instructions from %1 to %2 for SMAP and the fix-up table: a fault
; between them goes on at %3.
%macro USER_ACCESS 3
[section .smap]
	dd %1, %2, %3
[section .fixups]
	dd %1, %2, %3
__SECT__
%endmacro

; EAX: the action. EDX: the signal. ECX: the mask to put back. EDI: the task.
; %1: the result that the call is going to have. On the stack: EDI, ESI, EBX.
%macro CALL_HANDLER 1
	mov ebx, [edi + TASK_STACK_TOP]
	cmp dword [edi + TASK_FRAME], 0
	jne %%cannot			; not by SYSENTER
	cmp dword [edi + TASK_FPU], 0
	jne %%cannot			; its values belong in a frame, too
	mov esi, [ebx + SAVED_ESP]
	sub esi, FRAME + CALL_FRAME_BYTES
	and esi, -16
	cmp esi, USER_HIGHEST - FRAME - CALL_FRAME_BYTES
	ja %%cannot
%%in:	stac
	mov edi, [eax + ACTION_RESTORER]
	mov [esi + FRAME + CALL_FRAME_RETURN], edi
	mov [esi + FRAME + CALL_FRAME_NUMBER], edx
	mov edi, [ecx]
	mov [esi + FRAME + CALL_FRAME_MASK], edi
	mov edi, [ecx + 4]
	mov [esi + FRAME + CALL_FRAME_MASK + 4], edi
	mov dword [esi + FRAME + CALL_FRAME_RESULT], %1
	mov edi, [ebx + SAVED_EIP]
	mov [esi + FRAME + CALL_FRAME_EIP], edi
	mov edi, [ebx + SAVED_ESP]
	mov [esi + FRAME + CALL_FRAME_ESP], edi
%%out:	clac
	USER_ACCESS %%in, %%out, %%fault

	; From here on it is done.
	add esi, FRAME
	mov [ebx + SAVED_ESP], esi
	mov edi, [eax + ACTION_HANDLER]
	mov [ebx + SAVED_EIP], edi
	mov edi, [cpu + CPU_CURRENT]
	mov word [edi + TASK_RESTARTED_CALL], 0
	mov esi, [eax + ACTION_MASK]
	mov ebx, [eax + ACTION_MASK + 4]
	dec edx
	bts esi, edx
	or [edi + TASK_BLOCKED], esi
	or [edi + TASK_BLOCKED + 4], ebx
	pop ebx
	pop esi
	pop edi
	xor eax, eax
	ret
%%fault:
	clac				; the access is still open
%%cannot:
	mov eax, edx
	pop ebx
	pop esi
	pop edi
	ret
%endmacro

; int arch_call_handler(const struct signal_action *action, int n);
; Spoils what any C function may.
	align 16
arch_call_handler:
	push edi
	push esi
	push ebx
	mov edi, [cpu + CPU_CURRENT]
	lea ecx, [edi + TASK_BLOCKED]
	CALL_HANDLER 0
.end:

; int arch_end_by_handler(const struct signal_action *action, int n,
;			  const sigset_t *old);
	align 16
arch_end_by_handler:
	push edi
	push esi
	push ebx
	mov edi, [cpu + CPU_CURRENT]
	CALL_HANDLER -EINTR
.end:

; int arch_leave_handler(void);
; The handler has taken its return address, so ESP is 4 above the frame.
	align 16
arch_leave_handler:
	mov edx, [cpu + CPU_CURRENT]
	cmp dword [edx + TASK_FRAME], 0
	jne leave_slowly
	mov ecx, [edx + TASK_STACK_TOP]
	mov ecx, [ecx + SAVED_ESP]
	cmp ecx, USER_HIGHEST - CALL_FRAME_BYTES
	ja leave_slowly
	push edi
	push esi
	push ebx
.in:	stac
	mov eax, [ecx - 4 + CALL_FRAME_RESULT]
	mov esi, [ecx - 4 + CALL_FRAME_EIP]
	mov edi, [ecx - 4 + CALL_FRAME_ESP]
	mov ebx, [ecx - 4 + CALL_FRAME_MASK]
	mov ecx, [ecx - 4 + CALL_FRAME_MASK + 4]
.out:	clac
	USER_ACCESS .in, .out, .fault
	test eax, eax
	jg .slow			; another frame

	; signals_change_mask()
	and ebx, ~SIGNALS_UNSTOPPABLE
	mov [edx + TASK_BLOCKED], ebx
	mov [edx + TASK_BLOCKED + 4], ecx
	mov ecx, [edx + TASK_STACK_TOP]
	mov [ecx + SAVED_EIP], esi
	mov [ecx + SAVED_ESP], edi
	mov dword [ecx + SAVED_NUMBER], NO_CALL
	mov ebx, [edx + TASK_PROCESS]
	mov ecx, [edx + TASK_PENDING]
	or ecx, [edx + TASK_PENDING + 4]
	or ecx, [ebx + PROCESS_PENDING]
	or ecx, [ebx + PROCESS_PENDING + 4]
	jne .look
	cmp byte [edx + TASK_SIGNAL_PENDING], 0
	jne .look
.back:	pop ebx
	pop esi
	pop edi
	ret
.look:
	push eax
	call signals_look_again
	pop eax
	jmp .back
.fault:
	clac				; the access is still open
.slow:
	pop ebx
	pop esi
	pop edi
	jmp leave_slowly
.end:

section .note.GNU-stack noalloc noexec nowrite progbits
