; call.asm - mailbox calls by words: one task stops, the other goes on, and the
; words of the message stay in the registers. kernel/ipc/mail_line.h has the
; theory; here is the usual way, which is all that this file knows.
;
;	EAX	MAILBOX_WORDS_CALL or _REPLY, plus the descriptor of the box;
;		afterwards 0 (call), who sent the request (reply), or -errno
;	EBX	id of the request that is answered; afterwards of the next one
;	ESI EDI EBP	body[1], body[0] and type
;	ECX EDX	esp and eip of the program, as for all system calls
;
; (A descriptor of some hundred millions makes one of them the other. There is
; none of that number, so a program that tries it has asked for nothing else.)
;
; Up to .switch nothing has changed, so that whatever is unusual can go the
; other way: -ENOSYS, and the program takes the general call. From there on
; nothing can fail. Interrupts are masked all the way; one that comes is taken
; when the next program has begun.
;
; The kernel stack of a task that sleeps here, from its top down: user's esp,
; eip, number, and what switch_to_task() pops. Whoever wakes it in general lets
; it go on at called or received; who wakes it here needs but the first two.
;
; Time: one reading of the clock, at the switch. The instructions before count
; for the program that stops as its own, the others for the next.

%include "offsets.inc"

CLEAN_EFLAGS		equ 2
FRAME_BYTES		equ 8		; as sysenter_entry's .done wants it

extern cpu, task_area, current_root_pa, only_ready, ready_bitmap
extern mailbox_ops, mail_last_id, trace_kinds
extern machine_words_prepare, machine_words_receive
extern machine_words_called, machine_words_received
extern sysenter_entry.unknown, sysenter_entry.done
global words_entry:function (words_entry.end - words_entry)
global words_end

section .text

; Does anything stand against going on with the task %3 at once? ZF: no, and the
; register is 0. %1, %2: its names as a double word and a word. FS and
; GS count, since the next program is not to have what this one put there.
%macro HINDRANCES 3
	mov %1, gs
	shl %1, 16
	mov %2, fs
	or %2, [%3 + TASK_MINDS]
	or %1, [cpu + CPU_PENDING]
%if TRACE_EVENTS > 1			; no words are in the trace
	or %1, [trace_kinds]
%endif
	or %1, [only_ready]
	or %1, [ready_bitmap]
	or %1, [cpu + CPU_IS_SPECIAL]
%endmacro

; From the task in ECX to the one in %1: time and processor. The stack stays;
; ECX is then the top of the next one. %2: bytes from ESP to the top of this
; one. Spoils EAX and EDX.
%macro SWITCH 2
	mov word [ecx + TASK_STATE], STATE_BLOCKED	; and slice_used
	inc dword [ecx + TASK_SWITCHES_WAITING]
	mov [ecx + TASK_ESP], esp
	rdtsc
	mov [ecx + TASK_WAIT_SINCE], eax
	mov [ecx + TASK_WAIT_SINCE + 4], edx
	add [ecx + TASK_TOTAL_CYCLES], eax
	adc [ecx + TASK_TOTAL_CYCLES + 4], edx
	mov ecx, [%1 + TASK_STACK_TOP]
	add [esp + %2], eax
	adc [esp + %2 + 4], edx
	sub [%1 + TASK_TOTAL_CYCLES], eax
	sbb [%1 + TASK_TOTAL_CYCLES + 4], edx
	sub [ecx], eax
	sbb [ecx + 4], edx
	inc dword [cpu + CPU_SWITCHES]
	mov [cpu + CPU_CURRENT], %1
	mov [task_area + SEGMENT_ESP0], ecx
	mov edx, [%1 + TASK_ROOT_PA]
	mov [current_root_pa], edx
	mov cr3, edx
%endmacro

; To the program whose stack top is in ECX.
%macro LEAVE 0
	mov edx, [ecx - 8]
	mov ecx, [ecx - 4]
	push CLEAN_EFLAGS		; AC, NT, ID: not to another program
	popfd
	sti
	sysexit
%endmacro

	align 16
words_entry:
	sub eax, MAILBOX_WORDS_CALL
	mov ecx, [cpu + CPU_CURRENT]
	mov edx, [ecx + TASK_PROCESS]
	mov edx, [edx + PROCESS_DESCRIPTORS]
	cmp eax, [edx + DESCRIPTORS_LIMIT]
	jae .no_call

	; ---- A call: the box, if it is one and may be written to.
	mov edx, [edx + DESCRIPTORS_FILES]
	mov edx, [edx + eax * 4]
	test edx, edx
	jz .not
	test byte [edx + FILE_FLAGS], O_WRONLY | O_RDWR
	jz .not
	mov eax, [edx + FILE_OBJECT]
	cmp dword [eax + OBJECT_OPS], mailbox_ops
	jne .not
	mov edx, [eax + BOX_LINE]
	test edx, edx
	jz .not

	push words_called
	push ebx
	push esi
	push edi
	push ebp
	mov ebx, [ecx + TASK_PROCESS]
	mov ebx, [ebx + PROCESS_DESK]	; and its call
	cmp [ecx + TASK_WAIT_CONTEXT], ebx
	jne .prepare
	cmp [ecx + TASK_WAIT_OBJECT], eax
	jne .prepare

	mov esi, [edx + LINE_TASK]	; the server
	HINDRANCES eax, ax, esi
	or eax, [edx + LINE_CURRENT]	; it does not wait
	jnz .not_now

