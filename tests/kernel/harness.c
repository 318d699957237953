/*
 * harness.c - runs the tests inside the kernel and prints the results in TAP.
 *
 * A task of high priority starts each test in a new task, waits for the end of
 * the test, and compares the resources in use before and after. When a test
 * does not end in time, the harness ends the machine by a panic; the message
 * lists the waiting tasks and their events.
 */
#include "tests/kernel/ktest.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/test.h"
#include "tests/kernel/counters.h"

#define PRIORITY_RUNNER	(PRIORITY_HIGHEST - 1)
#define TEST_MOST_NS	(30 * NSEC_PER_SEC)
#define NOTES		6
#define NOTE_BYTES	160

extern const struct ktest *const ktest_table_start[], *const ktest_table_end[];

static struct wait_queue done_queue;
static bool is_done;				/* the running test has ended */
static uint32_t failures;			/* of the running test */
static char notes[NOTES][NOTE_BYTES];		/* first failures */

/* ---- Checks ------------------------------------------------------------- */

bool ktest_check(bool holds, const char *what, const char *file, int line)
{
	if (!holds && failures++ < NOTES)
		snprintf(notes[failures - 1], NOTE_BYTES, "%s:%d: %s", file,
			 line, what);
	return holds;
}

bool ktest_compare(int64_t got, int64_t wanted, const char *what,
		   const char *file, int line)
{
	if (got != wanted && failures++ < NOTES)
		snprintf(notes[failures - 1], NOTE_BYTES,
			 "%s:%d: %s is %lld, not %lld", file, line, what, got,
			 wanted);
	return got == wanted;
}

/* ---- Helpers ------------------------------------------------------------ */

/* The work of a task of a test; on the heap until the task starts. */
struct start {
	void (*entry)(void *);
	void *arg;
};

static struct start starts[256];		/* [P] in turn */
static uint32_t start_count;

static void enter(void *at)
{
	struct start start = *(struct start *)at;

	lock_stuff();
	start.entry(start.arg);
	KIS(arch_cpu()->postpone_depth, 1);
	unlock_stuff();
}

struct task *ktest_start(void (*entry)(void *), void *arg, int priority)
{
	struct start *start = &starts[start_count++ % ARRAY_LENGTH(starts)];
	struct task *task;

	start->entry = entry;
	start->arg = arg;
	task = create_kernel_task("helper", enter, start, priority);
	KOK(task != NULL);
	return task;
}

void ktest_sleep_ms(uint32_t ms)
{
	KIS(nano_sleep_until(arch_now_ns() + ms * 1000000ull), 0);
}

void ktest_spin_ms(uint32_t ms)
{
	uint64_t end = arch_now_ns() + ms * 1000000ull;

	unlock_stuff();
	while (arch_now_ns() < end)
		;
	lock_stuff();
}

bool ktest_wait_count(const volatile uint32_t *count, uint32_t wanted)
{
	uint64_t end = arch_now_ns() + 5 * NSEC_PER_SEC;

	while (*count < wanted && arch_now_ns() < end)
		ktest_sleep_ms(1);
	return *count >= wanted;
}

/* ---- One test ----------------------------------------------------------- */

static void test_task(void *at)
{
	const struct ktest *test = at;

	lock_stuff();
	test->run();
	KIS(arch_cpu()->postpone_depth, 1);
	is_done = true;
	wait_wake(&done_queue);
	unlock_stuff();
}

static long look_done(void *unused)
{
	(void)unused;
	return is_done ? 0 : -EAGAIN;
}

static void wait_for_test(const struct ktest *test)
{
	const struct wait_request request = {
		.queue = &done_queue,
		.event = WAIT_WORK,
		.deadline_ns = arch_now_ns() + TEST_MOST_NS,
	};

	if (!is_done && wait_for(&request, look_done, NULL) != 0)
		panic("test %s does not end", test->name);
}

/* The test's tasks may still be on their way out. */
static void wait_for_tasks(uint32_t count)
{
	uint64_t end = arch_now_ns() + NSEC_PER_SEC;

	while (task_count > count && arch_now_ns() < end)
		nano_sleep_until(arch_now_ns() + 50000);
}

static void report(const struct ktest *test, uint32_t number, uint32_t leak,
		   const char *leaks)
{
	bool passed = failures == 0 && leak == 0;
	uint32_t i;

	printk("%sok %u - %s # leak %u%s\n", passed ? "" : "not ", number,
	       test->name, leak, leaks);
	for (i = 0; i < MIN(failures, NOTES); i++)
		printk("# %s\n", notes[i]);
}

static bool run_test(const struct ktest *test, uint32_t number)
{
	static struct test_counters before, now;
	char leaks[200] = "";
	struct text text = { leaks, sizeof(leaks) - 1, 0 };
	uint32_t leak;

	failures = 0;
	is_done = false;
	counters_take(&before);
	if (!create_kernel_task(test->name, test_task, (void *)test,
				PRIORITY_NORMAL))
		panic("no memory for a test");
	wait_for_test(test);
	wait_for_tasks(before.tasks);
	counters_take(&now);
	leak = counters_compare(&before, &now, &text);
	report(test, number, leak, leaks);
	return failures == 0 && leak == 0;
}

/* ---- All that were asked for -------------------------------------------- */

/* tests/kernel/sched.c is called sched. */
static bool is_file(const char *word, size_t length, const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return !strncmp(name, word, length) && name[length] == '.';
}

static bool is_meant(const struct ktest *test, const char *word, size_t length)
{
	bool begins = !strncmp(test->name, word, length);

	if (begins && test->name[length] == '\0')
		return true;
	if (test->panics)
		return false;
	return (begins && word[length - 1] == '_') ||
	       is_file(word, length, test->file) ||
	       (length == 3 && !strncmp(word, "all", 3));
}

static bool is_listed(const struct ktest *test, const char *names)
{
	size_t length;

	for (;; names++) {
		for (length = 0; names[length] && names[length] != ',';)
			length++;
		if (length > 0 && is_meant(test, names, length))
			return true;
		names += length;
		if (!*names)
			return false;
	}
}

static void run_tests(void *at)
{
	const struct ktest *const *test;
	uint32_t number = 0, failed = 0;

	lock_stuff();
	for (test = ktest_table_start; test < ktest_table_end; test++)
		if (is_listed(*test, at))
			failed += !run_test(*test, ++number);
	if (number == 0)
		printk("Bail out! no test is called %s\n", (const char *)at);
	printk("1..%u\n", number);
	printk("parley: power off, status %u\n",
	       number ? MIN(failed, 100u) : 100);
	arch_poweroff(0);
}

void kernel_tests_run(const char *names)
{
	static char kept[128];

	strlcpy(kept, names, sizeof(kept));
	wait_queue_init(&done_queue);
	if (!create_kernel_task("tests", run_tests, kept, PRIORITY_RUNNER))
		panic("no memory for the tests");
	terminate_task();
}
