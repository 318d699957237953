/*
 * panic.c - tests with a panic at the end: see tests/shell/panic.sh.
 *
 * Each test is a separate boot, and the host checks the output of the machine.
 */
#include "tests/kernel/ktest.h"

#include "kernel/lib/printk.h"

KTEST_PANIC(panic_assertion)
{
	volatile int one = 1;

	ASSERT(one == 2);
}

/* The panic must not wait for an interrupt. */
KTEST_PANIC(panic_interrupts_off)
{
	arch_irq_save();
	panic("said with interrupts off");
}

/* Each call keeps a part of the stack, whatever the compiler makes of it. */
static uint32_t __attribute__((noinline)) sink(uint32_t depth)
{
	volatile uint32_t kept = depth;

	if (depth > 0)
		kept += sink(depth - 1);
	return kept;
}

KTEST_PANIC(panic_stack_overflow)
{
	KIS(sink(KERNEL_STACK_BYTES), 0);
}

KTEST_PANIC(panic_null_pointer)
{
	volatile uint32_t *volatile nowhere = NULL;

	KIS(*nowhere, 0);
}

KTEST_PANIC(panic_write_to_code)
{
	volatile uint8_t *volatile code = (uint8_t *)(uintptr_t)sink;

	*code = 0xc3;
}

KTEST_PANIC(panic_run_data)
{
	static volatile uint8_t code[] = { 0xc3 };

	((void (*)(void))(uintptr_t)code)();
	panic("data was executed");
}

KTEST_PANIC(panic_divide_by_zero)
{
	volatile uint32_t zero = 0;

	__asm__ volatile("divl %0" :: "r"(zero), "a"(1), "d"(0));
}

/* In the middle of a line: the unfinished line must not delay the panic. */
static void panic_in_sink(const char *bytes, size_t length)
{
	(void)bytes;
	(void)length;
	printk_set_sink(arch_log_write);
	panic("said while a line was printed");
}

KTEST_PANIC(panic_inside_printk)
{
	printk_set_sink(panic_in_sink);
	printk("this line is lost\n");
}

static void wait_for_ever(void *unused)
{
	(void)unused;
	nano_sleep_until(FOREVER);
}

/* The list of tasks names the waiting tasks and their events. */
KTEST_PANIC(panic_with_sleepers)
{
	ktest_start(wait_for_ever, NULL, PRIORITY_NORMAL + 1);
	ktest_sleep_ms(1);
	panic("somebody sleeps");
}
