/*
 * signal.c - signals are sent, and pend. deliver.c has the second half.
 *
 * Sending changes only the state of the receiver: a bit in the pending set, the
 * details of the signal, and the flag signal_pending of a task. If the task
 * waits, the wait ends with -EINTR. The task acts when the task is about to
 * return to user mode. There the task may end, stop, or call a handler.
 *
 *	sent ---> pending ---> delivered	if not blocked
 *	  \\-> dropped				if ignored and not blocked
 *
 * A signal is sent to a process or to a single task. A signal of a process may
 * be taken by any task, unless the task blocks the signal. Only a single task
 * is alerted: the running task if possible. So the cost of a signal does not
 * grow with the number of threads. An alerted task comes to signal_deliver()
 * before the task goes back to its program. If by then the task blocks the
 * signal, or if the task ends, signals_hand_on() alerts a further task. Without
 * this step a task could sleep beside a pending signal for this task.
 *
 * A standard signal that already pends is not sent twice. A real-time signal is
 * queued each time, and refused when there is no room.
 *
 * Some signals act when they are sent, blocked or not. SIGCONT and SIGKILL let
 * a stopped process go on. A stop signal drops a pending SIGCONT, and SIGCONT
 * drops pending stop signals. SIGKILL and SIGSTOP do not reach the first
 * process. The first process ignores every signal without a handler: no user
 * can end init.
 *
 * Source: POSIX.1-2017, 2.4 Signal Concepts.
 */
#include "kernel/task/signal.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/alarm.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"

uint32_t process_stopped_count;

static const struct {
	const char *name;		/* [const] */
	enum default_action action;	/* [const] */
} signal_table[SIGNAL_REALTIME] = {
#define SIGNAL(name, number, action, text) [number] = { #name, action },
#include "kernel/abi/signals.def"
#undef SIGNAL
};

static struct pool queued_pool = POOL("signal", sizeof(struct queued_signal));

const char *signal_name(int n)
{
	return n > 0 && n < SIGNAL_REALTIME ? signal_table[n].name : "SIGRT";
}

enum default_action signal_default(int n)
{
	return n < SIGNAL_REALTIME ? signal_table[n].action : END;
}

bool signal_is_ignored(const struct process *process, int n)
{
	uaddr_t handler = action_of(process, n)->handler;

	if (handler != HANDLER_DEFAULT)
		return handler == HANDLER_IGNORE;
	return process == process_init || signal_default(n) == IGNORE;
}

/* ---- Pending signals ---------------------------------------------------- */

/* Add the details of a real-time signal to the queue. The receiver pays: the
 * sender may be a timer, while any task runs. Returns -EAGAIN when there is no
 * room. */
static int enqueue(struct pending_signals *pending, int n,
		   const siginfo_t *info)
{
	struct signals *signals = &pending->process->signals;
	struct queued_signal *queued = NULL;

	if (signals->queued < SIGQUEUE_MAX)
		queued = pool_alloc_for(&queued_pool,
					pending->process->account);
	if (!queued)
		return -EAGAIN;
	list_node_init(&queued->node);
	queued->info = *info;
	queued->info.si_signo = n;
	list_append(&pending->realtime, &queued->node);
	signals->queued++;
	return 0;
}

void signal_unqueue(struct pending_signals *pending,
		    struct queued_signal *queued)
{
	list_remove(&queued->node);
	pending->process->signals.queued--;
	pool_free(&queued_pool, queued);
}

/* Does not look at the alarms. False: none of the signals pended. */
static bool drop(struct pending_signals *pending, sigset_t set)
{
	struct queued_signal *queued, *after;

	if (!(pending->set & set))
		return false;
	pending->set &= ~set;
	LIST_FOR_EACH_SAFE(queued, after, &pending->realtime, node)
		if (set & SIGNAL_BIT(queued->info.si_signo))
			signal_unqueue(pending, queued);
	return true;
}

void signal_drop(struct pending_signals *pending, sigset_t set)
{
	if (drop(pending, set))
		alarms_release(pending->process, set);
}

void signal_drop_everywhere(struct process *process, sigset_t set)
{
	bool has_dropped = drop(&process->signals.pending, set);
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		has_dropped |= drop(&task->signals.pending, set);
	if (has_dropped)
		alarms_release(process, set);
}

void signals_leave(struct task *task)
{
	signal_drop(&task->signals.pending, ~0ull);
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
	for (n = 1; n < NSIG && set; n++) {
		if (set & SIGNAL_BIT(n) && signal_default(n) <= CORE &&
		    action_of(task->process, n)->handler == HANDLER_DEFAULT)
			return true;
		set &= ~SIGNAL_BIT(n);
	}
	return false;
}

bool signal_lets_go_on(void)
{
	const struct task *task = task_current();

	sched_point();
	return !task->signal_pending || !task->process ||
	       !signal_is_fatal(task);
}

/* End the wait of a task, if a signal may end this wait. */
static void interrupt(struct task *task)
{
	if (!task->wait.is_deaf || signal_is_fatal(task))
		wait_interrupt(task, -EINTR);
	if (task->state == TASK_STOPPED && task->is_dying)
		unblock_task(task);
}

