/*
 * abuse_instructions.c - instructions forbidden to programs: the processor
 * refuses each instruction, and only the process that tried it dies.
 */
#include <sys/mman.h>

#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define REFUSED(name, signal, text)		\
	CASE_DIES(name, signal)			\
	{					\
		__asm__ volatile(text);		\
	}

static char nothing[64] __attribute__((aligned(64), used));

/* ---- Privileged ---------------------------------------------------------- */

REFUSED(hlt, SIGSEGV, "hlt")
REFUSED(cli, SIGSEGV, "cli")
REFUSED(sti, SIGSEGV, "sti")
REFUSED(clts, SIGSEGV, "clts")
REFUSED(lgdt, SIGSEGV, "lgdt nothing")
REFUSED(lidt, SIGSEGV, "lidt nothing")
REFUSED(lldt, SIGSEGV, "xor %eax, %eax; lldt %ax")
REFUSED(ltr, SIGSEGV, "mov $0x28, %eax; ltr %ax")
REFUSED(lmsw, SIGSEGV, "xor %eax, %eax; lmsw %ax")
REFUSED(invlpg, SIGSEGV, "invlpg nothing")
REFUSED(invd, SIGSEGV, "invd")
REFUSED(wbinvd, SIGSEGV, "wbinvd")
REFUSED(rdmsr, SIGSEGV, "mov $0x174, %ecx; rdmsr")
REFUSED(wrmsr, SIGSEGV, "mov $0x176, %ecx; wrmsr")
REFUSED(read_cr0, SIGSEGV, "mov %cr0, %eax")
REFUSED(write_cr0, SIGSEGV, "mov %eax, %cr0")
REFUSED(read_cr2, SIGSEGV, "mov %cr2, %eax")
REFUSED(read_cr3, SIGSEGV, "mov %cr3, %eax")
REFUSED(write_cr3, SIGSEGV, "mov %eax, %cr3")
REFUSED(write_cr4, SIGSEGV, "mov %eax, %cr4")
REFUSED(read_dr7, SIGSEGV, "mov %dr7, %eax")
REFUSED(write_dr7, SIGSEGV, "mov %eax, %dr7")
REFUSED(sysexit, SIGSEGV, "sysexit")
REFUSED(port_in_byte, SIGSEGV, "inb $0x60, %al")
REFUSED(port_out_byte, SIGSEGV, "outb %al, $0xf4")
REFUSED(port_in_dx, SIGSEGV, "mov $0x3f8, %edx; inl %dx, %eax")
REFUSED(port_out_dx, SIGSEGV, "mov $0x604, %edx; outw %ax, %dx")
REFUSED(port_out_string, SIGSEGV,
	"mov $0x3f8, %edx; mov $nothing, %esi; outsb")
REFUSED(port_highest, SIGSEGV, "mov $0xffff, %edx; inb %dx, %al")
REFUSED(stac, SIGILL, ".byte 0x0f, 0x01, 0xcb")
REFUSED(clac, SIGILL, ".byte 0x0f, 0x01, 0xca")
REFUSED(rsm, SIGILL, ".byte 0x0f, 0xaa")

static int has_umip(void)
{
	unsigned a = 7, b, c = 0, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return c >> 2 & 1;
}

#define SHOWS(name, text)					\
	CASE(name)						\
	{							\
		pid_t child = fork_or_fail();			\
								\
		if (child == 0) {				\
			__asm__ volatile(text ::: "eax", "memory"); \
			_exit(0);				\
		}						\
		expect(result_of(child) == (has_umip() ? -SIGSEGV : 0)); \
	}

SHOWS(sgdt_is_hidden_where_it_can_be, "sgdt nothing")
SHOWS(sidt_is_hidden_where_it_can_be, "sidt nothing")
SHOWS(sldt_is_hidden_where_it_can_be, "sldt %%eax")
SHOWS(str_is_hidden_where_it_can_be, "str %%eax")
SHOWS(smsw_is_hidden_where_it_can_be, "smsw %%eax")

/* ---- Exceptions on purpose ----------------------------------------------- */

