; boot.asm - from the boot loader to kmain(): the first pages, the first stack.
;
; A Multiboot 1 loader leaves the processor in protected mode with paging off,
; EAX = 0x2badb002 and EBX = physical address of the boot information. The
; kernel is linked at 3 GiB. So, until paging is on, this file writes each
; address minus KERNEL_BASE.
;
; The first page directory stays the kernel half of all address spaces: 768 MiB
; of physical memory at KERNEL_BASE in global pages of 2 MiB. Later,
; kernel_half_init() makes code read-only and data not executable.

KERNEL_BASE	equ 0xc0000000
DIRECT_PAGES	equ 384			; of 2 MiB: 768 MiB
PAGE_KERNEL	equ 0x183		; present, writable, 2 MiB, global
CR4_PSE_PAE_PGE	equ 0xb0
CR0_PG_WP	equ 0x80010000

MULTIBOOT_MAGIC	equ 0x1badb002
MULTIBOOT_FLAGS	equ 3			; modules on pages; memory map wanted

extern kmain, boot_receive
global boot_start, kernel_directory, kernel_pointers, boot_stack_top

section .multiboot align=4
	dd MULTIBOOT_MAGIC
	dd MULTIBOOT_FLAGS
	dd -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

section .text
; void boot_start(void);
;
; Takes:	EAX: magic number of the boot loader. EBX: boot information
; Returns:	never
; Changes:	all registers
; Stack:	none at first; then boot_stack_top, without a frame
boot_start:
	cli
	cld
	mov esp, boot_stack_top - KERNEL_BASE
	mov esi, eax			; CPUID spoils EAX and EBX
	mov edi, ebx

	; Without PSE, PAE or PGE, paging would end in a triple fault. The
	; compiler uses CMOV in any function.
	mov eax, 1
	cpuid
	and edx, 0xa048			; PSE 3, PAE 6, PGE 13, CMOV 15
	cmp edx, 0xa048
	jne .too_old

	; Fill the directory of the kernel half.
	mov ecx, DIRECT_PAGES
	mov edx, kernel_directory - KERNEL_BASE
	mov eax, PAGE_KERNEL
.fill:
	mov [edx], eax
	mov dword [edx + 4], 0
	add eax, 0x200000
	add edx, 8
	loop .fill

	; The same directory at 0 for the moment of the jump, and at 3 GiB.
	mov eax, kernel_directory - KERNEL_BASE
	or eax, 1
	mov [kernel_pointers - KERNEL_BASE], eax
	mov [kernel_pointers - KERNEL_BASE + 24], eax

	mov eax, cr4
	or eax, CR4_PSE_PAE_PGE
	mov cr4, eax
	mov eax, kernel_pointers - KERNEL_BASE
	mov cr3, eax
	mov eax, cr0
	or eax, CR0_PG_WP
	mov cr0, eax
	mov eax, .high
	jmp eax
.high:
	mov dword [kernel_pointers], 0	; unmap all below 3 GiB
	mov eax, cr3
	mov cr3, eax
	mov esp, boot_stack_top
	xor ebp, ebp			; back traces end here
	mov eax, esi
	mov edx, edi
	call boot_receive		; boot_receive(magic, information)
	call kmain
.stop:
	cli
	hlt
	jmp .stop

; No paging, no drivers: write the line straight to COM1 and the screen.
.too_old:
	mov esi, .too_old_text - KERNEL_BASE
	mov edi, 0xb8000
	mov ah, 0x0c			; red on black
.next:
	lodsb
	test al, al
	jz .stop
	stosw
	mov dx, 0x3f8
	out dx, al
	jmp .next
.too_old_text:
	db "parley: this processor lacks PSE, PAE, PGE or CMOV; "
	db "use a Pentium Pro or later", 10, 0

section .bss align=4096
kernel_directory:
	resb 4096
kernel_pointers:			; 32 bytes for CR3
	resb 32
	resb 8192
boot_stack_top:

section .note.GNU-stack noalloc noexec nowrite progbits
