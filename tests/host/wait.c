/*
 * wait.c - kernel/task/wait.c under random schedules: nothing lost, no turns
 * taken, however the tasks interleave.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/coroutine.c tests/host/stub/kernel.c
 *
 * The shipped wait.c and timer.c, and a scheduler of ours that lets any ready
 * task run next, whatever its priority: what the real one can do is a part of
 * that. Tasks are coroutines; each follows a random program of a few steps on
 * one store of units: take some (all or none, like an atomic write to a pipe,
 * with or without a deadline), put some, poll, kill or signal another, change a
 * priority. After each switch the rules are checked:
 *
 * - nobody sleeps at the head of the queue who could go on (lost wake-up);
 * - who takes has nobody before it in the queue (overtaking);
 * - `owed` is the number of turns that were given and not used;
 * - who gives up, by time or signal, has taken nothing and has looked last when
 *   there was nothing: the event wins;
 * - no unit comes or goes.
 *
 * The file is longer than most, so that the rules stand beside what they judge.
 *
 * A failure prints the command that repeats it:
 *	build/host/wait SEED	one schedule, told step by step
 *	build/host/wait 0 N	N schedules
 */
#define arch_cycles	unused_arch_cycles
#include "tests/host/stub/host.h"
#undef arch_cycles

#include "kernel/lib/string.h"
#include "tests/host/stub/coroutine.h"

unsigned long long strtoull(const char *text, char **end, int base);

static uint64_t now;

/* No two readings are the same, as on the machine. */
static uint64_t arch_cycles(void)
{
	static uint64_t readings;

	return ++readings;
}

#include "kernel/task/timer.c"
#include "kernel/task/wait.c"

#define TASKS_MOST	7
#define STEPS_MOST	5
#define SCHEDULES	200000u

struct cpu cpu;

/* A task of a schedule. */
struct actor {
	struct task task;
	struct process process;
	struct coroutine *stack;
	int number;
	bool is_ready;
	bool has_ended;
	bool is_killed;		/* a deadly signal came */
	bool is_signalled;	/* one with a handler came */
	long last_attempt;	/* of the take in progress; 1: none yet */
	uint32_t wanted;	/* by the take or poll in progress, or 0 */
	bool is_polling;
	bool is_deaf;		/* to signals, in the take in progress */
};

static struct actor actors[TASKS_MOST];
static unsigned actor_count;
static struct wait_queue queue;
static uint32_t units;
static uint32_t put_in_all, taken_in_all;
static bool is_destroyed;	/* takes end with -EIDRM */
static bool is_finished;	/* takes get nothing, as at the end of a file */
static bool is_verbose;
static bool is_over;		/* the actors are only to end */

/* ---- Random numbers, and telling ---------------------------------------- */

static uint64_t seed, random_state;

static uint32_t choose(uint32_t limit)
{
	random_state = random_state * 6364136223846793005u +
		       1442695040888963407u;
	return (uint32_t)(random_state >> 33) % limit;
}

__attribute__((format(printf, 1, 2)))
static void tell(const char *format, ...)
{
	va_list args;

	if (!is_verbose)
		return;
	va_start(args, format);
	printf("# %6llu ", (unsigned long long)now);
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
	printf("\n# again: build/host/wait %llu\n1..1\n",
	       (unsigned long long)seed);
	fflush(stdout);
	exit(1);
}

/* ---- The scheduler ------------------------------------------------------ */

static struct actor *actor_of(struct task *task)
{
	return CONTAINER_OF(task, struct actor, task);
}

static struct actor *self(void)
{
	return actor_of(cpu.current);
}

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
	return actor_of((struct task *)task)->is_killed;
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
	actor_of(task)->is_ready = true;
}

/* ---- The rules ---------------------------------------------------------- */

static bool could_go_on(const struct actor *actor)
{
	return is_destroyed || is_finished || units >= actor->wanted;
}

/* The order that is promised: by priority, then by arrival. */
static bool is_before(const struct task *a, const struct task *b)
{
	return a->priority > b->priority ||
	       (a->priority == b->priority &&
		a->wait.since_cycles < b->wait.since_cycles);
}

static void check_turns(void)
{
	uint32_t owed = 0;

	for (unsigned i = 0; i < actor_count; i++)
		if (actors[i].task.wait.queue == &queue)
			owed += wait_has_turn(&actors[i].task.wait);
	if (owed != queue.owed)
		fail("turns_owed_are_miscounted: %u, really %u", queue.owed,
		     owed);
}

static void check_order(void)
{
	struct list_node *node = queue.sleepers.head.next;

	for (; node != &queue.sleepers.head; node = node->next) {
		if (node->next == &queue.sleepers.head)
			break;
		if (is_before(task_of(node->next), task_of(node)))
			fail("queue_is_out_of_order");
	}
}

