/*
 * processor.h - selectors, flags and the saved registers of an i686.
 */
#pragma once

#include "kernel/lib/types.h"

/* SYSENTER fixes the order: kernel code, kernel data, user code, user data. */
#define KERNEL_CS	0x08
#define KERNEL_SS	0x10
#define USER_CS		0x1b
#define USER_DS		0x23	/* flat: the kernel's DS and ES as well */
#define TASK_SELECTOR	0x28
#define DOUBLE_FAULT_SELECTOR 0x30
#define THREAD_GS	0x3b	/* base: the running task's thread pointer */

#define EFLAGS_ALWAYS	0x00000002
#define EFLAGS_TF	0x00000100
#define EFLAGS_IF	0x00000200
#define EFLAGS_DF	0x00000400
/* What a program may choose: CF PF AF ZF SF TF DF OF AC ID. */
#define EFLAGS_USER	0x00240dd5

#define VECTOR_DEBUG		1
#define VECTOR_NMI		2
#define VECTOR_BREAKPOINT	3
#define VECTOR_INVALID		6
#define VECTOR_NO_FPU		7
#define VECTOR_DOUBLE_FAULT	8
#define VECTOR_PROTECTION	13
#define VECTOR_PAGE_FAULT	14
#define EXCEPTIONS		32
#define VECTOR_IRQ		0x20	/* sixteen lines of the 8259s, */
#define VECTOR_APIC_TIMER	0x30	/* then the local APIC's */
#define VECTOR_SPURIOUS		0x3f
#define VECTOR_SYSCALL		0x80

/*
 * [own] The full frame that entry.asm pushes. From kernel mode the processor
 * does not push esp and ss: do not read them then.
 */
struct registers {
	uint32_t edi, esi, ebp, unused_esp, ebx, edx, ecx, eax;
	uint32_t vector, error_code;
	uint32_t eip, cs, eflags;
	uint32_t esp, ss;
};

/* [own] The words that the short entry of a system call saves on top of the
 * task's stack. */
struct saved_call {
	uint32_t ebp;			/* of no use to SYSEXIT */
	uint32_t number;
	uint32_t eip, esp;		/* where SYSEXIT goes */
};

static inline struct saved_call *saved_call(uint32_t stack_top)
{
	return (struct saved_call *)stack_top - 1;
}

static inline bool registers_are_user(const struct registers *regs)
{
	return (regs->cs & 3) == 3;
}

/* [P] esp0 changes at each switch, the rest never */
struct task_segment {
	uint32_t back_link;
	uint32_t esp0, ss0, esp1, ss1, esp2, ss2;
	uint32_t cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, io_map;
};

/*
 * [P] SYSENTER loads ESP with the address of esp0, from which the entry fetches
 * the real stack. A #DB (the user set TF) arrives before this fetch, and needs
 * a few words of room below.
 */
struct sysenter_area {
	uint32_t debug_stack[64];
	struct task_segment segment;
};

extern struct sysenter_area task_area;

/* From the linker script. */
extern char kernel_start[], kernel_text_end[], kernel_constants_end[];
extern char kernel_end[];

/* A panic follows, and its back trace begins at this eip and ebp. eip 0: the
 * trace begins at the caller of the panic. */
void backtrace_start_at(uint32_t eip, uint32_t ebp);

void descriptors_init(void);		/* GDT, TSS, LDT */
void interrupts_init(void);		/* IDT, SYSENTER */
void trap_handle(struct registers *regs);
