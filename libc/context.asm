; context.asm - leave the running state, and go on with another.

bits 32

struc context			; ucontext_t of ucontext.h
.flags:	resd 1
.mask:	resd 2
.edi:	resd 1
.esi:	resd 1
.ebp:	resd 1
	resd 1
.ebx:	resd 1
.edx:	resd 1
.ecx:	resd 1
.eax:	resd 1
	resd 2			; vector, error code
.eip:	resd 1
	resd 1			; CS
.flags_register: resd 1
.esp:	resd 1
endstruc

extern __context_get_mask
extern __context_set_mask
extern exit

section .text.context progbits alloc exec nowrite

; Save the state after the return from the function that calls this one. EAX:
; the context to fill; spoils ecx.
save:
	mov	[eax + context.edi], edi
	mov	[eax + context.esi], esi
	mov	[eax + context.ebp], ebp
	mov	[eax + context.ebx], ebx
	mov	dword [eax + context.eax], 0	; the value of the second return
	lea	ecx, [esp + 8]		; esp after both returns
	mov	[eax + context.esp], ecx
	mov	ecx, [esp + 4]
	mov	[eax + context.eip], ecx
	pushfd
	pop	dword [eax + context.flags_register]
	push	eax
	call	__context_get_mask
	pop	ecx
	ret

; int getcontext(ucontext_t *to)
; Takes the context to fill; gives 0; spoils ecx, edx.
;
;	esp ->	| return address | to |
global getcontext:function (getcontext.end - getcontext)
getcontext:
	mov	eax, [esp + 4]
	call	save
	ret
.end:

; int swapcontext(ucontext_t *to, const ucontext_t *from)
; Takes the context to fill and the context to go on with; gives 0 when the
; thread goes on with `to`; spoils ecx, edx.
;
;	esp ->	| return address | to | from |
global swapcontext:function (swapcontext.end - swapcontext)
swapcontext:
	mov	eax, [esp + 4]
	call	save
	mov	ecx, [esp + 8]
	jmp	setcontext.load
.end:

; int setcontext(const ucontext_t *from)
; Takes the context to go on with; does not return.
;
;	esp ->	| return address | from |
global setcontext:function (setcontext.end - setcontext)
setcontext:
	mov	ecx, [esp + 4]
.load:
	push	ecx
	call	__context_set_mask
	pop	ecx
	mov	edi, [ecx + context.edi]
	mov	esi, [ecx + context.esi]
	mov	ebp, [ecx + context.ebp]
	mov	ebx, [ecx + context.ebx]
	mov	edx, [ecx + context.edx]
	mov	esp, [ecx + context.esp]
	push	dword [ecx + context.eip]
	push	dword [ecx + context.flags_register]
	mov	eax, [ecx + context.eax]
	mov	ecx, [ecx + context.ecx]
	popfd
	ret
.end:

; void __context_end(void)
; The function of makecontext() returns to here. EBX: uc_link, which the
; function has kept. Does not return.
global __context_end:function (__context_end.end - __context_end)
__context_end:
	test	ebx, ebx
	jz	.exit
	push	ebx
	call	setcontext
.exit:
	push	0
	call	exit
.end:

section .note.GNU-stack noalloc noexec nowrite progbits
