; syscall.asm - a system call by its number.
;
; long syscall(long number, ...)
; Takes the arguments of the call behind its number, at most six; gives the
; result, or -1 and errno; spoils ecx and edx.
;
; The six words are pushed again, so that they lie where a stub of
; libc/stubs.c has them: behind a return address.

bits 32

extern __syscall_error

section .text.syscall progbits alloc exec nowrite
global syscall:function (syscall.end - syscall)
syscall:
%rep 6
	push	dword [esp + 28]	; from the last to the first
%endrep
	mov	eax, [esp + 28]		; the number
	call	.enter
	add	esp, 24
	cmp	eax, -4095
	jae	__syscall_error
	ret
.enter:
	mov	ecx, esp
	mov	edx, .back
	sysenter
.back:
	ret
.end:

section .note.GNU-stack noalloc noexec nowrite progbits