REFUSED(int3, SIGTRAP, "int3")
REFUSED(into, SIGSEGV, "mov $0x7fffffff, %eax; inc %eax; into")
REFUSED(bound, SIGSEGV, "mov $99, %eax; bound %eax, nothing")
REFUSED(ud2, SIGILL, "ud2")
REFUSED(lock_nop, SIGILL, ".byte 0xf0, 0x90")
REFUSED(instruction_of_16_bytes, SIGSEGV, ".fill 15, 1, 0x66; nop")
REFUSED(divide_by_zero, SIGFPE, "xor %ecx, %ecx; div %ecx")
REFUSED(divide_overflow, SIGFPE,
	"mov $0x80000000, %eax; cltd; mov $-1, %ecx; idiv %ecx")

/* A page with these bytes as code. */
static void *code_page(const unsigned char *code, size_t bytes)
{
	unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(page != MAP_FAILED);
	memcpy(page, code, bytes);
	require(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0);
	return page;
}

/* Run these bytes in a child; the result of the child. */
static int run_code(const unsigned char *code, size_t bytes)
{
	pid_t child = fork_or_fail();
	void (*function)(void);

	if (child == 0) {
		function = (void (*)(void))(uintptr_t)code_page(code, bytes);
		function();
		_exit(0);
	}
	return result_of(child);
}

CASE(icebp_is_a_trap_or_no_instruction)
{
	static const unsigned char code[] = { 0xf1, 0xc3 };
	int result = run_code(code, sizeof(code));

	expect(result == -SIGTRAP || result == -SIGILL);
}

CASE(every_int_but_the_gates_for_users_is_refused)
{
	unsigned char code[] = { 0xb8, 4, 0, 0, 0, 0xcd, 0, 0xc3 };

	for (int vector = 0; vector < 256; vector++) {
		int wanted = -SIGSEGV, result;

		if (vector == 3)
			wanted = -SIGTRAP;
		if (vector == 0x80)
			wanted = 0;
		code[6] = vector;	/* mov $RAW_getpid, %eax; int; ret */
		result = run_code(code, sizeof(code));
		if (result != wanted)
			printf("# int 0x%x: %d\n", vector, result);
		expect(result == wanted);
	}
}

/* ---- Selectors ----------------------------------------------------------- */

/* The result of loading this selector into the segment register. A process that
 * survives the load makes a call afterwards. */
static int load_selector(unsigned char modrm, unsigned selector)
{
	unsigned char code[] = {
		0x66, 0xb8, selector, selector >> 8,	/* mov sel, %ax */
		0x8e, modrm,				/* mov %ax, %seg */
		0xb8, RAW_getpid, 0, 0, 0, 0xcd, 0x80,
		0xc3,
	};

	return run_code(code, sizeof(code));
}

#define ES 0xc0
#define SS 0xd0
#define DS 0xd8
#define FS 0xe0
#define GS 0xe8

CASE(kernel_selectors_are_refused)
{
	static const unsigned char segments[] = { ES, SS, DS, FS, GS };

	for (int i = 0; i < 5; i++) {
		expect(load_selector(segments[i], 0x08) == -SIGSEGV);
		expect(load_selector(segments[i], 0x10) == -SIGSEGV);
		expect(load_selector(segments[i], 0x13) == -SIGSEGV);
		expect(load_selector(segments[i], 0x28) == -SIGSEGV);
		expect(load_selector(segments[i], 0x2b) == -SIGSEGV);
		expect(load_selector(segments[i], 0x30) == -SIGSEGV);
	}
}

CASE(there_is_no_local_table)
{
	static const unsigned char segments[] = { ES, SS, DS, FS, GS };

	for (int i = 0; i < 5; i++)
		for (int selector = 4; selector < 0x40; selector += 8) {
			expect(load_selector(segments[i], selector) ==
			       -SIGSEGV);
			expect(load_selector(segments[i], selector | 3) ==
			       -SIGSEGV);
		}
}