static void check_sleeper(struct actor *actor)
{
	bool is_first = list_first(&queue.sleepers) == &actor->task.wait.node;

	if (actor->task.signal_pending && !actor->is_deaf)
		fail("task_%d_sleeps_through_a_signal", actor->number);
	if (!could_go_on(actor))
		return;
	if (actor->is_polling)
		fail("poll_sleeps_beside_%u_units", units);
	if (is_first || is_destroyed || is_finished)
		fail("wake_up_is_lost: task %d wants %u of %u", actor->number,
		     actor->wanted, units);
}

/* Nobody can run. Then nobody must be able to go on. */
static void check_nobody_forgotten(void)
{
	for (unsigned i = 0; i < actor_count; i++)
		if (!actors[i].has_ended && actors[i].wanted > 0)
			check_sleeper(&actors[i]);
	if (queue.owed != 0)
		fail("turn_is_owed_to_nobody");
}

/* The one that takes now must have nobody in front of it that sleeps. */
static void check_not_overtaking(void)
{
	struct list_node *first = list_first(&queue.sleepers);
	struct task *task = cpu.current, *other;

	if (!first)
		return;
	other = task_of(first);
	if (task->wait.queue ? is_before(other, task)
			     : other->priority >= task->priority)
		fail("task_%d_overtakes_%d", self()->number,
		     actor_of(other)->number);
	if (!task->wait.queue && queue.owed > 0)
		fail("newcomer_takes_a_turn_that_is_owed");
}

/* ---- Switching ---------------------------------------------------------- */

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

/* The next to run. When nobody can, time goes on; when nobody waits for that
 * either, the schedule is over and the main program takes it from there. */
