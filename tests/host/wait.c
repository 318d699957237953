/*
 * wait.c - kernel/task/wait.c under random schedules: no wake is lost and no
 * task is overtaken, in any order of the tasks.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub -DWAKES_AT_ONCE=1
 * link: tests/host/stub/coroutine.c tests/host/stub/kernel.c
 * link: tests/host/stub/memory.c kernel/task/wait.c kernel/task/timer.c
 * link: kernel/task/crowd.c
 *
 * Each task follows a random program of a few steps on one store of units: take
 * units (all or none, like an atomic write to a pipe, with or without a
 * deadline), put units, poll, or a step against any task (stub/actors.h). After
 * each switch the rules are checked:
 *
 * - no task at the head of the queue sleeps when the task could go on (lost
 *   wake-up);
 * - a task that takes is the first in the queue (overtaking);
 * - `owed` is the number of turns given and not used;
 * - a wait that ends by time or signal has taken nothing, and there were no
 *   units at its last look: the event wins;
 * - no unit comes or goes.
 *
 * A failure prints a command to repeat the failure.
 */
#include "tests/host/stub/actors.h"

#define SCHEDULES	200000

static const char *const program_name = "wait";

/* The next step of an actor. */
static struct plan {
	long last_attempt;	/* of the take in progress; 1: none yet */
	uint32_t wanted;	/* by the take or poll in progress, or 0 */
	bool is_polling;
	bool is_for_end;	/* the poll in progress: not for units */
	bool is_deaf;		/* to signals, in the take in progress */
} plans[ACTORS_MOST];

static struct wait_queue queue;
static uint32_t units;
static uint32_t put_in_all, taken_in_all;
static bool is_destroyed;	/* takes end with -EIDRM */
static bool is_finished;	/* takes get nothing, as at the end of a file */

static struct plan *plan_of(const struct actor *actor)
{
	return &plans[actor->number];
}

static struct task *task_of(struct list_node *node)
{
	return CONTAINER_OF(node, struct task, wait.node);
}

/* ---- The rules ---------------------------------------------------------- */

static bool could_go_on(const struct actor *actor)
{
	return is_destroyed || is_finished ||
	       (!plan_of(actor)->is_for_end && units >= plan_of(actor)->wanted);
}

/* The promised order: by priority, then by arrival. */
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

static void check_state(void)
{
	check_turns();
	check_order();
}

static void check_sleeper(struct actor *actor)
{
	const struct plan *plan = plan_of(actor);
	bool is_first = list_first(&queue.sleepers) == &actor->task.wait.node;

	if (queue.owed != 0)
		fail("turn_is_owed_to_nobody");
	if (plan->wanted == 0 || !could_go_on(actor))
		return;
	if (plan->is_polling)
		fail("poll_sleeps_beside_%u_units", units);
	if (is_first || is_destroyed || is_finished)
		fail("wake_up_is_lost: task %d wants %u of %u", actor->number,
		     plan->wanted, units);
}

/* No sleeping task may be in front of the task that takes now. */
static void check_not_overtaking(void)
{
	const char *wrong = who_is_overtaken(&queue);

	if (wrong)
		fail("%s", wrong);
}

/* ---- Steps of actors ---------------------------------------------------- */

/* After its turn a task wakes the next task, as in kernel/obj/file.c. */
static void wake_next(void)
{
	if ((units > 0 || is_finished) && queue.owed == 0)
		wait_wake(&queue);
}

