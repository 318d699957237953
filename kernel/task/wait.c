/*
 * wait.c - the one way to wait.
 *
 * The lost wake-up. A task looks, finds nothing and goes to sleep. If the
 * event comes between the look and the sleep, the task sleeps for ever. The
 * cure is an order. The sleeper makes its attempt, enters the queue and sleeps,
 * with task switches postponed [P], so that no task runs in between. The waker
 * first changes the state, then wakes. A call makes the first attempt itself:
 * a call that need not wait never comes here.
 *
 * Turns. A wake takes the first sleeper out of the queue and gives this task a
 * turn: the right to make its attempt before any newcomer. `owed` counts the
 * turns of tasks that have been woken and have not run yet. While a turn is
 * owed, a newcomer of no higher priority queues up, so no task overtakes a
 * waiting task. A task that runs with a turn has three cases:
 * - the attempt succeeds, and the wait is over;
 * - the attempt finds too little: the task goes back to the old place;
 * - the task cannot use the turn (a bad address, a kill, a task of higher
 *   priority now sleeps in front): the turn passes to the first sleeper.
 * If the first sleeper leaves by deadline or signal, the next sleeper gets a
 * turn as well. The first may have waited for more than there is, and less may
 * be enough for the next.
 *
 * A crowd. At the end of a file all sleepers can proceed. wait_wake_end() wakes
 * only the first: each task that has used its turn wakes the next, so no task
 * makes hundreds of tasks ready in one stretch. wait_wake_many() takes all
 * sleepers out of the queue, and makes only the first few ready: see crowd.c.
 *
 * Chosen queues. Sometimes the sleepers of one queue want different things: a
 * message of one type, the end of one child. There the waker chooses the task
 * with wait_wake_task(), or wakes all of them. Such a queue (is_chosen) has no
 * turns to pass on, wait_wake() wakes only its watchers, and no sleeper stands
 * in front of another.
 *
 * Watchers are entries of poll() and epoll. A task in poll() sleeps in a
 * private queue, and has a watcher in each watched queue. A wake lets these
 * tasks look again, but gives no turn in the watched queue: see crowd.c.
 *
 * The cost of a wake does not depend on the number of sleepers. Queueing up
 * passes only the sleepers of lower priority, from the tail.
 */
#include "kernel/task/wait.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/task/crowd.h"
#include "kernel/task/inherit.h"
#include "kernel/task/process.h"
#include "kernel/task/task.h"

const char *const wait_event_name[WAIT_EVENTS] = {
	"data", "space", "time", "exit", "signal", "events", "unit", "peer",
	"reply", "work",
};

/* The first sleeper, or NULL. */
static struct task *first_sleeper(const struct wait_queue *queue)
{
	struct list_node *node = list_first(&queue->sleepers);

	return node ? LIST_ENTRY(node, struct task, wait.node) : NULL;
}

bool wait_goes_before(const struct task *a, const struct task *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return a->wait.since_cycles < b->wait.since_cycles;
}

bool wait_has_priority(const struct wait_queue *queue)
{
	const struct task *first = first_sleeper(queue);

	if (queue->is_chosen)
		return true;
	return queue->owed == 0 &&
	       (!first || first->priority < task_current()->priority);
}

/* ---- Waking ------------------------------------------------------------- */

/* Take a sleeper out of the queue and make it ready, now or later. The outcome
 * is 0 for a turn, or the error. */
static void release(struct task *task, int outcome, bool is_late)
{
	list_remove(&task->wait.node);
	task->wait.outcome = outcome;
	task->wait.queue->owed += outcome == 0;
	if (is_late)
		wake_later(task);
	else
		unblock_task(task);
}

void wait_wake_task(struct wait_queue *queue, struct task *task)
{
	ASSERT(task->wait.queue == queue && list_is_linked(&task->wait.node));
	release(task, 0, false);
}

void wait_wake(struct wait_queue *queue)
{
	struct task *first = first_sleeper(queue);

	if (first && !queue->is_chosen)
		wait_wake_task(queue, first);
	if (!list_is_empty(&queue->watchers))
		wake_watchers(queue, false);
}

void wait_wake_end(struct wait_queue *queue)
{
	struct task *first = first_sleeper(queue);

	if (first)
		wait_wake_task(queue, first);
	wake_watchers(queue, true);
}

uint32_t wait_wake_many(struct wait_queue *queue, uint32_t most, int outcome)
{
	uint32_t woken = 0;

	while (woken < most && !list_is_empty(&queue->sleepers)) {
		release(first_sleeper(queue), outcome, woken >= WAKES_AT_ONCE);
		woken++;
	}
	return woken;
}

void wait_wake_all_error(struct wait_queue *queue, int error)
{
	wait_wake_many(queue, UINT32_MAX, error);
	wake_watchers(queue, true);
}

void wait_interrupt(struct task *task, int error)
{
	struct wait_queue *queue = task->wait.queue;
	bool was_first;

	if (!list_is_linked(&task->wait.node))
		return;
	was_first = task->wait.node.prev == &queue->sleepers.head;
	release(task, error, false);
	if (task->wait.loan)
		inherit_recount(task->wait.loan);
	if (was_first)
		wait_wake(queue);
}

/* ---- Waiting ------------------------------------------------------------ */

