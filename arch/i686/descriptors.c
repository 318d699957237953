/*
 * descriptors.c - GDT, task segments, IDT and the SYSENTER registers.
 *
 * All segments are flat; protection is the page tables' work. Three details
 * keep ring 3 out:
 * - the LDT register is loaded with nothing, or a selector like 0x0f would
 *   fetch a descriptor from wherever the register pointed at power-on;
 * - the task segment's I/O map offset lies behind its limit, so that no port is
 *   open to programs;
 * - programs may call only the breakpoint, overflow and system call gates.
 *
 * The double fault is a task gate with its own stack and page tables, and so
 * can report the overflow of a kernel stack. Processors without task gates
 * (some emulators) never take the gate.
 */
#include "arch/arch.h"
#include "arch/i686/cpu.h"
#include "arch/i686/io.h"
#include "arch/i686/paging.h"
#include "arch/i686/processor.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/assert.h"

#define GATE_INTERRUPT		0x8e00
#define GATE_INTERRUPT_USER	0xee00
#define GATE_TASK		0x8500

/* [own] */
struct descriptor_pointer {
	uint16_t limit;
	uint32_t base;
} __attribute__((packed));

/* entry.asm: one stub per vector, then the two entries of system calls. */
extern const uint32_t interrupt_stubs[VECTOR_SPURIOUS + 1];
extern char int80_entry[], sysenter_entry[], sysenter_traced_entry[];
extern char boot_stack_top[];
void double_fault_entry(void) NORETURN;

struct sysenter_area task_area __attribute__((aligned(PAGE_SIZE)));
static struct task_segment double_fault_segment;
static uint8_t double_fault_stack[4096] __attribute__((aligned(16)));

static uint64_t gdt[8];
static uint64_t idt[256];

static uint64_t segment(uint32_t base, uint32_t limit, uint32_t access,
			uint32_t flags)
{
	uint32_t low = (limit & 0xffff) | base << 16;
	uint32_t high = (base >> 16 & 0xff) | access << 8 |
			(limit & 0xf0000) | flags << 20 | (base & 0xff000000);

	return (uint64_t)high << 32 | low;
}

static void set_gate(unsigned vector, uint32_t target, uint32_t type,
		     uint16_t selector)
{
	idt[vector] = (target & 0xffff) | (uint64_t)selector << 16 |
		      (uint64_t)(type | (target & 0xffff0000)) << 32;
}

static uint64_t task_descriptor(struct task_segment *task)
{
	task->io_map = sizeof(*task);
	return segment((uintptr_t)task, sizeof(*task) - 1, 0x89, 0);
}

static void double_fault_init(void)
{
	struct task_segment *task = &double_fault_segment;

	task->cr3 = virt_to_phys(kernel_pointers);
	task->eip = (uintptr_t)double_fault_entry;
	task->eflags = EFLAGS_ALWAYS;
	task->esp = (uintptr_t)double_fault_stack + sizeof(double_fault_stack);
	task->cs = KERNEL_CS;
	task->ss = KERNEL_SS;
	task->ds = task->es = USER_DS;
	gdt[DOUBLE_FAULT_SELECTOR / 8] = task_descriptor(task);
	set_gate(VECTOR_DOUBLE_FAULT, 0, GATE_TASK, DOUBLE_FAULT_SELECTOR);
}

void arch_set_thread_pointer(uaddr_t address)
{
	gdt[THREAD_GS / 8] = segment(address, 0xfffff, 0xf3, 0xc);
	__asm__ volatile("mov %0, %%gs" :: "r"(THREAD_GS) : "memory");
}

void descriptors_init(void)
{
	struct descriptor_pointer pointer = { sizeof(gdt) - 1, (uintptr_t)gdt };

	gdt[KERNEL_CS / 8] = segment(0, 0xfffff, 0x9b, 0xc);
	gdt[KERNEL_SS / 8] = segment(0, 0xfffff, 0x93, 0xc);
	gdt[USER_CS / 8] = segment(0, 0xfffff, 0xfb, 0xc);
	gdt[USER_DS / 8] = segment(0, 0xfffff, 0xf3, 0xc);
	gdt[THREAD_GS / 8] = segment(0, 0xfffff, 0xf3, 0xc);
	gdt[TASK_SELECTOR / 8] = task_descriptor(&task_area.segment);
	task_area.segment.ss0 = KERNEL_SS;
	task_area.segment.esp0 = (uintptr_t)boot_stack_top;
	double_fault_init();

	__asm__ volatile(
		"lgdt %0\n\t"
		"ljmp %1, $1f\n"
		"1:\tmov %2, %%ss\n\t"
		"mov %3, %%ds\n\t"
		"mov %3, %%es\n\t"
		"mov %4, %%fs\n\t"
		"mov %5, %%gs\n\t"
		"lldt %w4\n\t"
		"ltr %w6"
		:: "m"(pointer), "i"(KERNEL_CS), "r"(KERNEL_SS), "r"(USER_DS),
		   "r"(0), "r"(THREAD_GS), "r"(TASK_SELECTOR) : "memory");
}

void interrupts_init(void)
{
	struct descriptor_pointer pointer = { sizeof(idt) - 1, (uintptr_t)idt };
	unsigned vector;

	for (vector = 0; vector <= VECTOR_SPURIOUS; vector++)
		if (vector != VECTOR_DOUBLE_FAULT)
			set_gate(vector, interrupt_stubs[vector],
				 GATE_INTERRUPT, KERNEL_CS);
	set_gate(VECTOR_BREAKPOINT, interrupt_stubs[VECTOR_BREAKPOINT],
		 GATE_INTERRUPT_USER, KERNEL_CS);
	set_gate(4, interrupt_stubs[4], GATE_INTERRUPT_USER, KERNEL_CS);
	set_gate(VECTOR_SYSCALL, (uintptr_t)int80_entry, GATE_INTERRUPT_USER,
		 KERNEL_CS);
	__asm__ volatile("lidt %0" :: "m"(pointer));

	if (!cpu_features.sysenter)
		return;
	wrmsr(MSR_SYSENTER_CS, KERNEL_CS);
	wrmsr(MSR_SYSENTER_ESP, (uintptr_t)&task_area.segment.esp0);
	wrmsr(MSR_SYSENTER_EIP, (uintptr_t)sysenter_entry);
}

void arch_trace_calls(bool on)
{
	if (cpu_features.sysenter)
		wrmsr(MSR_SYSENTER_EIP, (uintptr_t)(on ? sysenter_traced_entry
						       : sysenter_entry));
}

/* The double fault task begins here, on its own stack, in its own tables. */
void double_fault_entry(void)
{
	const struct task_segment *task = &task_area.segment;
	uint32_t address;

	__asm__ volatile("mov %%cr2, %0" : "=r"(address));
	backtrace_start_at(task->eip, task->ebp);
	if (paging_is_stack_guard(address))
		panic("kernel stack overflow at eip %08x, esp %08x",
		      task->eip, task->esp);
	panic("double fault at eip %08x, esp %08x, cr2 %08x",
	      task->eip, task->esp, address);
}
