; fork.asm - under fork(): it must find its registers again in the child.
;
; pid_t __fork(void)
; Takes nothing; gives 0 in the child, its pid in the parent, -1 and errno on
; failure; spoils ecx and edx.
;
; The child starts with the parent's stack but with zeroed registers, so those
; that C expects back lie on the stack during the call:
;
;	esp ->	| ebp | edi | esi | ebx | return address |

bits 32

extern __sys_fork

section .text.__fork progbits alloc exec nowrite
global __fork:function (__fork.end - __fork)
__fork:
	push	ebx
	push	esi
	push	edi
	push	ebp
	call	__sys_fork
	pop	ebp
	pop	edi
	pop	esi
	pop	ebx
	ret
.end:

section .note.GNU-stack noalloc noexec nowrite progbits