/* Enter the queue behind all tasks that go before this task. */
static void queue_up(struct wait_queue *queue, struct task *task)
{
	struct list_node *at = &queue->sleepers.head;

	while (at->prev != &queue->sleepers.head &&
	       wait_goes_before(task, LIST_ENTRY(at->prev, struct task,
						 wait.node)))
		at = at->prev;
	list_insert_before(at, &task->wait.node);
}

void wait_reorder(struct task *task)
{
	struct wait_queue *queue = task->wait.queue;
	const struct task *first;

	if (!list_is_linked(&task->wait.node))
		return;
	first = first_sleeper(queue);
	list_remove(&task->wait.node);
	queue_up(queue, task);
	if (first_sleeper(queue) != first)
		wait_wake(queue);
}

static bool is_interrupted(const struct task *task)
{
	if (!task->signal_pending || !task->process)
		return false;
	return task->wait.is_deaf ? signal_is_fatal(task)
				  : signal_is_pending(task);
}

/*
 * The running task has been woken with a turn. 0: make the attempt. -EINTR:
 * the task was killed meanwhile. -EAGAIN: a task that goes before this task
 * entered the queue meanwhile, or found too little and went back; the turn is
 * passed on.
 */
static int take_turn(struct wait_queue *queue, struct task *task)
{
	queue->owed--;
	if (task->signal_pending && task->process && signal_is_fatal(task))
		return -EINTR;
	if (list_is_empty(&queue->sleepers) || queue->is_chosen ||
	    !wait_goes_before(first_sleeper(queue), task))
		return 0;
	wait_wake(queue);
	return -EAGAIN;
}

/* Let the timer end the sleep at the deadline. False: the deadline is over. */
static bool deadline_start(struct task *task, uint64_t deadline_ns)
{
	task->wait.last_deadline_ns = deadline_ns;
	if (deadline_ns <= arch_now_ns())
		return false;
	if (!task->is_explored)
		timer_start(&task->wait.timer, deadline_ns);
	return true;
}

/* The task has begun to sleep with this loan. A task that shares time lends
 * nothing at a call, so the usual call costs no count. */
static void lend(struct loan *loan, const struct task *task)
{
	if (loan->queue || task->level > LEVEL_SHARED)
		inherit_recount(loan);
}

/* Sleep once. 0: the task has a turn. -EAGAIN: sleep again. Or the error that
 * ends the wait. */
static int sleep_once(struct task *task)
{
	struct wait *wait = &task->wait;
	uint64_t deadline_ns = wait->request->deadline_ns;

	if (is_interrupted(task))
		return -EINTR;
	if (deadline_ns != FOREVER && !deadline_start(task, deadline_ns))
		return -ETIMEDOUT;
	queue_up(wait->queue, task);
	if (wait->loan)
		lend(wait->loan, task);
	trace(TRACE_BLOCK, wait->request->object, wait->request->event,
	      deadline_ns == FOREVER ? UINT32_MAX : deadline_ns / 1000000);
	block_task(TASK_BLOCKED);
	if (timer_is_started(&wait->timer))
		timer_stop(&wait->timer);
	return wait->outcome ? wait->outcome : take_turn(wait->queue, task);
}

static void wait_begin(struct wait *wait, const struct wait_request *request,
		       void *context)
{
	wait->queue = request->queue;
	wait->request = request;
	wait->is_deaf = request->is_deaf;
	wait->since_cycles = arch_cycles();
	wait->context = context;
	wait->outcome = -EAGAIN;	/* no turn so far */
}

/* The wait is over. An unused turn passes to the next sleeper. */
static void wait_end(struct wait *wait, long result)
{
	if (result < 0 && wait->outcome == 0)
		wait_wake(wait->queue);
	wait->queue = NULL;
	wait->loan = NULL;
	trace(TRACE_WAITED, wait->request->object, result, 0);
}

long wait_for(const struct wait_request *request, wait_attempt *attempt,
	      void *context)
{
	struct task *task = task_current();
	long result;

	ASSERT(!task->wait.queue && task->state == TASK_RUNNING);
	wait_begin(&task->wait, request, context);
	do {
		result = sleep_once(task);
		if (result == 0)
			result = attempt(task->wait.context);
	} while (result == -EAGAIN);
	wait_end(&task->wait, result);
	return result;
}

long wait_go_on(long result, const struct wait_request *request,
		wait_attempt *attempt, void *context)
{
	for (;;) {
		if (result == -EAGAIN && !request->never_sleeps)
			result = wait_for(request, attempt, context);
		if (result != WAIT_TRY_NEXT)
			return result;
		if (!signal_lets_go_on())
			return -EINTR;
		result = wait_try(request->queue, attempt, context);
	}
}

static long never(void *unused)
{
	(void)unused;
	return -EAGAIN;
}

int wait_until(enum wait_event event, uint64_t deadline_ns)
{
	struct wait_queue own;
	const struct wait_request request = {
		.queue = &own,
		.event = event,
		.deadline_ns = deadline_ns,
	};

	wait_queue_init(&own);
	return wait_for(&request, never, NULL);
}

int nano_sleep_until(uint64_t deadline_ns)
{
	int result = wait_until(WAIT_TIME, deadline_ns);

	return result == -ETIMEDOUT ? 0 : result;
}
