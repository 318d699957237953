/*
 * crowd.c - one event for many tasks, and for the tasks in poll() and epoll.
 *
 * No stretch of the kernel may be long, however many tasks an event concerns.
 * So a wake does the first part of its work, and leaves the rest to deferred
 * work (PENDING_WAKES), which has a chance to switch tasks after each step.
 *
 * Tasks. A task on the list `late_tasks` is woken, but not ready yet. To the
 * rest of the kernel the task has left its queue: neither a signal nor a
 * deadline takes the event away.
 *
 * Watchers are entries of poll() and epoll in a queue. A wake moves the
 * watchers to the list of their poll (poller->woken). A task in poll() sleeps
 * in a private queue, and looks again. A set of epoll has watchers as well, and
 * the tasks wait in the queue of the set. The files with O_ASYNC share one
 * poller, which no task waits for: deferred work looks again. A watcher that
 * waits for the end of the object sleeps through data and space.
 *
 * A wake tells a few watchers at once. The others go to the list `late`. A late
 * watcher looks at its object when it is told, so it misses nothing that
 * happens meanwhile.
 */
#include "kernel/task/crowd.h"

#include "kernel/task/cpu.h"
#include "kernel/task/sched.h"
#include "kernel/task/task.h"

#define WATCHERS_AT_ONCE	32

static struct list late = LIST_INIT(late);	/* [P] watchers to tell */
static struct list late_tasks = LIST_INIT(late_tasks);	/* [P] by task->ready:
							   woken, not ready */

void wake_later(struct task *task)
{
	list_append(&late_tasks, &task->ready);
	cpu_pend(PENDING_WAKES);
}

/* Leave this watcher, and all watchers behind it, to wait_tell_late(). */
static void tell_later(struct wait_queue *queue, struct list_node *first)
{
	list_move_rest(&queue->watchers, first, &late);
	cpu_pend(PENDING_WAKES);
}

/* Let the poller look again: a task that sleeps in its queue, or deferred work.
 * A poller that watches the poller is told later. */
static void tell(struct watcher *watcher)
{
	struct poller *poller = watcher->poller;
	struct list_node *sleeper;

	list_remove(&watcher->node);
	list_append(&poller->woken, &watcher->node);
	if (!poller->queue) {
		cpu_pend(poller->work);
		return;
	}
	sleeper = list_first(&poller->queue->sleepers);
	if (sleeper)
		wait_wake_task(poller->queue,
			       LIST_ENTRY(sleeper, struct task, wait.node));
	if (!list_is_empty(&poller->queue->watchers))
		tell_later(poller->queue,
			   list_first(&poller->queue->watchers));
}

void wake_watchers(struct wait_queue *queue, bool is_end)
{
	struct watcher *watcher, *after;
	unsigned count = 0;

	LIST_FOR_EACH_SAFE(watcher, after, &queue->watchers, node) {
		if (count++ == WATCHERS_AT_ONCE) {
			tell_later(queue, &watcher->node);
			return;
		}
		if (watcher->has_event || is_end)
			tell(watcher);
	}
}

void wait_tell_late(void)
{
	struct list_node *node;

	for (;;) {
		if ((node = list_take_first(&late_tasks)) != NULL)
			unblock_task(LIST_ENTRY(node, struct task, ready));
		else if ((node = list_first(&late)) != NULL)
			tell(LIST_ENTRY(node, struct watcher, node));
		else
			return;
		/* This loop goes on: no other task needs to begin it. */
		cpu_unpend(PENDING_WAKES);
		sched_point();
	}
}

bool wait_has_late(void)
{
	return !list_is_empty(&late);
}
