/*
 * actors.h - tasks on the build machine that run in a random order.
 *
 * The scheduler of a simulated kernel: the shipped wait.c, timer.c and file.c
 * run on it unchanged. Any ready task may run next, with any priority: the
 * orders of the real scheduler are among these orders. A task, an actor here,
 * is a coroutine in its own process. The actor makes random steps until the
 * last step or a kill, and leaves its objects as exit(2) would.
 *
 * A test includes this header, once, and supplies
 *
 *	program_name		for the command to repeat a failure
 *	actor_step()		one random step of the running actor
 *	actor_leave()		close its descriptors
 *	schedule_begin()	set up the objects
 *	schedule_end()		nothing may be left
 *	check_state()		after every switch
 *	check_sleeper()		may it sleep now? no task can run
 *
 * When no task can run, the time goes on; when no task waits for a time either,
 * a task is killed. So every schedule ends, and the test covers the release of
 * resources by a death.
 *
 *	build/host/NAME SEED	one schedule, told step by step
 *	build/host/NAME 0 N	N schedules; SCHEDULES=N does the same
 */
#pragma once

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/space.h"
#include "kernel/task/process.h"
#include "tests/host/stub/coroutine.h"
#include "tests/host/stub/host.h"

#define ACTORS_MOST	7
#define STEPS_MOST	6

unsigned long long strtoull(const char *text, char **end, int base);
char *getenv(const char *name);

struct actor {
	struct task task;
	struct process process;
	struct coroutine *stack;
	int number;
	bool is_ready;
	bool has_ended;
	bool is_killed;		/* a deadly signal came */
	bool is_signalled;	/* with a handler, in this step */
	struct open_file *files[2];	/* the descriptors, or NULL */
};

static const char *const program_name;
static void actor_step(struct actor *actor);
static void actor_leave(struct actor *actor);
static void schedule_begin(void);
static void schedule_end(void);
static void check_state(void);
static void check_sleeper(struct actor *actor);

struct cpu cpu;
static uint64_t now;
static struct actor actors[ACTORS_MOST];
static unsigned actor_count;
static bool is_verbose;

/* ---- Random numbers, and telling ---------------------------------------- */

static uint64_t seed, random_state;

static uint32_t choose(uint32_t limit)
{
	random_state = random_state * 6364136223846793005u +
		       1442695040888963407u;
	return (uint32_t)(random_state >> 33) % limit;
}

static struct actor *self(void)
{
	return CONTAINER_OF(cpu.current, struct actor, task);
}

__attribute__((format(printf, 1, 2), unused))
static void tell(const char *format, ...)
{
	va_list args;

	if (!is_verbose)
		return;
	va_start(args, format);
	printf("# %6llu %d ", (unsigned long long)now, self()->number);
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

__attribute__((format(printf, 1, 2), noreturn))
static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("not ok 1 - ");
	vprintf(format, args);
	printf("\n# again: build/host/%s %llu\n1..1\n", program_name,
	       (unsigned long long)seed);
	fflush(stdout);
	exit(1);
}

void assert_failed(const char *condition, const char *file, int line)
{
	fail("%s:%d: ASSERT(%s)", file, line, condition);
}

/* ---- Failing allocations ------------------------------------------------ */

static unsigned failures_to_tell;	/* no call has told of them yet */

bool alloc_fails_now(void)
{
	if (--alloc_fail_countdown > 0)
		return false;
	failures_to_tell++;
	return true;
}

__attribute__((unused))
static void maybe_fail_alloc(void)
{
	if (choose(16) == 0)
		alloc_fail_countdown = 1 + choose(4);
}

/* A call says that there is no memory: was an allocation made to fail? */
__attribute__((unused))
static void check_no_memory(void)
{
	if (failures_to_tell-- == 0)
		fail("call_lacks_memory_that_there_is");
}

/* ---- The scheduler ------------------------------------------------------ */

uint64_t arch_now_ns(void)
{
	return now;
}

void arch_timer_arm(uint64_t deadline_ns)
{
	(void)deadline_ns;
}

