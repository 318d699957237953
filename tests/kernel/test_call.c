/*
 * test_call.c - the test-only system call, and the places where it interferes.
 *
 * The released kernel pays nothing: the linker of the test kernel puts the
 * __wrap_ functions below in front of the user copies and of the table of
 * system calls (see LINK_FLAGS_test in the Makefile).
 */
#include "tests/kernel/test_call.h"

#include "arch/arch.h"
#include "arch/i686/processor.h"
#include "kernel/abi/errno.h"
#include "kernel/command_line.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"
#include "tests/kernel/counters.h"
#include "tests/kernel/latency.h"

/* ---- Failing user copies ------------------------------------------------ */

static const struct process *copy_victim;
static uint32_t copy_countdown;		/* 0: no copy is to fail */

static bool copy_should_fail(void)
{
	return copy_countdown > 0 &&
	       process_current() == copy_victim && --copy_countdown == 0;
}

int __real_copy_from_user(void *to, uaddr_t from, size_t bytes);
int __real_copy_to_user(uaddr_t to, const void *from, size_t bytes);
int __real_clear_user(uaddr_t to, size_t bytes);
ssize_t __real_copy_string_from_user(char *to, uaddr_t from, size_t size);
bool __real_fetch_user_word(uaddr_t at, uint32_t *value);
bool __real_store_user_word(uaddr_t at, uint32_t value);
int __wrap_copy_from_user(void *to, uaddr_t from, size_t bytes);
int __wrap_copy_to_user(uaddr_t to, const void *from, size_t bytes);
int __wrap_clear_user(uaddr_t to, size_t bytes);
ssize_t __wrap_copy_string_from_user(char *to, uaddr_t from, size_t size);
bool __wrap_fetch_user_word(uaddr_t at, uint32_t *value);
bool __wrap_store_user_word(uaddr_t at, uint32_t value);

int __wrap_copy_from_user(void *to, uaddr_t from, size_t bytes)
{
	return copy_should_fail() ? -EFAULT
				  : __real_copy_from_user(to, from, bytes);
}

int __wrap_copy_to_user(uaddr_t to, const void *from, size_t bytes)
{
	return copy_should_fail() ? -EFAULT
				  : __real_copy_to_user(to, from, bytes);
}

int __wrap_clear_user(uaddr_t to, size_t bytes)
{
	return copy_should_fail() ? -EFAULT : __real_clear_user(to, bytes);
}

ssize_t __wrap_copy_string_from_user(char *to, uaddr_t from, size_t size)
{
	return copy_should_fail() ? -EFAULT
		: __real_copy_string_from_user(to, from, size);
}

bool __wrap_fetch_user_word(uaddr_t at, uint32_t *value)
{
	return !copy_should_fail() && __real_fetch_user_word(at, value);
}

bool __wrap_store_user_word(uaddr_t at, uint32_t value)
{
	return !copy_should_fail() && __real_store_user_word(at, value);
}

/* ---- Failing allocations ------------------------------------------------ */

/*
 * Only allocations of the victim's system calls fail: a page fault without
 * memory is the victim's death, and proves little. So the countdown lies in one
 * of two places. If the victim waits in its call and a second process makes a
 * call, the countdown is not in force until the victim's next call.
 */
static const struct process *alloc_victim;
static uint32_t alloc_countdown;	/* while it is not in force */

static void suspend_countdown(void)
{
	alloc_countdown += alloc_fail_countdown;
	alloc_fail_countdown = 0;
}

static void begin_call(void)
{
	suspend_countdown();
	if (process_current() != alloc_victim)
		return;
	alloc_fail_countdown = alloc_countdown;
	alloc_countdown = 0;
}

/* The end of an execve(2) that has worked. */
void __real_enter_user(struct registers *regs);
void __wrap_enter_user(struct registers *regs);

void __wrap_enter_user(struct registers *regs)
{
	suspend_countdown();
	latency_end();
	__real_enter_user(regs);
}

/* ---- Switches at a system call's end ------------------------------------ */

