; fork.asm - the system call of fork(): keeps registers for the child.
;
; pid_t __fork(void)
; Takes nothing; gives 0 in the child, its pid in the parent, -1 and errno on
; failure; spoils ecx and edx.
;
; The child starts with the parent's stack, but with zeroed registers. So the
; registers that C expects unchanged lie on the stack during the call:
;
;	esp ->	| edi | esi | ebx | ebp | return address |
;
; EBP points to the saved EBP, as in C, so that a back trace finds the caller.

bits 32

extern __sys_fork

section .text.__fork progbits alloc exec nowrite
global __fork:function (__fork.end - __fork)
__fork:
	push	ebp
	mov	ebp, esp
	push	ebx
	push	esi
	push	edi
	call	__sys_fork
	pop	edi
	pop	esi
	pop	ebx
	pop	ebp
	ret
.end:

section .note.GNU-stack noalloc noexec nowrite progbits
