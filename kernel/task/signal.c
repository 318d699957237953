/*
 * signal.c - signals are sent, and pend. deliver.c has the other half.
 *
 * Sending changes only the state of the receiver: a bit in `pending`, the
 * details in a queue, and the flag signal_pending of a task. If the task waits,
 * its wait ends with -EINTR. The task acts when it is about to return to user
 * mode, in its own context. There the task may end, stop, or call a handler.
 *
 *	sent ---> pending ---> delivered	if not blocked
 *	  \\-> dropped				if ignored and not blocked
 *
 * A signal is sent to a process or to one task. A signal of a process is taken
 * by any task that does not block the signal, and only the first such task is
 * woken. If this task can no longer take the signal, signals_hand_on() wakes
 * another task. Without this step a task could sleep beside a signal that no
 * other task can take.
 *
 * A standard signal that already pends is not queued twice. A standard signal
 * pends without details if there is no memory for them; a real-time signal is
 * refused then.
 *
 * Some signals act when they are sent, blocked or not. SIGCONT and SIGKILL let
 * a stopped process go on. A stop signal drops a pending SIGCONT, and SIGCONT
 * drops pending stop signals. SIGKILL and SIGSTOP do not reach the first
 * process.
 *
 * Source: POSIX.1-2017, 2.4 Signal Concepts.
 */
#include "kernel/task/signal.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"

uint32_t process_stopped_count;
void (*signal_observer)(struct process *process, int n);

static struct pool queued_pool = POOL("signal", sizeof(struct queued_signal));

/* ---- Pending signals ---------------------------------------------------- */

/* The receiver pays: the sender may be a timer, while any task runs. */
static struct account *payer_of(struct signals *signals)
{
	return CONTAINER_OF(signals, struct process, signals)->account;
}

/*
 * Store the details of a signal that begins to pend. Returns -EAGAIN for a
 * real-time signal when there is no room: each of them has to be queued. A
 * standard signal can do with its bit alone.
 */
static int queue_details(struct signals *signals, struct task *task, int n,
			 const siginfo_t *info)
{
	struct queued_signal *queued = NULL;

	if (signals->queued < SIGQUEUE_MAX)
		queued = pool_alloc_for(&queued_pool, payer_of(signals));
	if (!queued)
		return n >= SIGNAL_REALTIME ? -EAGAIN : 0;
	list_node_init(&queued->node);
	queued->info = info ? *info : (siginfo_t){ 0 };
	queued->info.si_signo = n;
	queued->task = task;
	list_append(&signals->queue, &queued->node);
	signals->queued++;
	return 0;
}

void signal_unqueue(struct signals *signals, struct queued_signal *queued)
{
	list_remove(&queued->node);
	signals->queued--;
	pool_free(&queued_pool, queued);
}

void signal_drop(struct signals *signals, struct task *task, sigset_t set)
{
	sigset_t *pending = task ? &task->signals.pending : &signals->pending;
	struct queued_signal *queued, *after;

	if (!(*pending & set))		/* so there are no details either */
		return;
	*pending &= ~set;
	LIST_FOR_EACH_SAFE(queued, after, &signals->queue, node)
		if (queued->task == task &&
		    set & SIGNAL_BIT(queued->info.si_signo))
			signal_unqueue(signals, queued);
}

void signal_drop_everywhere(struct process *process, sigset_t set)
{
	struct task *task;

	signal_drop(&process->signals, NULL, set);
	LIST_FOR_EACH(task, &process->tasks, sibling)
		signal_drop(&process->signals, task, set);
}

void signals_leave(struct task *task)
{
	signal_drop(&task->process->signals, task, ~0ull);
}

/* ---- The flag of a task ------------------------------------------------- */

bool signal_is_pending(const struct task *task)
{
	return task->is_dying || task->process->state == PROCESS_STOPPED ||
	       signal_deliverable(task);
}

bool signal_is_fatal(const struct task *task)
{
	sigset_t set = signal_deliverable(task);
	int n;

	if (task->is_dying || set & SIGNAL_BIT(SIGKILL))
		return true;
	for (; set; set &= set - 1) {
		n = lowest_signal(set);
		if (action_of(task->process, n)->handler == HANDLER_DEFAULT &&
		    signal_default(n) <= CORE)
			return true;
	}
	return false;
}

/*
 * The flag of another task is only set here. The task clears the flag itself,
 * after it has looked: a wait that ended for a signal that is gone meanwhile
 * must begin again, and not return -EINTR.
 */
void signals_update_task(struct task *task)
{
	bool must_act = task->was_stepped || signal_is_pending(task);

	if (must_act || task == task_current())
		task->signal_pending = must_act;
	if (task != task_current())
		return;
	if (must_act)
		cpu_pend(PENDING_SIGNAL);
	else
		cpu_unpend(PENDING_SIGNAL);
}

void signals_update(struct process *process)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		signals_update_task(task);
}

