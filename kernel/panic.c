/*
 * panic.c - print the state of the kernel, once, and stop.
 *
 * Interrupts are masked first, and nothing here allocates or waits, so panic()
 * works from any context. A panic inside the panic stops at once.
 */
#include "arch/arch.h"
#include "kernel/lib/printk.h"
#include "kernel/obj/object.h"
#include "kernel/task/process.h"
#include "kernel/task/trace.h"

#define DEBUG_EXIT_PANIC	62	/* QEMU's status is then 125 */
#define TASKS_SHOWN		50

static void print_task(const struct task *task)
{
	const struct wait *wait = &task->wait;
	char object[OBJECT_NAME_BYTES] = "";

	if (wait->queue && wait->request->object)
		object_describe(wait->request->object, object, sizeof(object));
	printk("  %4d %-15s %-10s %s%s%s%s\n", task->id, task->name,
	       task_state_name[task->state],
	       wait->queue ? "waits for " : "",
	       wait->queue ? wait_event_name[wait->request->event] : "",
	       *object ? " in " : "", object);
}

static void print_tasks(void)
{
	const struct task *task;
	unsigned shown = 0;

	printk("tasks:\n");
	LIST_FOR_EACH(task, &task_list, all) {
		if (shown++ == TASKS_SHOWN) {
			printk("  ... and %u more\n", task_count - TASKS_SHOWN);
			return;
		}
		print_task(task);
	}
}

void panic(const char *format, ...)
{
	static bool is_panicking;
	va_list args;
	char reason[160];

	arch_irq_save();
	if (is_panicking)
		arch_poweroff(DEBUG_EXIT_PANIC);
	is_panicking = true;
	printk_break_in();
	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	printk("PANIC: %s\n", reason);
	if (task_current())
		printk("in task %d (%s), switches postponed %u deep, pending "
		       "0x%x\n", task_current()->id, task_current()->name,
		       arch_cpu()->postpone_depth, arch_cpu()->pending);
	arch_print_registers();
	arch_print_backtrace(NULL);
	print_tasks();
	trace_spill();
	arch_poweroff(DEBUG_EXIT_PANIC);
}

void assert_failed(const char *condition, const char *file, int line)
{
	panic("assertion failed: %s, %s:%d", condition, file, line);
}
