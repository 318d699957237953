/*
 * sched.c - which task runs next, for how long, and which task the time is
 * charged to.
 */
#include "kernel/machine.h"
#include "tests/kernel/ktest.h"

static volatile uint32_t count;
static volatile bool stop;

/* ---- Order -------------------------------------------------------------- */

static char order[80];
static uint32_t order_length;

static void note(void *letter)
{
	if (order_length < sizeof(order) - 1)
		order[order_length++] = (uintptr_t)letter;
	order[order_length] = '\0';
	count++;
}

static void begin_order(void)
{
	order_length = 0;
	order[0] = '\0';
	count = 0;
}

static bool order_is(const char *wanted)
{
	uint32_t i;

	for (i = 0; wanted[i]; i++)
		if (order[i] != wanted[i])
			return false;
	return order[i] == '\0';
}

KTEST(highest_priority_does_not_run_first)
{
	static const uint8_t priorities[] = { 4, 10, 2, 15, 1, 10, 8 };
	unsigned i;

	begin_order();
	for (i = 0; i < ARRAY_LENGTH(priorities); i++)
		ktest_start(note, (void *)(uintptr_t)('a' + i), priorities[i]);
	ktest_wait_count(&count, ARRAY_LENGTH(priorities));
	KOK(order_is("dbfgace"));
}

/* Each bit of the bitmap finds its own list: 31 would find none if shifted. */
KTEST(a_priority_is_taken_for_another)
{
	uintptr_t priority;

	begin_order();
	for (priority = 1; priority <= PRIORITIES; priority++)
		ktest_start(note, (void *)('@' + priority), priority);
	ktest_wait_count(&count, PRIORITIES);
	KOK(order_is("`_^]\\[ZYXWVUTSRQPONMLKJIHGFEDCBA"));
}

static void note_three_times(void *letter)
{
	unsigned i;

	for (i = 0; i < 3; i++) {
		note(letter);
		yield_task();
	}
}

KTEST(yield_does_not_go_behind_all_equals)
{
	begin_order();
	ktest_start(note_three_times, (void *)'a', PRIORITY_NORMAL - 1);
	ktest_start(note_three_times, (void *)'b', PRIORITY_NORMAL - 1);
	ktest_start(note_three_times, (void *)'c', PRIORITY_NORMAL - 1);
	ktest_start(note_three_times, (void *)'z', PRIORITY_NORMAL - 2);
	ktest_wait_count(&count, 12);
	KOK(order_is("abcabcabczzz"));
}

KTEST(yield_alone_switches_to_a_worse_task)
{
	begin_order();
	ktest_start(note, (void *)'w', PRIORITY_NORMAL - 1);
	yield_task();
	KIS(count, 0);
	ktest_wait_count(&count, 1);
}

static void be_preempted(void *unused)
{
	(void)unused;
	note((void *)'a');
	ktest_start(note, (void *)'h', PRIORITY_NORMAL);
	unlock_stuff();		/* h runs */
	lock_stuff();
	note((void *)'a');
}

/* A task preempted by a better task still has the rest of its slice. */
KTEST(preempted_task_goes_behind_its_equals)
{
	begin_order();
	ktest_start(be_preempted, NULL, PRIORITY_NORMAL - 1);
	ktest_start(note, (void *)'b', PRIORITY_NORMAL - 1);
	ktest_wait_count(&count, 4);
	KOK(order_is("ahab"));
}

KTEST(new_priority_of_a_ready_task_counts_only_after_it_has_run)
{
	struct task *low;

	begin_order();
	ktest_start(note, (void *)'m', PRIORITY_NORMAL - 2);
	low = ktest_start(note, (void *)'l', PRIORITY_NORMAL - 3);
	task_set_policy(low, POLICY_URGENT, PRIORITY_NORMAL - 1);
	ktest_wait_count(&count, 2);
	KOK(order_is("lm"));
}

