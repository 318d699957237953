; setjmp.asm - remember where the program is, and go back there.

bits 32

struc jump			; struct __jump of setjmp.h
.ebx:	resd 1
.esi:	resd 1
.edi:	resd 1
.ebp:	resd 1
.esp:	resd 1
.eip:	resd 1
endstruc

section .text.setjmp progbits alloc exec nowrite

; int setjmp(jmp_buf where)
; Takes the place to fill; gives 0, or longjmp()'s value when it comes back;
; spoils eax, ecx, edx.
;
;	esp ->	| return address | where |
global setjmp:function (setjmp.end - setjmp)
global _setjmp:function (setjmp.end - setjmp)
_setjmp:
setjmp:
	mov	eax, [esp + 4]
	mov	[eax + jump.ebx], ebx
	mov	[eax + jump.esi], esi
	mov	[eax + jump.edi], edi
	mov	[eax + jump.ebp], ebp
	lea	ecx, [esp + 4]		; esp once setjmp has returned
	mov	[eax + jump.esp], ecx
	mov	ecx, [esp]
	mov	[eax + jump.eip], ecx
	xor	eax, eax
	ret
.end:

; void longjmp(jmp_buf where, int value)
; Takes a place that setjmp() filled, in a function that has not returned yet;
; does not return: setjmp() does, with value, or 1 if value is 0.
;
;	esp ->	| return address | where | value |
global longjmp:function (longjmp.end - longjmp)
global _longjmp:function (longjmp.end - longjmp)
_longjmp:
longjmp:
	mov	edx, [esp + 4]
	mov	eax, [esp + 8]
	cmp	eax, 1
	adc	eax, 0			; 0 becomes 1
	mov	ebx, [edx + jump.ebx]
	mov	esi, [edx + jump.esi]
	mov	edi, [edx + jump.edi]
	mov	ebp, [edx + jump.ebp]
	mov	esp, [edx + jump.esp]
	jmp	[edx + jump.eip]
.end:

section .note.GNU-stack noalloc noexec nowrite progbits