static void switch_away(void)
{
	struct actor *next;

	check_turns();
	check_order();
	if (choose(4) == 0) {
		now += choose(20);
		timer_run();
	}
	while ((next = choose_ready()) == NULL && timer_next_ns() != FOREVER) {
		check_nobody_forgotten();
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

static void yield(void)
{
	struct task *task = cpu.current;

	task->state = TASK_READY;
	self()->is_ready = true;
	switch_away();
}

/* ---- What actors do ----------------------------------------------------- */

/* Who has had a turn looks whether there is more, as kernel/obj/file.c does. */
static void wake_next(void)
{
	if ((units > 0 || is_finished) && queue.owed <= 1)
		wait_wake(&queue);
}

static long take_units(void *unused)
{
	struct actor *actor = self();

	(void)unused;
	if (is_destroyed)
		return actor->last_attempt = -EIDRM;
	if (!could_go_on(actor))
		return actor->last_attempt = -EAGAIN;
	check_not_overtaking();
	if (actor->is_killed)
		fail("dead_task_uses_its_turn");
	if (!is_finished) {
		units -= actor->wanted;
		taken_in_all += actor->wanted;
	}
	wake_next();
	return actor->last_attempt = 0;
}

static uint64_t choose_deadline(void)
{
	switch (choose(4)) {
	case 0:
		return now + choose(60);
	case 1:
		return now;
	}
	return FOREVER;
}

static void check_result(const struct actor *actor, long result,
			 uint64_t deadline_ns, bool was_free)
{
	if (cpu.current->wait.queue)
		fail("task_leaves_with_a_turn");
	if (result == -EINTR && !is_over && !actor->is_killed &&
	    (actor->is_deaf || !actor->is_signalled))
		fail("wait_ends_with_EINTR_without_a_signal");
	if (result == -ETIMEDOUT && now < deadline_ns)
		fail("wait_times_out_early");
	if (result != -EINTR && result != -ETIMEDOUT)
		return;
	if (actor->last_attempt == 0 || (was_free && actor->last_attempt == 1))
		fail("event_loses_against_%s",
		     result == -EINTR ? "signal" : "deadline");
}

static void take(struct actor *actor)
{
	struct wait_request request = {
		.queue = &queue,
		.event = WAIT_UNIT,
		.deadline_ns = choose_deadline(),
		.is_deaf = choose(4) == 0,
	};
	bool was_free = wait_is_my_turn(&queue);
	long result;

	actor->wanted = 1 + (choose(3) == 0 ? choose(4) : 0);
	actor->is_deaf = request.is_deaf;
	actor->last_attempt = 1;
	tell("%d wants %u of %u", actor->number, actor->wanted, units);
	result = wait_for(&request, take_units, NULL);
	tell("%d: %ld", actor->number, result);
	check_result(actor, result, request.deadline_ns, was_free);
	actor->wanted = 0;
}

static void put(void)
{
	uint32_t count = 1 + choose(3);

	tell("%d puts %u", self()->number, count);
	units += count;
	put_in_all += count;
	wait_wake(&queue);
}

static long look(void *unused)
{
	(void)unused;
	return could_go_on(self()) ? 1 : -EAGAIN;
}

/* As kernel/sys/poll.c does. */
static void poll(struct actor *actor)
{
	struct watcher watcher = { .task = cpu.current };
	struct wait_queue own;
	const struct wait_request request = {
		.queue = &own,
		.event = WAIT_POLL,
		.deadline_ns = choose_deadline(),
	};

	actor->wanted = 1;
	actor->is_deaf = false;
	wait_queue_init(&own);
	list_append(&queue.watchers, &watcher.node);
	actor->is_polling = true;
	tell("%d polls: %ld", actor->number, wait_for(&request, look, NULL));
	actor->is_polling = false;
	actor->wanted = 0;
	list_remove(&watcher.node);
	if (own.owed != 0)
		fail("poll_is_owed_a_turn");
}

static void send_signal(struct actor *to, bool deadly)
{
	if (to->has_ended || to == self())
		return;
	tell("%d %s %d", self()->number, deadly ? "kills" : "signals",
	     to->number);
	to->is_killed |= deadly;
	to->is_signalled = true;
	to->task.signal_pending = 1;
	/* As signal_alert() does. */
	if (deadly || !to->task.wait.is_deaf)
		wait_interrupt(&to->task, -EINTR);
}

static void destroy(void)
{
	tell("%d destroys", self()->number);
	is_destroyed = true;
	wait_wake_all_error(&queue, -EIDRM);
}

static void finish(void)
{
	tell("%d finishes", self()->number);
	is_finished = true;
	wait_wake_all(&queue);
	if (!list_is_empty(&queue.sleepers))
		fail("wake_all_leaves_a_sleeper");
}

static void change_priority(struct actor *actor)
{
	actor->task.priority = choose(3);
	tell("%d gets priority %u", actor->number, actor->task.priority);
	wait_reorder(&actor->task);
}

static void step(struct actor *actor)
{
	switch (choose(12)) {
	case 0: case 1: case 2: case 3: case 4:
		take(actor);
		return;
	case 5: case 6: case 7:
		put();
		return;
	case 8:
		poll(actor);
		return;
	case 9:
		send_signal(&actors[choose(actor_count)], choose(2));
		return;
	case 10:
		change_priority(&actors[choose(actor_count)]);
		return;
	case 11:
		if (choose(3) > 0)
			nano_sleep_until(now + choose(40));
		else if (choose(2))
			destroy();
		else
			finish();
		return;
	}
}

static void live(void *at)
{
	struct actor *actor = at;
	unsigned steps = 1 + choose(STEPS_MOST);

	while (steps-- > 0 && !actor->is_killed && !is_over) {
		step(actor);
		if (choose(3) == 0 && !is_over)
			yield();
	}
	tell("%d ends", actor->number);
	actor->has_ended = true;
	block_task(TASK_TERMINATED);
}

/* ---- One schedule ------------------------------------------------------- */

static void wait_expired(struct timer *timer)
{
	wait_interrupt(CONTAINER_OF(timer, struct task, wait.timer),
		       -ETIMEDOUT);
}

static void create_actors(void)
{
	actor_count = 2 + choose(TASKS_MOST - 1);
	for (unsigned i = 0; i < actor_count; i++) {
		struct actor *actor = &actors[i];
		struct coroutine *stack = actor->stack;

		memset(actor, 0, sizeof(*actor));
		actor->stack = stack ? stack : coroutine_create();
		actor->number = i;
		actor->task.process = &actor->process;
		actor->task.priority = choose(3);
		actor->task.state = TASK_READY;
		wait_init(&actor->task.wait, wait_expired);
		actor->is_ready = true;
		coroutine_prepare(actor->stack, live, actor);
	}
}

/* Those who still sleep do so rightly; let them go. */
static void end_actors(void)
{
	check_nobody_forgotten();
	is_over = true;
	for (unsigned i = 0; i < actor_count; i++) {
		actors[i].is_killed = true;
		actors[i].task.signal_pending = 1;
		wait_interrupt(&actors[i].task, -EINTR);
	}
	switch_away();
	for (unsigned i = 0; i < actor_count; i++)
		if (!actors[i].has_ended)
			fail("killed_task_%u_sleeps_on", i);
	if (put_in_all != taken_in_all + units)
		fail("units_come_or_go: %u put, %u taken, %u left", put_in_all,
		     taken_in_all, units);
	if (!wait_queue_is_idle(&queue) || !list_is_empty(&queue.watchers))
		fail("queue_is_not_empty_at_the_end");
	if (timer_next_ns() != FOREVER)
		fail("timer_of_a_wait_runs_on");
}

static void run_schedule(uint64_t number)
{
	seed = number;
	random_state = number * 0x9e3779b97f4a7c15u;
	choose(2);
	now = 1000;
	units = put_in_all = choose(3);
	taken_in_all = 0;
	is_destroyed = is_finished = is_over = false;
	wait_queue_init(&queue);
	create_actors();
	switch_away();
	end_actors();
}

int main(int argc, char **argv)
{
	uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	uint64_t count = argc > 2 ? strtoull(argv[2], NULL, 0) : SCHEDULES;

	if (first) {
		is_verbose = true;
		count = 1;
	}
	for (uint64_t i = 0; i < count; i++)
		run_schedule(first ? first : i + 1);
	ok(true, "%llu schedules lose no wake-up and no turn",
	   (unsigned long long)count);
	return tap_done();
}