KTEST(lowered_task_keeps_the_processor)
{
	struct task *task = task_current();

	begin_order();
	ktest_start(note, (void *)'b', PRIORITY_NORMAL - 1);
	task_set_policy(task, POLICY_URGENT, PRIORITY_NORMAL - 2);
	unlock_stuff();
	lock_stuff();
	KIS(count, 1);
	task_set_policy(task, POLICY_URGENT, PRIORITY_NORMAL);
}

/* ---- Policies ----------------------------------------------------------- */

KTEST(background_task_preempts)
{
	struct task *task;

	begin_order();
	task = task_create("helper", 0);
	if (!KOK(task != NULL))
		return;
	task_set_policy(task, POLICY_BACKGROUND, PRIORITY_NONE);
	arch_task_prepare(task, note, (void *)'b');
	unblock_task(task);
	unlock_stuff();
	lock_stuff();
	KIS(count, 0);
	ktest_wait_count(&count, 1);
}

KTEST(urgent_task_does_not_preempt)
{
	struct task *task;

	begin_order();
	task = task_create("helper", 0);
	if (!KOK(task != NULL))
		return;
	task_set_policy(task, POLICY_URGENT, PRIORITY_NORMAL + 1);
	arch_task_prepare(task, note, (void *)'u');
	unblock_task(task);
	unlock_stuff();
	lock_stuff();
	KIS(count, 1);
}

/* ---- Slices ------------------------------------------------------------- */

static void spin(void *at)
{
	volatile uint32_t *mine = at;

	unlock_stuff();
	while (!stop)
		(*mine)++;
	lock_stuff();
	count++;
}

/* The same, with a question for the own CPU time again and again. */
static void spin_and_look(void *at)
{
	volatile uint32_t *mine = at;

	while (!stop) {
		(*mine)++;
		(void)task_total_cycles(arch_cpu()->current);
		unlock_stuff();
		lock_stuff();
	}
	count++;
}

static void stop_spinners(uint32_t tasks)
{
	stop = true;
	KOK(ktest_wait_count(&count, tasks));
}

KTEST(two_spinning_tasks_do_not_share_evenly)
{
	volatile uint32_t turns[2] = { 0, 0 };
	uint64_t cycles[2];
	struct task *a, *b;

	stop = false;
	count = 0;
	a = ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	b = ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(400);
	cycles[0] = task_total_cycles(a);
	cycles[1] = task_total_cycles(b);
	stop_spinners(2);
	/* A slice's difference, and some for a busy host. */
	KOK(cycles[0] < 2 * cycles[1] && cycles[1] < 2 * cycles[0]);
}

KTEST(task_that_reads_its_clock_never_uses_its_slice_up)
{
	volatile uint32_t turns[2] = { 0, 0 };

	stop = false;
	count = 0;
	ktest_start(spin_and_look, (void *)&turns[0], PRIORITY_NORMAL - 1);
	ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(120);
	KOK(turns[0] > 0);
	KOK(turns[1] > 0);
	stop_spinners(2);
}

KTEST(task_raised_beside_another_gets_no_slice)
{
	volatile uint32_t turns[2] = { 0, 0 };
	struct task *low;

	stop = false;
	count = 0;
	ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	low = ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 2);
	ktest_sleep_ms(30);
	KIS(turns[1], 0);
	task_set_policy(low, POLICY_URGENT, PRIORITY_NORMAL - 1);
	ktest_sleep_ms(100);
	KOK(turns[1] > 0);
	stop_spinners(2);
}

KTEST(realtime_task_is_sliced)
{
	volatile uint32_t turns[2] = { 0, 0 };
	struct task *first;

	stop = false;
	count = 0;
	first = ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	first->policy = POLICY_REALTIME;
	ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(60);
	KOK(turns[0] > 0);
	KIS(turns[1], 0);
	stop_spinners(2);
}

static uint32_t ticks;

static void count_deadline(void)
{
	ticks++;
	timer_run();
}

static void count_tick(void)
{
	ticks++;
	machine_tick();
}