/* End the wait of a task whose flag is set, if a signal may end this wait. */
static void interrupt(struct task *task)
{
	if (!task->signal_pending || task->state < TASK_BLOCKED)
		return;
	if (!task->wait.is_deaf || signal_is_fatal(task))
		wait_interrupt(task, -EINTR);
	if (task->state == TASK_STOPPED && task->is_dying)
		unblock_task(task);
}

void signal_alert(struct task *task)
{
	signals_update_task(task);
	interrupt(task);
}

void signals_set_mask(sigset_t mask)
{
	task_current()->signals.blocked = mask & ~SIGNALS_UNSTOPPABLE;
	signals_update_task(task_current());
}

void signals_mask_for_wait(sigset_t mask)
{
	struct task_signals *signals = &task_current()->signals;

	signals->saved_mask = signals->blocked;
	signals->has_saved_mask = true;
	signals_set_mask(mask);
}

/* ---- Stop and continue -------------------------------------------------- */

/* Let a stopped process run again. Returns false: it was not stopped. */
static bool process_resume(struct process *process)
{
	struct task *task;

	signal_drop_everywhere(process, STOP_SIGNALS);
	if (process->state != PROCESS_STOPPED)
		return false;
	process->state = PROCESS_ALIVE;
	process_stopped_count--;
	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (task->state == TASK_STOPPED)
			unblock_task(task);
	return true;
}

static void process_continue(struct process *process)
{
	if (!process_resume(process))
		return;
	process->status = WAIT_STATUS_CONTINUED;
	process->was_reported = false;
	process_notify_parent(process);
}

/* What some signals do when they are sent, blocked or not. */
static void act_at_once(struct process *process, sigset_t bit)
{
	if (bit & SIGNAL_BIT(SIGCONT))
		process_continue(process);
	if (bit & SIGNAL_BIT(SIGKILL))
		process_resume(process);
	if (bit & STOP_SIGNALS)
		signal_drop_everywhere(process, SIGNAL_BIT(SIGCONT));
}

/* ---- Sending ------------------------------------------------------------ */

/* The task that takes a signal of the process: the first that does not block
 * the signal, or NULL. */
static struct task *receiver(const struct process *process, sigset_t bit)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (!(task->signals.blocked & bit))
			return task;
	return NULL;
}

void signals_hand_on(struct process *process, sigset_t set)
{
	struct task *task;

	for (set &= process->signals.pending; set; set &= set - 1) {
		task = receiver(process, set & -set);
		signals_update(process);
		if (task)
			interrupt(task);
	}
}

/* Send to one task, or to the process (task NULL). */
static int send(struct process *process, struct task *task, int n,
		const siginfo_t *info)
{
	sigset_t bit = SIGNAL_BIT(n);
	sigset_t *pending = task ? &task->signals.pending
				 : &process->signals.pending;
	struct task *taker;
	int error;

	if (process->state == PROCESS_ZOMBIE ||
	    (process == process_init && bit & SIGNALS_UNSTOPPABLE))
		return 0;
	act_at_once(process, bit);
	taker = task ? task : receiver(process, bit);
	if (taker && taker->signals.blocked & bit)
		taker = NULL;
	if (taker && signal_is_ignored(process, n))
		return 0;
	if (*pending & bit && n < SIGNAL_REALTIME)
		return 0;
	error = queue_details(&process->signals, task, n, info);
	if (error)
		return error;
	*pending |= bit;
	trace(TRACE_SIGNAL, 0, process->id, n);
	if (signal_observer)
		signal_observer(process, n);
	wait_wake_all(&process->signals.arrivals);
	if (task)
		signals_update_task(task);
	else
		signals_update(process);
	if (taker)
		interrupt(taker);
	return 0;
}

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	return send(process, NULL, n, info);
}

int signal_send_task(struct task *task, int n, const siginfo_t *info)
{
	return send(task->process, task, n, info);
}

int signal_send_group(pid_t group, int n, const siginfo_t *info)
{
	struct process *process;
	int result = -ESRCH;

	LIST_FOR_EACH(process, &process_list, all) {
		if (process->group != group || process->state == PROCESS_ZOMBIE)
			continue;
		if (n)
			signal_send(process, n, info);
		result = 0;
	}
	return result;
}

void signal_force(int n, const siginfo_t *info)
{
	struct task *task = task_current();

	/* A fault that is not handled ends the process, or the fault would come
	 * again and again. The first process is not spared its own faults. */
	if (task->signals.blocked & SIGNAL_BIT(n) ||
	    action_of(task->process, n)->handler <= HANDLER_IGNORE)
		process_exit(WAIT_STATUS_SIGNAL(n));
	if (!(task->signals.pending & SIGNAL_BIT(n)))
		queue_details(&task->process->signals, task, n, info);
	task->signals.pending |= SIGNAL_BIT(n);
	signals_update_task(task);
}
