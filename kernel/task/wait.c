/*
 * wait.c - the one way to wait.
 *
 * The lost wake-up, and why it cannot happen here. A sleeper looks, finds
 * nothing and goes to sleep; if the event falls between the look and the sleep,
 * nobody wakes it. The cure is an order: stand in the queue, look, sleep on
 * this side; change the state, then wake on the other. All of it runs with task
 * switches postponed, so between looking and sleeping nobody else runs at all.
 *
 * Turns. A wake takes the first sleeper out of the queue and owes it a turn.
 * Until it has used it, a newcomer of no higher priority stands behind, so
 * nobody overtakes. A turn ends in one of three ways:
 * - the attempt succeeds;
 * - it finds too little: the task goes back to its old place in the queue;
 * - it fails for reasons of the task's own (a bad address, a kill), or somebody
 *   sleeps who goes before: the turn is passed on to the first sleeper.
 * Whoever comes to the head of the queue because the one before left it, by
 * time or signal, gets a turn too: that one may have waited for more than there
 * is, while this one would be content with less.
 *
 * A waker that has what the first sleeper wants, and can give it, need not wake
 * it to look: it serves it (wait_serve()). Such a sleeper has had its turn. It
 * may be killed before it runs, and must not keep what others wait for then: if
 * a signal came in between, the switch to it says so (WAIT_SERVED_BUT).
 *
 * Where sleepers want different things (a message of one type, the end of one
 * child), the waker chooses, by wait_wake_task() or all of them: such a queue
 * (is_chosen) has no turns that could be passed on. wait_wake() then wakes the
 * watchers only, and no sleeper stands in another's way.
 *
 * Watchers (poll) are woken beside the sleepers, from a queue of their own: the
 * one they watch owes them nothing.
 *
 * The cost of a wake does not depend on the number of sleepers. Queueing up
 * costs a walk over those of lower priority, from the tail.
 */
#include "kernel/task/wait_inline.h"

#include "kernel/lib/trace.h"
#include "kernel/task/process.h"
#include "kernel/task/task.h"

const char *const wait_event_name[WAIT_EVENTS] = {
	"data", "space", "time", "exit", "signal", "events", "unit", "peer",
	"reply", "work",
};

void wait_queue_init(struct wait_queue *queue)
{
	list_init(&queue->sleepers);
	list_init(&queue->watchers);
	queue->owed = 0;
	queue->is_chosen = false;
}

static struct task *task_of(struct list_node *node)
{
	return CONTAINER_OF(node, struct task, wait.node);
}

bool wait_goes_before(const struct task *a, const struct task *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return a->wait.since_cycles < b->wait.since_cycles;
}

void wait_queue_up_behind(struct wait_queue *queue, struct task *task)
{
	struct list_node *at = &queue->sleepers.head;

	while (at->prev != &queue->sleepers.head &&
	       wait_goes_before(task, task_of(at->prev)))
		at = at->prev;
	list_insert_before(at, &task->wait.node);
}

/* Take a sleeper out and let it run; outcome says why. */
static void release(struct task *task, int outcome)
{
	list_remove(&task->wait.node);
	task->wait.outcome = outcome;
	unblock_task(task);
}

bool wait_is_my_turn(const struct wait_queue *queue)
{
	const struct list_node *first = queue->sleepers.head.next;

	if (queue->owed > 0)
		return queue->is_chosen;
	return first == &queue->sleepers.head || queue->is_chosen ||
	       CONTAINER_OF(first, struct task, wait.node)->priority <
	       cpu.current->priority;
}

/* ---- Waking ------------------------------------------------------------- */

static SLOW_PATH void wake_watchers(struct wait_queue *queue)
{
	struct watcher *watcher;

	LIST_FOR_EACH(watcher, &queue->watchers, node)
		if (list_is_linked(&watcher->task->wait.node))
			wait_wake_task(watcher->task->wait.queue,
				       watcher->task);
}

void wait_wake_task(struct wait_queue *queue, struct task *task)
{
	queue->owed++;
	release(task, 0);
}

static SLOW_PATH void wake_beside_watchers(struct wait_queue *queue)
{
	struct list_node *first = list_first(&queue->sleepers);

	if (first && !queue->is_chosen)
		wait_wake_task(queue, task_of(first));
	wake_watchers(queue);
}

