/*
 * signal_action.c - the actions of a process for its signals: sigaction(2).
 *
 * A process has a table with an action for each signal: the default, ignore, or
 * a handler. fork() shares the table of the parent. When a process changes an
 * action of a shared table, the process gets a copy first. So a fork copies
 * nothing, and an exec of a process without handlers changes nothing.
 */
#include "kernel/abi/errno.h"
#include "kernel/lib/refs.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/alarm.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"

static struct pool actions_pool =
	POOL("signal-actions", sizeof(struct signal_actions));

static void pending_init(struct pending_signals *pending,
			 struct process *process, struct task *task)
{
	pending->set = 0;
	pending->process = process;
	pending->task = task;
	list_init(&pending->realtime);
}

bool signals_init(struct process *process, const struct process *parent)
{
	struct signals *signals = &process->signals;

	pending_init(&signals->pending, process, NULL);
	wait_queue_init(&signals->arrivals);
	signals->arrivals.is_chosen = true;	/* by their sets */
	signals->actions = parent ? parent->signals.actions
				  : pool_alloc(&actions_pool);
	if (!signals->actions)
		return false;
	signals->actions->refs++;
	return true;
}

void signals_join(struct task *task, struct process *process)
{
	pending_init(&task->signals.pending, process, task);
}

static void actions_put(struct signal_actions *actions)
{
	if (refs_drop(&actions->refs))
		pool_free(&actions_pool, actions);
}

void signals_destroy(struct process *process)
{
	signal_drop(&process->signals.pending, ~0ull);
	if (wait_queue_is_used(&process->signals.arrivals))
		wait_wake_all(&process->signals.arrivals);	/* of epoll */
	actions_put(process->signals.actions);
	process->signals.actions = NULL;
}

/* A table for this process alone: a copy when the table is shared. */
static struct signal_actions *own_actions(struct signals *signals)
{
	struct signal_actions *shared = signals->actions, *own;

	if (shared->refs == 1)
		return shared;
	own = pool_alloc(&actions_pool);
	if (!own)
		return NULL;
	memcpy(own, shared, sizeof(*own));
	own->refs = 1;
	actions_put(shared);
	signals->actions = own;
	return own;
}

struct signal_actions *signals_own_actions(void)
{
	struct signal_actions *own = own_actions(&process_current()->signals);

	if (own)
		own->were_changed = true;
	return own;
}

int signals_set_action(int n, const struct signal_action *action)
{
	struct process *process = process_current();
	struct signal_actions *actions = signals_own_actions();

	if (!actions)
		return -ENOMEM;
	actions->of[n] = *action;
	actions->of[n].blocked = action->mask | (action->flags & SA_NODEFER
						 ? 0 : SIGNAL_BIT(n));
	if (signal_is_ignored(process, n))
		signal_drop_everywhere(process, SIGNAL_BIT(n));
	alarms_release(process, SIGNAL_BIT(n));
	return 0;
}

void signals_fork(struct task_signals *signals)
{
	const struct task_signals *parent = &task_current()->signals;

	signals->blocked = parent->blocked;
	signals->stack = parent->stack;
	signals->stack_bytes = parent->stack_bytes;
}

/* Handlers become the default; the table still differs from the default table
 * when a signal is ignored. */
static void reset_handlers(struct signal_actions *actions)
{
	int n;

	actions->were_changed = false;
	for (n = 1; n < NSIG; n++) {
		if (actions->of[n].handler == HANDLER_IGNORE)
			actions->were_changed = true;
		else
			memset(&actions->of[n], 0, sizeof(actions->of[n]));
	}
}

int signals_exec(struct signals *signals)
{
	struct signal_actions *actions;

	if (signals->actions->were_changed) {
		actions = own_actions(signals);
		if (!actions)
			return -ENOMEM;
		reset_handlers(actions);
	}
	task_current()->signals.stack_bytes = 0;
	return 0;
}