/* How often the timer fires within so many ms, in which the test sleeps. */
static uint32_t ticks_in_ms(uint32_t ms)
{
	cpu_set_deferred(PENDING_TIMER, count_deadline);
	cpu_set_deferred(PENDING_TICK, count_tick);
	ticks = 0;
	ktest_sleep_ms(ms);
	cpu_set_deferred(PENDING_TIMER, timer_run);
	cpu_set_deferred(PENDING_TICK, machine_tick);
	return ticks;
}

/* One tick for the end of the sleep, one for a slice begun before, and a few
 * early ticks: a timer may fire early rather than never. */
#define TICKS_OF_A_SLEEP	4

KTEST(idle_machine_ticks)
{
	KOK(ticks_in_ms(300) <= TICKS_OF_A_SLEEP);
}

KTEST(lone_task_is_disturbed_by_ticks)
{
	volatile uint32_t turns = 0;

	stop = false;
	count = 0;
	ktest_start(spin, (void *)&turns, PRIORITY_NORMAL - 1);
	KOK(ticks_in_ms(300) <= TICKS_OF_A_SLEEP);
	KOK(turns > 0);
	stop_spinners(1);
}

/* ---- Time --------------------------------------------------------------- */

/* Without the time since the last switch, which the running task does not count
   yet. */
static uint64_t cycles_of_all(void)
{
	const struct task *task;
	uint64_t cycles = 0;

	LIST_FOR_EACH(task, &task_list, all)
		cycles += task->total_cycles;
	return cycles;
}

/* Every cycle belongs to a task, idle included: no cycle is lost at a
   switch. */
KTEST(time_of_all_tasks_does_not_add_up)
{
	volatile uint32_t turns[2] = { 0, 0 };
	uint64_t sum;

	stop = false;
	count = 0;
	sum = cycles_of_all();
	ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(50);
	ktest_spin_ms(3);
	stop = true;
	KIS(cycles_of_all(), sum);
	stop_spinners(2);
}

KTEST(sleeper_is_charged_for_the_time_it_sleeps)
{
	uint64_t before;

	before = task_total_cycles(arch_cpu()->current);
	ktest_sleep_ms(50);
	KOK(arch_cycles_to_ns(task_total_cycles(arch_cpu()->current) - before) <
	    25000000);
}

/* ---- Sleeping ----------------------------------------------------------- */

struct sleep {
	uint64_t deadline_ns;
	uintptr_t letter;
};

static void sleep_and_note(void *at)
{
	const struct sleep *sleep = at;

	KIS(nano_sleep_until(sleep->deadline_ns), 0);
	KOK(arch_now_ns() >= sleep->deadline_ns);
	note((void *)sleep->letter);
}

KTEST(sleepers_do_not_wake_in_the_order_of_their_deadlines)
{
	static const uint8_t ms[] = { 30, 12, 45, 5, 20, 38, 8 };
	static struct sleep sleeps[ARRAY_LENGTH(ms)];
	uint64_t now = arch_now_ns();
	unsigned i;

	begin_order();
	for (i = 0; i < ARRAY_LENGTH(ms); i++) {
		sleeps[i].deadline_ns = now + ms[i] * 1000000;
		sleeps[i].letter = 'a' + i;
		ktest_start(sleep_and_note, &sleeps[i], PRIORITY_NORMAL);
	}
	ktest_wait_count(&count, ARRAY_LENGTH(ms));
	KOK(order_is("dgbeafc"));
}

KTEST(hundred_sleepers_one_is_late)
{
	static struct sleep sleeps[100];
	uint64_t start = arch_now_ns();
	unsigned i;

	begin_order();
	for (i = 0; i < 100; i++) {
		sleeps[i].deadline_ns = start + (i * 37 % 100) * 200000;
		sleeps[i].letter = '.';
		ktest_start(sleep_and_note, &sleeps[i], PRIORITY_NORMAL);
	}
	KOK(ktest_wait_count(&count, 100));
}