.switch:				; EAX is 0
	mov [esi + TASK_WAIT_QUEUE], eax
	mov [esi + TASK_WAIT_NODE], eax
	mov [esi + TASK_STATE], al
	mov eax, [edx + LINE_QUEUE]
	mov [eax], eax
	mov [eax + 4], eax
	mov [edx + LINE_CURRENT], ebx
	mov [ebx + CALL_LINE], edx
	mov [ecx + TASK_WAIT_QUEUE], ebx
	mov [ecx + TASK_WAIT_NODE], ebx
	inc dword [mail_last_id]
	jz .from_one
.numbered:
	mov eax, [mail_last_id]
	mov [ebx + CALL_ID], eax
	SWITCH esi, 32
	mov eax, [ebx + CALL_CALLER]
	mov ebx, [ebx + CALL_ID]
	mov esi, [esp + 8]
	LEAVE

.from_one:				; no message has the number 0
	inc dword [mail_last_id]
	jmp .numbered

	; ---- A reply, to the call that this server has.
.no_call:
	sub eax, MAILBOX_WORDS_REPLY - MAILBOX_WORDS_CALL
	cmp eax, [edx + DESCRIPTORS_LIMIT]
	jae sysenter_entry.unknown
	mov edx, [edx + DESCRIPTORS_FILES]
	mov edx, [edx + eax * 4]
	test edx, edx
	jz .no_reply
	test dword [edx + FILE_FLAGS], O_WRONLY | O_NONBLOCK
	jnz .no_reply
	mov eax, [edx + FILE_OBJECT]
	cmp dword [eax + OBJECT_OPS], mailbox_ops
	jne .no_reply
	mov edx, [eax + BOX_LINE]
	cmp [ecx + TASK_WAIT_CONTEXT], edx	; its receive
	jne .prepare_reply
	cmp [ecx + TASK_WAIT_OBJECT], eax
	jne .prepare_reply
	mov eax, [edx + LINE_CURRENT]
	test eax, eax
	jz .no_reply
	cmp [eax + CALL_ID], ebx
	jne .no_reply

	mov ebx, [eax + CALL_TASK]
	HINDRANCES ecx, cx, ebx
	jnz .not_answered

	mov [edx + LINE_CURRENT], ecx	; ECX is 0
	mov [eax + CALL_LINE], ecx
	mov [ebx + TASK_WAIT_QUEUE], ecx
	mov [ebx + TASK_WAIT_NODE], ecx
	mov [ebx + TASK_STATE], cl
	mov ecx, [cpu + CPU_CURRENT]
	push words_received
	sub esp, 16			; nobody needs its registers
	mov eax, [edx + LINE_QUEUE]
	lea edx, [ecx + TASK_WAIT_NODE]
	mov [ecx + TASK_WAIT_QUEUE], eax
	mov [edx], eax
	mov [eax], edx
	mov [eax + 4], edx
	SWITCH ebx, 32
	xor eax, eax
	mov ebx, eax
	LEAVE

	; ---- Not as usual.
.no_reply:
	test ebx, ebx
	jz .receive
	jmp sysenter_entry.unknown
.not_answered:
	mov ebx, [eax + CALL_ID]
.not:
	jmp sysenter_entry.unknown
.not_now:
	pop ebp
	pop edi
	pop esi
	pop ebx
	add esp, 4
	jmp .not

	; Fill in the wait; then all is as usual, or will never be.
.prepare:
	pop ebp
	pop edi
	pop esi
	pop ebx
	add esp, 4
	jmp .again
.prepare_reply:
	test ebx, ebx
	jz .receive
.again:
	push CLEAN_EFLAGS
	popfd
	rdtsc
	add [esp + 12], eax
	adc [esp + 16], edx
	mov eax, [esp]
	sti
	call machine_words_prepare
	cli
	sub esp, FRAME_BYTES
	test eax, eax
	jnz sysenter_entry.done
	add esp, FRAME_BYTES
	rdtsc
	sub [esp + 12], eax
	sbb [esp + 16], edx
	mov eax, [esp]
	jmp words_entry

	; Nothing to answer: wait, in C. It comes back as any call does, or not
	; at all: a call by words goes on with the program at once.
.receive:
	push CLEAN_EFLAGS
	popfd
	rdtsc
	add [esp + 12], eax
	adc [esp + 16], edx
	mov eax, [esp]
	sub eax, MAILBOX_WORDS_REPLY
	sub esp, FRAME_BYTES
	push ebx
	push esi
	push edi
	push ebp
	push 0				; struct mail_words
	mov edx, esp
	sti
	call machine_words_receive
	jmp words_leave

; Woken in general, as switch_to_task() comes back: with the words of the call.
words_called:
	sub esp, FRAME_BYTES
	push ebx
	push esi
	push edi
	push ebp
	push 0
	mov eax, esp
	sti
	call machine_words_called
	jmp words_leave

; The same, with whatever was on the stack.
words_received:
	sub esp, FRAME_BYTES
	xor ebx, ebx
	push ebx
	push ebx
	push ebx
	push ebx
	push ebx
	mov eax, esp
	sti
	call machine_words_received
words_leave:
	add esp, 4
	pop ebp
	pop edi
	pop esi
	pop ebx
	jmp sysenter_entry.done
words_entry.end:
words_end:

section .note.GNU-stack noalloc noexec nowrite progbits
