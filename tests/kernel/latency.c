/*
 * latency.c - the longest stretch in which the kernel cannot switch tasks.
 *
 * A stretch begins where a program enters the kernel, and ends at the return to
 * the program, at a switch, or at a sched_point(). latency=N on the kernel's
 * command line prints the longest stretch of each system call that is longer
 * than N, and the longest of all, when the machine ends:
 *
 *	latency: write 21034
 *
 * The unit is cycles: under ICOUNT=0 these are instructions, and the figures
 * are the same in each run. The work of interrupts counts for the stretch in
 * which the interrupts come.
 *
 * The linker of the test kernel puts the __wrap_ functions in front of the real
 * functions, so the other kernels pay nothing.
 */
#include "arch/arch.h"
#include "arch/i686/processor.h"
#include "kernel/command_line.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/task/task.h"
#include "tests/kernel/latency.h"


/* Beside the system calls. */
enum { ENTRY_EXCEPTION = SYSCALLS_MOST, ENTRY_RETURN, ENTRY_NEW_TASK, ENTRIES };

static uint64_t longest[ENTRIES];	/* [P] cycles */
static uint64_t since;			/* [P] the running stretch; 0: none
					   since the boot */
static unsigned entry = ENTRY_NEW_TASK;	/* [P] ... and its name */

static const char *const names[ENTRIES] = {
#define SYSCALL(number, name, result, arguments, waits, manual) \
	[number] = #name,
#define SYSCALL_RAW SYSCALL
#include "kernel/abi/syscalls.def"
	[ENTRY_EXCEPTION] = "(exception)",
	[ENTRY_RETURN] = "(return)",
	[ENTRY_NEW_TASK] = "(new task)",
};

/* ---- Stretches ---------------------------------------------------------- */

void latency_begin(unsigned number)
{
	entry = number;
	since = arch_cycles();
}

void latency_end(void)
{
	uint64_t now = arch_cycles();

	if (since != 0 && task_current() != arch_cpu()->idle)
		longest[entry] = MAX(longest[entry], now - since);
	since = now;
}

void __real_sched_point(void);
void __wrap_sched_point(void);

void __wrap_sched_point(void)
{
	latency_end();
	test_give_way();
	__real_sched_point();
	since = arch_cycles();
}

void __real_switch_to_task(struct task *next);
void __wrap_switch_to_task(struct task *next);

void __wrap_switch_to_task(struct task *next)
{
	unsigned own = entry;

	latency_end();
	entry = ENTRY_NEW_TASK;
	__real_switch_to_task(next);
	latency_begin(own);
}

void __real_trap_handle(struct registers *regs);
void __wrap_trap_handle(struct registers *regs);

/* int 0x80 comes this way as well: any_call() gives the stretch its name. */
void __wrap_trap_handle(struct registers *regs)
{
	bool is_entry = regs->cs & 3;

	if (is_entry)
		latency_begin(ENTRY_EXCEPTION);
	__real_trap_handle(regs);
	if (is_entry)
		latency_end();
}

void __real_machine_return_to_user(struct registers *regs);
void __wrap_machine_return_to_user(struct registers *regs);

void __wrap_machine_return_to_user(struct registers *regs)
{
	latency_begin(ENTRY_RETURN);
	__real_machine_return_to_user(regs);
	latency_end();
}

/* ---- The report --------------------------------------------------------- */

static void report(unsigned number)
{
	printk("latency: %s %llu\n", names[number] ? names[number] : "(other)",
	       longest[number]);
}

void __real_arch_poweroff(uint32_t status) NORETURN;
void __wrap_arch_poweroff(uint32_t status) NORETURN;

void __wrap_arch_poweroff(uint32_t status)
{
	char most[12] = "";
	unsigned number, worst = 0;

	command_line_get("latency=", most, sizeof(most));
	for (number = 0; most[0] && number < ENTRIES; number++) {
		if (longest[number] > longest[worst])
			worst = number;
		if (longest[number] > parse_number(most))
			report(number);
	}
	if (most[0])
		printk("latency: the longest stretch: %s %llu\n", names[worst],
		       longest[worst]);
	__real_arch_poweroff(status);
}
