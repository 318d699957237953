; start.asm - the first instructions of every program.
;
; The kernel (fork.c, exec.c) enters here with this stack, as the System V ABI
; for i386 says:
;
;	esp ->	| argc | argv[0] | ... | NULL | envp[0] | ... | NULL |
;
; void _start(void)
; Takes the stack above; does not return: exit(main(argc, argv, environ)).

bits 32

extern main
extern exit
extern environ
extern __argv
extern __init_array_start
extern __init_array_end
extern __tls_begin

section .text._start progbits alloc exec nowrite
global _start:function (_start.end - _start)
_start:
	xor	ebp, ebp		; here a back trace ends
	mov	ecx, [esp]		; argc
	lea	edx, [esp + 4]		; argv
	lea	eax, [edx + 4 * ecx + 4]; envp, behind argv's NULL
	mov	[environ], eax
	mov	[__argv], edx
	and	esp, -16		; the ABI's alignment at each call
	sub	esp, 4
	push	eax
	push	edx
	push	ecx

	call	__tls_begin

	; functions marked __attribute__((constructor))
	mov	ebx, __init_array_start
.next:
	cmp	ebx, __init_array_end
	jae	.run
	call	[ebx]
	add	ebx, 4
	jmp	.next
.run:
	call	main
	mov	[esp], eax
	call	exit			; does not return
.end:

; extern __thread int errno: the last word of each thread's own variables, at
; the thread's control block - 4 (boot/user.ld, self.c).
section .errno nobits alloc noexec write tls align=64
	resb 60
global errno:data (4)
errno:
	resd 1

section .note.GNU-stack noalloc noexec nowrite progbits
