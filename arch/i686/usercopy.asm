; usercopy.asm - copies from and to user memory.
;
; The only other access to user memory is the fetch of a system call's arguments
; (entry.asm), by the same rules.
;
; Each routine checks once that the range lies below USER_HIGHEST, without
; wrapping. The copies hand a range above to kernel/obj/vector.c, which knows
; whether the running call may use the range. A missing page faults; the fault
; handler brings the page in or goes on at the fix-up. Whole words first: a REP
; instruction counts, and is emulated, by the iteration. With SMAP the processor
; allows the access only between `stac` and `clac`; without SMAP, paging.c turns
; both into prefixes.

%include "offsets.inc"
%include "arch/i686/access.inc"

global copy_from_user, copy_to_user, clear_user, copy_string_from_user
global fetch_user_word, store_user_word
extern machine_copy_from_vector, machine_copy_to_vector, machine_clear_vector

section .text

; Copies ECX bytes from EDX to EAX; %1 is ESI or EDI, the user's address. %2
; copies from or to a range that is not below USER_HIGHEST.
%macro USER_COPY 2
	push esi
	push edi
	mov edi, eax
	mov esi, edx
	lea eax, [%1 + ecx]
	cmp eax, ecx			; did it wrap?
	jb copy_fault
	cmp eax, USER_HIGHEST
	ja %%outside
	mov eax, ecx
	shr ecx, 2
	and eax, 3
%%in:	stac
	rep movsd
	mov ecx, eax
	rep movsb
%%out:	clac
	USER_ACCESS %%in, %%out, copy_fault
	pop edi
	pop esi
	xor eax, eax
	ret
%%outside:
	mov eax, edi
	mov edx, esi
	pop edi
	pop esi
	jmp %2				; the arguments, and our return
%endmacro

; int copy_from_user(void *to, uaddr_t from, size_t bytes);
;
; Takes:	EAX: to. EDX: from. ECX: bytes
; Returns:	EAX: 0 or -EFAULT; then a part may have been copied
; Changes:	EAX ECX EDX and the flags
; Stack:	esp -> caller's EDI, caller's ESI, address to return to
	align 16
copy_from_user:
	USER_COPY esi, machine_copy_from_vector

; int copy_to_user(uaddr_t to, const void *from, size_t bytes);
;
; Takes:	EAX: to. EDX: from. ECX: bytes
; Returns, changes, stack: as copy_from_user()
	align 16
copy_to_user:
	USER_COPY edi, machine_copy_to_vector

copy_fault:
	clac				; the access may still be open
	pop edi
	pop esi
	mov eax, -EFAULT
	ret
[section .smap]
	dd copy_fault, copy_fault
__SECT__

; int clear_user(uaddr_t to, size_t bytes);
;
; Takes:	EAX: to. EDX: bytes
; Returns, changes, stack: as copy_from_user()
	align 16
clear_user:
	push esi
	push edi
	mov edi, eax
	mov ecx, edx
	add eax, ecx
	jc copy_fault
	cmp eax, USER_HIGHEST
	ja clear_outside
	xor eax, eax
	mov edx, ecx
	shr ecx, 2
	and edx, 3
clear_in:
	stac
	rep stosd
	mov ecx, edx
	rep stosb
clear_out:
	clac
	USER_ACCESS clear_in, clear_out, copy_fault
	pop edi
	pop esi
	ret
clear_outside:
	mov eax, edi
	pop edi
	pop esi
	jmp machine_clear_vector	; EDX: bytes, as before

; bool fetch_user_word(uaddr_t at, uint32_t *value);
;
; Takes:	EAX: at, a multiple of four. EDX: value
; Returns:	EAX: true, or false and nothing has changed
; Changes:	EAX ECX and the flags
; Stack:	esp -> address to return to
	align 16
fetch_user_word:
	cmp eax, USER_HIGHEST - 4
	ja word_fault
.in:	stac
	mov ecx, [eax]
.out:	clac
	USER_ACCESS .in, .out, word_fault
	mov [edx], ecx
	mov eax, 1
	ret

; bool store_user_word(uaddr_t at, uint32_t value);
;
; Takes:	EAX: at, a multiple of four. EDX: value
; Returns:	EAX: true, or false and nothing has changed
; Changes:	EAX and the flags
; Stack:	esp -> address to return to
	align 16
store_user_word:
	cmp eax, USER_HIGHEST - 4
	ja word_fault
.in:	stac
	mov [eax], edx
.out:	clac
	USER_ACCESS .in, .out, word_fault
	mov eax, 1
	ret

word_fault:
	clac				; the access may still be open
	xor eax, eax
	ret
[section .smap]
	dd word_fault, word_fault
__SECT__

; ssize_t copy_string_from_user(char *to, uaddr_t from, size_t size);
;
; Takes:	EAX: to. EDX: from. ECX: size
; Returns:	EAX: length without the NUL, -EFAULT or -ENAMETOOLONG
; Changes:	EAX ECX EDX and the flags
; Stack:	esp -> caller's EDI, caller's ESI, from, address to return to
;
; Byte by byte: the end of the string is unknown before the last byte is read.
	align 16
copy_string_from_user:
	push edx			; the start of the string
	push esi
	push edi
	mov edi, eax
	mov esi, edx
	mov edx, USER_HIGHEST
	sub edx, esi			; bytes up to the end of user space
	jbe .fault
	cmp ecx, edx
	jbe .fits
	mov ecx, edx
	xor edx, edx			; the end of user space is a fault
.fits:
	test ecx, ecx
	jz .too_long
.in:
	stac
.next:
	lodsb
	stosb
	test al, al
	jz .out
	dec ecx
	jnz .next
.out:
	clac
	USER_ACCESS .in, .out, .fault
	test al, al
	jnz .too_long
	mov eax, esi
	sub eax, [esp + 8]
	dec eax				; length without the NUL
	jmp .return
.too_long:
	mov eax, -ENAMETOOLONG
	test edx, edx
	jnz .return
.fault:
	clac
[section .smap]
	dd .fault, .fault
__SECT__
	mov eax, -EFAULT
.return:
	pop edi
	pop esi
	add esp, 4
	ret

section .note.GNU-stack noalloc noexec nowrite progbits