void signal_alert(struct task *task)
{
	task->signal_pending = true;
	if (task == task_current())
		cpu_pend(PENDING_SIGNAL);
	else if (task->state >= TASK_BLOCKED)
		interrupt(task);
}

void signals_set_mask(sigset_t mask)
{
	struct task *task = task_current();

	task->signals.blocked = mask & ~SIGNALS_UNSTOPPABLE;
	if (signal_deliverable(task))
		signal_alert(task);
	/* The task may have been alerted for a signal that it blocks now, and
	 * may sleep before signal_deliver(). */
	if (task->signal_pending)
		signals_hand_on(task->process, task->signals.blocked);
}

void signals_mask_for_wait(sigset_t mask)
{
	struct task_signals *signals = &task_current()->signals;

	signals->saved_mask = signals->blocked;
	signals->has_saved_mask = true;
	signals_set_mask(mask);
}

void signals_unmask_after_wait(void)
{
	struct task_signals *signals = &task_current()->signals;

	signals->has_saved_mask = false;
	signals_set_mask(signals->saved_mask);
}

/* ---- Stop and continue -------------------------------------------------- */

void process_resume_task(struct process *process)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (task->state == TASK_STOPPED) {
			unblock_task(task);
			return;
		}
}

/* Let a process run again. A stop signal that stays pending beside SIGKILL
 * could stop the process once more. Returns false: it was not stopped. */
static bool process_resume(struct process *process)
{
	signal_drop_everywhere(process, STOP_SIGNALS);
	if (process->state != PROCESS_STOPPED)
		return false;
	process->state = PROCESS_ALIVE;
	process_stopped_count--;
	process_resume_task(process);
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

/* The signals that act when they are sent, blocked or not. */
#define SIGNALS_AT_ONCE	(STOP_SIGNALS | SIGNAL_BIT(SIGCONT) | \
			 SIGNAL_BIT(SIGKILL))

static void act_at_once(struct process *process, int n)
{
	if (n == SIGCONT)
		process_continue(process);
	else if (n == SIGKILL)
		process_resume(process);
	else
		signal_drop_everywhere(process, SIGNAL_BIT(SIGCONT));
}

/* ---- Sending ------------------------------------------------------------ */

/* The task to alert for a signal of the process, or NULL: all tasks block the
 * signal. */
static struct task *receiver(const struct process *process, sigset_t bit)
{
	struct task *task = task_current();

	if (task->process == process && !(task->signals.blocked & bit))
		return task;
	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (!(task->signals.blocked & bit))
			return task;
	return NULL;
}

/* Each signal goes to the first task that does not block the signal. */
void signals_hand_on(struct process *process, sigset_t set)
{
	struct task *task;

	set &= process->signals.pending.set;
	LIST_FOR_EACH(task, &process->tasks, sibling) {
		if (!set)
			return;
		if (set & ~task->signals.blocked)
			signal_alert(task);
		set &= task->signals.blocked;
	}
}

/* A standard signal begins to pend. */
static void store(struct pending_signals *pending, int n,
		  const siginfo_t *info)
{
	pending->details[n] = *info;
	pending->details[n].si_signo = n;
}

/* Send to a process or to a single task; info NULL: no details. */
static int send(struct pending_signals *pending, int n, const siginfo_t *info)
{
	struct process *process = pending->process;
	static const siginfo_t no_details;
	struct task *taker = pending->task;
	sigset_t bit = SIGNAL_BIT(n);

	if (!info)
		info = &no_details;
	if (process->state == PROCESS_ZOMBIE ||
	    (process == process_init && bit & SIGNALS_UNSTOPPABLE))
		return 0;
	if (bit & SIGNALS_AT_ONCE)
		act_at_once(process, n);
	if (!taker)
		taker = receiver(process, bit);
	else if (taker->signals.blocked & bit)
		taker = NULL;
	if (taker && signal_is_ignored(process, n))
		return 0;
	/* After kill(2), a signal that meets a full queue pends once, without
	 * details. */
	if (n >= SIGNAL_REALTIME) {
		if (enqueue(pending, n, info) != 0 && info->si_code != SI_USER)
			return -EAGAIN;
	} else if (pending->set & bit) {
		return 0;
	} else {
		store(pending, n, info);
	}
	pending->set |= bit;
	trace(TRACE_SIGNAL, 0, process->id, n);
	if (wait_queue_is_used(&process->signals.arrivals))
		wait_wake_all(&process->signals.arrivals);
	if (taker)
		signal_alert(taker);
	return 0;
}

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	return send(&process->signals.pending, n, info);
}

int signal_send_task(struct task *task, int n, const siginfo_t *info)
{
	return send(&task->signals.pending, n, info);
}

void signal_force(int n, const siginfo_t *info)
{
	struct task *task = task_current();

	/* A fault without a handler ends the process, or the fault would come
	 * again and again. The first process is not spared. */
	if (task->signals.blocked & SIGNAL_BIT(n) ||
	    action_of(task->process, n)->handler <= HANDLER_IGNORE)
		process_exit(WAIT_STATUS_SIGNAL(n));
	if (!(task->signals.pending.set & SIGNAL_BIT(n)))
		store(&task->signals.pending, n, info);
	task->signals.pending.set |= SIGNAL_BIT(n);
	signal_alert(task);
}