bool signal_is_fatal(const struct task *task)
{
	return CONTAINER_OF(task, struct actor, task)->is_killed;
}

static void give_way(void);
static bool is_switching;

/* A better task is ready, or not. After the last actor, no task switches. */
void sched_point(void)
{
	if (!self()->has_ended && !is_switching && choose(2))
		give_way();
}

bool signal_lets_go_on(void)
{
	sched_point();
	return !signal_is_fatal(task_current());
}

bool signal_is_pending(const struct task *task)
{
	return task->signal_pending != 0;
}

void unblock_task(struct task *task)
{
	if (task->state != TASK_BLOCKED)
		return;
	task->state = TASK_READY;
	CONTAINER_OF(task, struct actor, task)->is_ready = true;
}

static void check_all_sleepers(void)
{
	for (unsigned i = 0; i < actor_count; i++) {
		if (actors[i].has_ended)
			continue;
		if (actors[i].task.signal_pending &&
		    (actors[i].is_killed || !actors[i].task.wait.is_deaf))
			fail("task_%u_sleeps_through_a_signal", i);
		check_sleeper(&actors[i]);
	}
}

static struct actor *choose_ready(void)
{
	unsigned ready = 0, i;

	for (i = 0; i < actor_count; i++)
		ready += actors[i].is_ready;
	if (ready == 0)
		return NULL;
	ready = choose(ready);
	for (i = 0; !actors[i].is_ready || ready-- > 0; i++)
		;
	return &actors[i];
}

/* Deferred work of a wake, now or later. When no task is ready, the idle task
 * has done it. */
static void tell_late(void)
{
	if (!(cpu.pending & PENDING(PENDING_WAKES)) ||
	    (choose_ready() && choose(2)))
		return;
	is_switching = true;
	wait_tell_late();
	is_switching = false;
}

static void switch_away(void)
{
	struct actor *next;

	check_state();
	tell_late();
	if (choose(4) == 0) {
		now += choose(20);
		timer_run();
	}
	while ((next = choose_ready()) == NULL && timer_next_ns() != FOREVER) {
		check_all_sleepers();
		now = timer_next_ns();
		timer_run();
	}
	if (!next) {
		coroutine_switch(&coroutine_main);
		return;
	}
	next->is_ready = false;
	next->task.state = TASK_RUNNING;
	cpu.current = &next->task;
	coroutine_switch(next->stack);
}

void block_task(enum task_state reason)
{
	cpu.current->state = reason;
	switch_away();
}

static void give_way(void)
{
	cpu.current->state = TASK_READY;
	self()->is_ready = true;
	switch_away();
}

void cpu_run_pending(void)
{
	sched_point();
}

/* ---- Steps for every test ----------------------------------------------- */

static void interrupt(struct actor *actor, bool deadly)
{
	actor->is_killed |= deadly;
	actor->is_signalled = true;
	actor->task.signal_pending = 1;
	/* As signal_alert() does. */
	if (deadly || !actor->task.wait.is_deaf)
		wait_interrupt(&actor->task, -EINTR);
}

/* A signal, a new priority, a sleep: steps that any actor may make against any
   actor. */
__attribute__((unused))
static void common_step(void)
{
	struct actor *other = &actors[choose(actor_count)];

	if (other->has_ended)
		return;
	switch (choose(4)) {
	case 0:
		tell("kills %d", other->number);
		interrupt(other, true);
		return;
	case 1:
		tell("signals %d", other->number);
		interrupt(other, false);
		return;
	case 2:
		other->task.priority = choose(3);
		tell("gives %d priority %u", other->number,
		     other->task.priority);
		wait_reorder(&other->task);
		return;
	case 3:
		nano_sleep_until(now + choose(40));
		return;
	}
}

/* Asked before the running task takes units: is there a task that must go
 * first? NULL, or the message for a take now. */