static const struct task *preempt_victim;
static uint32_t preempt_countdown;	/* 0: not at all */
static uint32_t preempt_one_of;		/* at random; 0: not */
static uint32_t chances[2];		/* of all tasks, to the next switches */
static uint32_t random_state;		/* for the ends of calls */
static uint32_t point_state;		/* for sched_point() */

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

/* seed=N on the kernel's command line: all of this run gives way at random. */
static void take_seed(void)
{
	static bool is_taken;
	char seed[12] = "";

	if (is_taken)
		return;
	is_taken = true;
	command_line_get("seed=", seed, sizeof(seed));
	if (!seed[0])
		return;
	random_state = parse_number(seed);
	preempt_one_of = 2 + random_state % 4;
}

/* As if the slice ended here. */
static void give_way(void)
{
	task_current()->slice_used = task_current()->slice_ticks;
	cpu_pend(PENDING_RESCHEDULE);
}

static void count_chance(void)
{
	uint32_t *countdown = &chances[chances[0] == 0];

	if (*countdown > 0 && --*countdown == 0)
		give_way();
}

void test_give_way(void)
{
	count_chance();
	if (preempt_one_of > 0 && next_random(&point_state) % 2 == 0)
		give_way();
}

/* On the way back to user mode. */
static void maybe_give_way(void)
{
	take_seed();
	count_chance();
	if ((preempt_countdown > 0 && arch_cpu()->current == preempt_victim &&
	     --preempt_countdown == 0) ||
	    (preempt_one_of > 0 && next_random(&random_state) %
				   preempt_one_of == 0))
		give_way();
}

extern syscall_function *const __real_syscall_table[];

/* Which call this is: entry.asm has a picture of the stack. */
static uint32_t number_of_call(void)
{
	const struct task *task = arch_cpu()->current;

	return task->frame ? task->frame->error_code
			   : ((const uint32_t *)task->stack_top)[-3];
}

static long any_call(uint32_t a, uint32_t b, uint32_t c, uint32_t d,
		     uint32_t e, uint32_t f)
{
	uint32_t number = number_of_call();
	long result;

	latency_begin(number);
	begin_call();
	result = __real_syscall_table[number](a, b, c, d, e, f);
	suspend_countdown();
	latency_end();
	maybe_give_way();
	return result;
}


extern syscall_function *const __wrap_syscall_table[];
extern syscall_function *const __wrap_fast_call_table[];

syscall_function *const __wrap_syscall_table[SYSCALLS_MOST] = {
	[0 ... SYSCALLS_MOST - 1] = any_call,
};

/* any_call() has six arguments. */
syscall_function *const __wrap_fast_call_table[SYSCALLS_MOST] = {
	[0 ... SYSCALLS_MOST - 1] = more_arguments,
};

/* ---- The call ----------------------------------------------------------- */

static long exchange(uint32_t *countdown, uint32_t new)
{
	long left = *countdown;

	*countdown = new;
	return left;
}

static long copy_counters(uaddr_t to)
{
	struct test_counters counters;

	counters_take(&counters);
	return __real_copy_to_user(to, &counters, sizeof(counters));
}

/* The return of this call is no chance. */
static long switch_at(long a, long b)
{
	long left = chances[0];

	chances[0] = a > 0 ? a + 1 : 0;
	chances[1] = b;
	return left;
}

/* The return of this call counts too, so the countdown begins one higher. */
static long preempt_at(long a)
{
	preempt_victim = arch_cpu()->current;
	return exchange(&preempt_countdown, a > 0 ? a + 1 : 0);
}

long sys_test(int command, long a, long b, uaddr_t p)
{
	switch (command) {
	case TEST_COUNTERS:
		return copy_counters(p);
	case TEST_FAIL_ALLOC:
		suspend_countdown();
		alloc_victim = process_current();
		return exchange(&alloc_countdown, a);
	case TEST_FAIL_COPY:
		copy_victim = process_current();
		return exchange(&copy_countdown, a);
	case TEST_PREEMPT_AT:
		return preempt_at(a);
	case TEST_PREEMPT_RANDOM:
		random_state = a;
		preempt_one_of = b;
		return 0;
	case TEST_SWITCH_AT:
		return switch_at(a, b);
	case TEST_PANIC:
		panic("a program asked for it");
	}
	return -EINVAL;
}
