/*
 * ktest.h - tests that run inside the kernel.
 *
 * A file of this folder is linked into the test kernel (VARIANT=test) and
 * contains
 *
 *	KTEST(name_of_the_failure_it_hunts)
 *	{
 *		...
 *		KOK(condition);
 *	}
 *
 * Each test runs in a new kernel task of PRIORITY_NORMAL, and begins with [P]
 * held, as a system call does. The harness waits for the test, checks that all
 * its resources are free again, and prints one line of TAP. During the test
 * only tasks of the test run: there are no programs.
 *
 *	tools/run -t -k test=NAME	one test
 *	tools/run -t -k test=sched	all tests of sched.c
 *	tools/run -t -k test=trap_	all tests with this beginning
 *	tools/run -t -k test=all	all but the panics
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/task/task.h"

/* How many times the instructions of the test kernel a kernel may take. */
#ifdef CHECKED
#define TIMES_MOST	5		/* each load and store is checked */
#else
#define TIMES_MOST	1
#endif

struct ktest {
	const char *name;
	const char *file;
	void (*run)(void);
	bool panics;		/* ends the machine: run by full name only */
};

/* The linker gathers pointers to all of them: see boot/kernel.ld. */
#define KTEST_ENTRY(test, does_panic) \
	static void ktest_##test(void); \
	static const struct ktest ktest_of_##test = { \
		#test, __FILE__, ktest_##test, does_panic, \
	}; \
	static const struct ktest *const ktest_at_##test \
		__attribute__((section(".ktests"), used)) = &ktest_of_##test; \
	static void ktest_##test(void)

#define KTEST(test)		KTEST_ENTRY(test, false)
/* A test that must end in a panic: tests/shell/panic.sh boots a machine for the
   test and looks at the log. */
#define KTEST_PANIC(test)	KTEST_ENTRY(test, true)

/* The condition must hold; otherwise the failure is noted and the test goes on.
 * The value is the condition's, to return early. */
#define KOK(condition) \
	ktest_check(!!(condition), #condition, __FILE__, __LINE__)
#define KIS(got, wanted) \
	ktest_compare(got, wanted, #got, __FILE__, __LINE__)

bool ktest_check(bool holds, const char *what, const char *file, int line);
bool ktest_compare(int64_t got, int64_t wanted, const char *what,
		   const char *file, int line);

/* ---- Helpers ------------------------------------------------------------ */

/* Start a kernel task that runs entry(arg) with [P] held, as the test does, and
 * ends when entry returns. The test fails if no task can be made. */
struct task *ktest_start(void (*entry)(void *), void *arg, int priority);

/* Sleep for so long. */
void ktest_sleep_ms(uint32_t ms);

/* Use the processor for so long, with task switches allowed (depth 1 before
 * and after). */
void ktest_spin_ms(uint32_t ms);

/* Sleep until count is at least `wanted`, for 5 s at most. False: the time was
 * over. */
bool ktest_wait_count(const volatile uint32_t *count, uint32_t wanted);

static inline bool ktest_interrupts_are_on(void)
{
	uint32_t flags = arch_irq_save();

	arch_irq_restore(flags);
	return flags & 0x200;
}