CASE(no_selector_harms_the_kernel)
{
	static const unsigned selectors[] = {
		0, 1, 2, 3, 0x18, 0x19, 0x1b, 0x20, 0x21, 0x23, 0x33, 0x38,
		0x3b, 0x40, 0x43, 0x48, 0x4b, 0x50, 0x53, 0xfff8, 0xfffb,
		0xffff, 0x7ffb, 0x100, 0x1003,
	};
	static const unsigned char segments[] = { ES, SS, DS, FS, GS };

	for (size_t i = 0; i < sizeof(selectors) / sizeof(*selectors); i++)
		for (int j = 0; j < 5; j++) {
			int result = load_selector(segments[j], selectors[i]);

			expect(result == 0 || result == -SIGSEGV ||
			       result == -SIGBUS);
		}
}

CASE(null_data_segments_do_not_disturb_a_call)
{
	static const unsigned char code[] = {
		0x31, 0xc0,			/* xor %eax, %eax */
		0x8e, 0xd8, 0x8e, 0xc0,		/* null DS, ES */
		0x8e, 0xe0,			/* and FS */
		0xb8, RAW_getpid, 0, 0, 0,
		0x89, 0xe1,			/* mov %esp, %ecx */
		0xcd, 0x80,			/* int $0x80 */
		0x89, 0xe1,
		0xe8, 0, 0, 0, 0,		/* call the next instruction: */
		0x5a,				/* pop %edx */
		0x83, 0xc2, 0x0b,		/* add $11, %edx */
		0xb8, RAW_getpid, 0, 0, 0,
		0x0f, 0x34,			/* sysenter */
		0xc3,
	};

	expect(run_code(code, sizeof(code)) == 0);
}

/* ---- Far jumps ----------------------------------------------------------- */

REFUSED(jump_to_kernel_code, SIGSEGV, "ljmp $0x08, $0")
REFUSED(call_of_kernel_code, SIGSEGV, "lcall $0x08, $0xc0100000")
REFUSED(return_to_kernel_code, SIGSEGV,
	"pushl $0x08; pushl $0xc0100000; lret")
REFUSED(iret_to_kernel_code, SIGSEGV,
	"pushfl; pushl $0x08; pushl $0xc0100000; iretl")
REFUSED(call_of_the_task_segment, SIGSEGV, "lcall $0x28, $0")
REFUSED(jump_to_the_task_segment, SIGSEGV, "ljmp $0x2b, $0")
REFUSED(call_of_the_double_fault_task, SIGSEGV, "lcall $0x30, $0")
REFUSED(jump_to_the_double_fault_task, SIGSEGV, "ljmp $0x33, $0")
REFUSED(jump_through_a_local_table, SIGSEGV, "ljmp $0x0f, $0")
REFUSED(jump_through_null, SIGSEGV, "ljmp $0, $0")
REFUSED(jump_to_a_data_segment, SIGSEGV, "ljmp $0x23, $0")

/* ---- The kernel's addresses ---------------------------------------------- */

static int touch(uintptr_t address, int how)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		if (how == 0)
			(void)*(volatile char *)address;
		else if (how == 1)
			*(volatile char *)address = 0;
		else
			((void (*)(void))address)();
		_exit(0);
	}
	return result_of(child);
}

CASE(kernel_memory_cannot_be_touched)
{
	static const uintptr_t addresses[] = {
		0xc0000000, 0xc0000ffc, 0xc0100000, 0xc0101000, 0xc0200000,
		0xc7fff000, 0xd0000000, 0xe0000000, 0xf0000000, 0xfec00000,
		0xfee00000, 0xffc00000, 0xfffff000, 0xffffffff,
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		for (int how = 0; how < 3; how++)
			expect(touch(addresses[i], how) == -SIGSEGV);
}

CASE(low_addresses_cannot_be_touched)
{
	for (int how = 0; how < 3; how++) {
		expect(touch(0, how) == -SIGSEGV);
		expect(touch(8, how) == -SIGSEGV);
		expect(touch(0xfff, how) == -SIGSEGV);
		expect(touch(0xffff, how) == -SIGSEGV);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