static long take_units(void *unused)
{
	struct plan *plan = plan_of(self());

	(void)unused;
	if (is_destroyed)
		return plan->last_attempt = -EIDRM;
	if (!could_go_on(self()))
		return plan->last_attempt = -EAGAIN;
	check_not_overtaking();
	if (self()->is_killed)
		fail("dead_task_uses_its_turn");
	if (!is_finished) {
		units -= plan->wanted;
		taken_in_all += plan->wanted;
	}
	wake_next();
	return plan->last_attempt = 0;
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
	const struct plan *plan = plan_of(actor);

	if (cpu.current->wait.queue)
		fail("task_leaves_with_a_turn");
	if (result == -EINTR && !actor->is_killed &&
	    (plan->is_deaf || !actor->is_signalled))
		fail("wait_ends_with_EINTR_without_a_signal");
	if (result == -ETIMEDOUT && now < deadline_ns)
		fail("wait_times_out_early");
	if (result != -EINTR && result != -ETIMEDOUT)
		return;
	if (plan->last_attempt == 0 || (was_free && plan->last_attempt == 1))
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
	struct plan *plan = plan_of(actor);
	bool was_free = wait_is_my_turn(&queue);
	long result;

	plan->wanted = 1 + (choose(3) == 0 ? choose(4) : 0);
	plan->is_deaf = request.is_deaf;
	plan->last_attempt = 1;
	tell("wants %u of %u", plan->wanted, units);
	result = wait_try(&queue, take_units, NULL);
	if (result == -EAGAIN)
		result = wait_for(&request, take_units, NULL);
	tell("got %ld", result);
	check_result(actor, result, request.deadline_ns, was_free);
	plan->wanted = 0;
}

static void put(void)
{
	uint32_t count = 1 + choose(3);

	tell("puts %u", count);
	units += count;
	put_in_all += count;
	wait_wake(&queue);
}

/* As kernel/sys/poll.c does. */
static long look(void *woken)
{
	struct list_node *node = list_take_first(woken);

	if (node)
		list_append(&queue.watchers, node);
	if (plan_of(self())->is_for_end && !could_go_on(self()))
		fail("poll_for_the_end_is_woken_for_units");
	return could_go_on(self()) ? 1 : -EAGAIN;
}

static void poll(struct actor *actor)
{
	struct wait_queue own;
	struct poller poller = {
		.queue = &own, .woken = LIST_INIT(poller.woken),
	};
	struct watcher watcher = { .poller = &poller };
	struct plan *plan = plan_of(actor);
	const struct wait_request request = {
		.queue = &own,
		.event = WAIT_POLL,
		.deadline_ns = choose_deadline(),
	};

	plan->wanted = 1;
	plan->is_for_end = choose(3) == 0;
	watcher.has_event = !plan->is_for_end;
	wait_queue_init(&own);
	list_append(&queue.watchers, &watcher.node);
	plan->is_polling = true;
	tell("polls: %ld", could_go_on(actor)
	     ? 1 : wait_for(&request, look, &poller.woken));
	plan->is_polling = plan->is_for_end = false;
	plan->wanted = 0;
	list_remove(&watcher.node);
	if (own.owed != 0)
		fail("poll_is_owed_a_turn");
}

static void destroy(void)
{
	tell("destroys");
	is_destroyed = true;
	wait_wake_all_error(&queue, -EIDRM);
}

static void finish(void)
{
	tell("finishes");
	is_finished = true;
	wait_wake_all(&queue);
	if (!list_is_empty(&queue.sleepers))
		fail("wake_all_leaves_a_sleeper");
}

static void actor_step(struct actor *actor)
{
	switch (choose(24)) {
	default:
		take(actor);
		return;
	case 0: case 1: case 2: case 3: case 4: case 5:
		put();
		return;
	case 6: case 7:
		poll(actor);
		return;
	case 8: case 9: case 10: case 11: case 12:
		common_step();
		return;
	case 13:
		if (choose(2))
			destroy();
		else
			finish();
		return;
	}
}

static void actor_leave(struct actor *actor)
{
	if (plan_of(actor)->wanted != 0)
		fail("task_%d_ends_in_a_wait", actor->number);
}

/* ---- One schedule ------------------------------------------------------- */

static void schedule_begin(void)
{
	memset(plans, 0, sizeof(plans));
	units = put_in_all = choose(3);
	taken_in_all = 0;
	is_destroyed = is_finished = false;
	wait_queue_init(&queue);
}

static void schedule_end(void)
{
	if (put_in_all != taken_in_all + units)
		fail("units_come_or_go: %u put, %u taken, %u left", put_in_all,
		     taken_in_all, units);
	if (!wait_queue_is_idle(&queue) || !list_is_empty(&queue.watchers))
		fail("queue_is_not_empty_at_the_end");
}

int main(int argc, char **argv)
{
	return run_schedules(argc, argv, SCHEDULES);
}
