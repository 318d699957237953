/*
 * hang.c - report in the kernel's log why a run does not end.
 *
 * The report is the text of /proc/why about the programs. The kernel writes the
 * report, because a program may not be able to start: memory may be full, or
 * the table of processes. There are two occasions:
 *
 * - The Scroll Lock key was pressed. tools/run lets QEMU press the key when the
 *   time of a run is over. The key works as long as interrupts do, also while a
 *   program runs in a loop.
 *
 * - With hang=end on the command line, when no program can go on any more. The
 *   kernel knows this: no task is ready, since the idle task runs; no timer is
 *   started, so no deadline will come; and no task waits for the terminal,
 *   the disk or the host, the only sources of events from outside. When all
 *   three have held for a quiet second, the machine ends with HANG_STATUS.
 *
 * A task that waits for a child, a signal, a lock or a mailbox is no reason to
 * go on: only a program could end such a wait, and no program runs. A task that
 * sleeps, or waits with a deadline, has started a timer.
 */
#include "kernel/sys/hang.h"

#include "arch/arch.h"
#include "kernel/abi/system.h"
#include "kernel/fs/proc.h"
#include "kernel/lib/printk.h"
#include "kernel/machine.h"
#include "kernel/task/process.h"
#include "kernel/task/sched.h"
#include "kernel/task/trace.h"

#define HANG_STATUS	123
#define QUIET_NS	NSEC_PER_SEC

static struct timer quiet;		/* [P] runs for a quiet second */
static uint32_t quiet_switches;		/* [P] cpu.switches at the start */

/* The tools show the text between the two lines that begin with `report`, and
 * draw the trace up to here. */
static void report(void)
{
	printk("report: begin\n");
	proc_log(proc_why_programs);
	trace_spill();
	printk("report: end\n");
}

void machine_report_wanted(void)
{
	cpu_pend(PENDING_REPORT);
}

/* Does a task wait for an event from outside? */
static bool waits_for_outside(void)
{
	const struct task *task;

	LIST_FOR_EACH(task, &task_list, all)
		if (task_is_waiting(task) && proc_outsiders(task) &
		    (OUTSIDER(KEYBOARD) | OUTSIDER(HOST) | OUTSIDER(DISK)))
			return true;
	return false;
}

static bool is_any_timer_started(void)
{
	return timer_next_ns() != FOREVER;
}

static void second_is_over(struct timer *timer)
{
	(void)timer;
	if (arch_cpu()->switches != quiet_switches || is_any_timer_started() ||
	    waits_for_outside())
		return;
	report();
	system_end(POWER_OFF, HANG_STATUS);
}

/* The idle task calls this before a halt. While any timer runs, the second does
 * not begin. */
static void begin_second(void)
{
	if (is_any_timer_started())
		return;
	quiet_switches = arch_cpu()->switches;
	timer_start(&quiet, arch_now_ns() + QUIET_NS);
}

void hang_init(bool must_end)
{
	cpu_set_deferred(PENDING_REPORT, report);
	timer_init(&quiet, second_is_over);
	if (must_end)
		sched_tell_idle = begin_second;
}