void wait_wake(struct wait_queue *queue)
{
	struct list_node *first = queue->sleepers.head.next;

	if (UNLIKELY(queue->is_chosen || !list_is_empty(&queue->watchers)))
		wake_beside_watchers(queue);
	else if (LIKELY(first != &queue->sleepers.head))
		wait_wake_task(queue, task_of(first));
}

void wait_wake_all(struct wait_queue *queue)
{
	while (!list_is_empty(&queue->sleepers))
		wait_wake_task(queue, task_of(queue->sleepers.head.next));
	wake_watchers(queue);
}

void wait_wake_all_error(struct wait_queue *queue, int error)
{
	struct list_node *first;

	while ((first = list_first(&queue->sleepers)) != NULL)
		release(task_of(first), error);
	wake_watchers(queue);
}

void wait_interrupt(struct task *task, int outcome)
{
	struct wait_queue *queue = task->wait.queue;
	bool was_first;

	if (!list_is_linked(&task->wait.node))
		return;
	was_first = list_first(&queue->sleepers) == &task->wait.node;
	release(task, outcome);
	if (was_first)
		wait_wake(queue);
}

void wait_reorder(struct task *task)
{
	struct wait_queue *queue = task->wait.queue;
	struct list_node *first;

	if (!list_is_linked(&task->wait.node) ||
	    list_is_alone(&task->wait.node))
		return;
	first = list_first(&queue->sleepers);
	list_remove(&task->wait.node);
	wait_queue_up_behind(queue, task);
	if (list_first(&queue->sleepers) != first)
		wait_wake(queue);
}

/* ---- Waiting ------------------------------------------------------------ */

/* May this wait end because of a signal? */
static bool is_interrupted(const struct task *task)
{
	if (LIKELY(!task->signal_pending) || !task->process)
		return false;
	return task->wait.is_deaf ? signal_is_fatal(task)
				  : signal_is_pending(task);
}

int wait_reason_to_end(void)
{
	const struct task *task = cpu.current;

	if (UNLIKELY(is_interrupted(task)))
		return -EINTR;
	if (LIKELY(task->wait.deadline_ns == FOREVER))
		return 0;
	return task->wait.deadline_ns <= arch_now_ns() ? -ETIMEDOUT : 0;
}

/* Killed between the wake and now: the turn must go to somebody alive. */
static bool is_killed(void)
{
	return cpu.current->signal_pending && process_current() &&
	       signal_is_fatal(cpu.current);
}

/* Does somebody sleep who goes before the running task? */
static bool is_behind(const struct wait_queue *queue)
{
	struct list_node *first = list_first(&queue->sleepers);

	return first && !queue->is_chosen &&
	       wait_goes_before(task_of(first), cpu.current);
}

/*
 * Since the task was woken somebody of higher priority may have come, or one
 * that stood in front has looked, found too little for itself and gone back to
 * its place: then the turn is theirs.
 */
int wait_may_use_turn(struct wait_queue *queue)
{
	if (is_killed())
		return -EINTR;
	if (!is_behind(queue))
		return 0;
	wait_wake(queue);
	return -EAGAIN;
}

SLOW_PATH int wait_sleep_again(const struct wait_request *request)
{
	int result = wait_reason(request);

	return result ? result : wait_sleep(cpu.current, request);
}

long wait_try(struct wait_queue *queue, wait_attempt *attempt, void *context)
{
	return wait_is_my_turn(queue) ? attempt(context) : -EAGAIN;
}

long wait_for(const struct wait_request *request, wait_attempt *attempt,
	      void *context)
{
	long result = -EAGAIN;

	if (!request->has_tried)
		result = wait_try(request->queue, attempt, context);
	if (result != -EAGAIN)
		return result;
	cpu.current->wait.context = context;
	return wait_in_turn(request, attempt, context);
}

static long never(void *unused)
{
	(void)unused;
	return -EAGAIN;
}

int nano_sleep_until(uint64_t deadline_ns)
{
	struct wait_queue nobody;
	struct wait_request request = {
		.queue = &nobody,
		.event = WAIT_TIME,
		.deadline_ns = deadline_ns,
	};
	int result;

	wait_queue_init(&nobody);
	result = wait_for(&request, never, NULL);
	return result == -ETIMEDOUT ? 0 : result;
}