__attribute__((unused))
static const char *who_is_overtaken(const struct wait_queue *queue)
{
	const struct list_node *first = list_first(&queue->sleepers);
	const struct task *task = cpu.current, *other;
	bool is_new = task->wait.queue != queue;

	if (is_new && queue->owed > 0)
		return "newcomer_takes_a_turn_that_is_owed";
	if (!first)
		return NULL;
	other = CONTAINER_OF(first, struct task, wait.node);
	if (other->priority < task->priority)
		return NULL;
	if (is_new || other->priority > task->priority ||
	    other->wait.since_cycles < task->wait.since_cycles)
		return "task_at_the_head_is_overtaken";
	return NULL;
}

__attribute__((unused))
static void check_interrupted(long done)
{
	if (!self()->is_signalled)
		fail("wait_ends_with_EINTR_without_a_signal");
	if (done != 0)
		fail("interrupted_call_has_done_%ld", done);
}

/* ---- One schedule ------------------------------------------------------- */

static void live(void *at)
{
	struct actor *actor = at;
	unsigned steps = 1 + choose(STEPS_MOST);

	while (steps-- > 0 && !actor->is_killed) {
		actor_step(actor);
		if (cpu.current->wait.queue)
			fail("task_leaves_with_a_turn");
		/* Back in user mode a handler runs. */
		actor->is_signalled = actor->is_killed;
		actor->task.signal_pending = actor->is_killed;
		if (choose(3) == 0)
			give_way();
	}
	tell("ends");
	actor_leave(actor);
	actor->has_ended = true;
	block_task(TASK_TERMINATED);
}

static void wait_expired(struct timer *timer)
{
	wait_interrupt(CONTAINER_OF(timer, struct task, wait.timer),
		       -ETIMEDOUT);
}

static struct space actor_space;	/* nothing is looked up in it twice */

static void create_actors(void)
{
	actor_count = 2 + choose(ACTORS_MOST - 1);
	for (unsigned i = 0; i < actor_count; i++) {
		struct actor *actor = &actors[i];
		struct coroutine *stack = actor->stack;

		memset(actor, 0, sizeof(*actor));
		actor->stack = stack ? stack : coroutine_create();
		actor->number = i;
		actor->process.id = i + 1;
		actor->process.space = &actor_space;
		actor->task.id = i + 1;
		actor->task.process = &actor->process;
		actor->task.priority = choose(3);
		actor->task.state = TASK_READY;
		wait_init(&actor->task.wait, wait_expired);
		actor->is_ready = true;
		coroutine_prepare(actor->stack, live, actor);
	}
}

static struct actor *choose_living(void)
{
	unsigned first = choose(actor_count), i;

	for (i = 0; i < actor_count; i++) {
		struct actor *actor = &actors[(first + i) % actor_count];

		if (!actor->has_ended)
			return actor;
	}
	return NULL;
}

static void run_schedule(uint64_t number)
{
	struct actor *victim;

	seed = number;
	random_state = number * 0x9e3779b97f4a7c15u;
	choose(2);
	now = 1000;
	alloc_fail_countdown = failures_to_tell = 0;
	create_actors();
	cpu.current = &actors[0].task;
	schedule_begin();
	switch_away();
	while ((victim = choose_living()) != NULL) {
		check_all_sleepers();
		interrupt(victim, true);
		if (!victim->is_ready)
			fail("killed_task_%d_sleeps_on", victim->number);
		switch_away();
	}
	schedule_end();
	if (timer_next_ns() != FOREVER)
		fail("timer_of_a_wait_runs_on");
}

__attribute__((unused))
static int run_schedules(int argc, char **argv, uint64_t count)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	const char *more = argc > 2 ? argv[2] : getenv("SCHEDULES");

	if (more)
		count = strtoull(more, NULL, 0);
	if (first) {
		is_verbose = true;
		count = 1;
	}
	cpu.pending = PENDING(PENDING_RESCHEDULE);
	for (uint64_t i = 0; i < count; i++)
		run_schedule(first ? first : i + 1);
	ok(true, "%llu schedules break no rule", (unsigned long long)count);
	return tap_done();
}
