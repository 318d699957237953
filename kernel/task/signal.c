/*
 * signal.c - signals: sent and pending. deliver.c has the other half; this one
 * is long because a signal has many ways to be without effect.
 *
 * Sending only notes: a bit in `pending`, the details in a queue, and the
 * receiver's flag signal_pending. If the receiver waits, its wait ends with
 * -EINTR. It acts when it is about to return to user mode, in its own context,
 * where it may die, stop, or have a call of its handler put on its stack.
 *
 *	sent ---> pending ---> delivered	if not blocked
 *	  \\-> dropped				if ignored and not blocked
 *
 * A standard signal that already pends is not queued twice. SIGKILL and
 * SIGSTOP cannot be blocked, ignored or handled. The first process is spared
 * everything it has no handler for: nobody can kill init.
 *
 * Mostly one signal pends at a time. So there is a slot for the details of one
 * standard signal beside the queue: no memory to get, no list to search. Of a
 * standard signal only one can pend for each receiver, so no order is lost.
 */
#include "kernel/task/signal.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/refs.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_inline.h"
#include "kernel/task/signal_state.h"

static const struct {
	const char *name;
	enum default_action action;
} signal_table[32] = {
#define SIGNAL(name, number, action, text) [number] = { #name, action },
#include "kernel/abi/signals.def"
#undef SIGNAL
};

uint32_t process_stopped_count;
void (*signal_observer)(struct process *process, int n);

static struct pool queued_pool = POOL("signal", sizeof(struct queued_signal));
static struct pool actions_pool =
	POOL("signal-actions", sizeof(struct signal_actions));

const char *signal_name(int n)
{
	return n > 0 && n < 32 ? signal_table[n].name : "SIGRT";
}

enum default_action signal_default(int n)
{
	return n < 32 ? signal_table[n].action : END;
}

/* ---- Life --------------------------------------------------------------- */

bool signals_init(struct signals *signals, const struct signals *parent)
{
	list_init(&signals->queue);
	wait_queue_init(&signals->arrivals);
	signals->arrivals.is_chosen = true;	/* each waits for its set */
	if (parent) {
		signals->actions = parent->actions;
		signals->actions->refs++;
		return true;
	}
	signals->actions = pool_alloc(&actions_pool);
	if (!signals->actions)
		return false;
	signals->actions->refs = 1;
	return true;
}

static void actions_put(struct signal_actions *actions)
{
	if (refs_drop(&actions->refs))
		pool_free(&actions_pool, actions);
}

void signal_unqueue(struct signals *signals, struct queued_signal *queued)
{
	list_remove(&queued->node);
	signals->queued--;
	pool_free(&queued_pool, queued);
}

/* Forget signals of this set: those of one task, or of the process (NULL). */
void signal_drop(struct signals *signals, struct task *task,
		 sigset_t set)
{
	sigset_t *pending = task ? &task->signals.pending : &signals->pending;
	struct queued_signal *queued, *after;

	if (!(*pending & set))		/* so no details wait either */
		return;
	*pending &= ~set;
	if (signals->slot.task == task && signals->slot.info.si_signo &&
	    set & SIGNAL_BIT(signals->slot.info.si_signo))
		signals->slot.info.si_signo = 0;
	LIST_FOR_EACH_SAFE(queued, after, &signals->queue, node) {
		if (queued->task != task ||
		    !(set & SIGNAL_BIT(queued->info.si_signo)))
			continue;
		signal_unqueue(signals, queued);
	}
}

void signals_destroy(struct signals *signals)
{
	signal_drop(signals, NULL, ~0ull);
	actions_put(signals->actions);
	signals->actions = NULL;
}

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

/* Would it be the last thing that such an action does to call the handler? */
static bool is_plain(int n, const struct signal_action *action)
{
	return n < SIGNAL_REALTIME && action->handler > HANDLER_IGNORE &&
	       !(SIGNAL_BIT(n) & SIGNALS_WITH_EFFECT) &&
	       !(action->flags & ~(SA_RESTART | SA_NOCLDSTOP | SA_NOCLDWAIT));
}

int signals_set_action(int n, const struct signal_action *action)
{
	struct signal_actions *actions = signals_own_actions();

	if (!actions)
		return -ENOMEM;
	actions->of[n] = *action;
	if (is_plain(n, action))
		actions->plain |= SIGNAL_BIT(n);
	else
		actions->plain &= ~SIGNAL_BIT(n);
	signal_discard_ignored(process_current(), n);
	return 0;
}

int signals_exec(struct signals *signals)
{
	struct signal_actions *actions;
	int n;

	if (!signals->actions->were_changed)
		return 0;
	actions = own_actions(signals);
	if (!actions)
		return -ENOMEM;
	actions->were_changed = false;
	actions->plain = 0;
	for (n = 1; n < NSIG; n++) {
		if (actions->of[n].handler == HANDLER_IGNORE)
			actions->were_changed = true;
		else
			memset(&actions->of[n], 0, sizeof(actions->of[n]));
	}
	return 0;
}

/* ---- Questions ---------------------------------------------------------- */

/* What happens when n is delivered, were it delivered now? */
bool signal_is_ignored(const struct process *process, int n)
{
	uaddr_t handler = action_of(process, n)->handler;

	if (handler == HANDLER_IGNORE)
		return true;
	if (handler != HANDLER_DEFAULT)
		return false;
	return process == process_init || signal_default(n) == IGNORE;
}

static inline bool is_pending(const struct task *task)
{
	return task->is_dying || task->process->state == PROCESS_STOPPED ||
	       signal_deliverable(task);
}

bool signal_is_pending(const struct task *task)
{
	return is_pending(task);
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

/* Forget what waits of these signals, for the process and for its tasks. */
static void drop_everywhere(struct process *process, sigset_t set)
{
	struct task *task;

	signal_drop(&process->signals, NULL, set);
	LIST_FOR_EACH(task, &process->tasks, sibling)
		signal_drop(&process->signals, task, set);
}

void signal_discard_ignored(struct process *process, int n)
{
	if (signal_is_ignored(process, n))
		drop_everywhere(process, SIGNAL_BIT(n));
	signals_update(process);
}

static inline bool must_act(const struct task *task)
{
	return task->was_stepped || is_pending(task);
}

/*
 * Another task keeps its flag until it has looked itself: a wait that ended for
 * a signal that is gone meanwhile must begin again, and not return EINTR.
 */
void signals_update_task(struct task *task)
{
	if (must_act(task))
		task->signal_pending = true;
	else if (task == cpu.current)
		task->signal_pending = false;
	if (task != cpu.current)
		return;
	if (task->signal_pending)
		cpu_pend(PENDING_SIGNAL);
	else
		cpu_unpend(PENDING_SIGNAL);
}

/* A task that has to act: its wait ends. */
static SLOW_PATH void disturb(struct task *task)
{
	if (!task->wait.is_deaf || signal_is_fatal(task))
		wait_interrupt(task, -EINTR);
	if (task->state == TASK_STOPPED && task->is_dying)
		unblock_task(task);
}

/* A task that has just come to have something to act upon. */
static inline void tell(struct task *task)
{
	task->signal_pending = true;
	if (task == cpu.current)
		cpu_pend(PENDING_SIGNAL);
	if (task->state >= TASK_BLOCKED)
		disturb(task);
}

void signals_set_mask(sigset_t mask)
{
	signals_change_mask(mask);
}

/* The mask of the running task is another: does it have to act now? */
SLOW_PATH void signals_look_again(void)
{
	struct task *task = cpu.current;

	task->signal_pending = false;
	cpu_unpend(PENDING_SIGNAL);
	if (UNLIKELY(must_act(task)))
		tell(task);
}

void signals_update(struct process *process)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		signals_update_task(task);
}

/* ---- Sending ------------------------------------------------------------ */

/*
 * Remember the details. Every real-time signal is queued, and refused with
 * -EAGAIN when the queue is full; of a standard signal the bit alone will do.
 */
static SLOW_PATH int queue_info(struct signals *signals, struct task *task,
				int n, const siginfo_t *info)
{
	int refusal = n >= SIGNAL_REALTIME ? -EAGAIN : 0;
	struct queued_signal *queued;

	if (signals->queued >= SIGQUEUE_MAX)
		return refusal;
	queued = pool_alloc(&queued_pool);
	if (!queued)
		return refusal;
	if (info)
		queued->info = *info;
	queued->task = task;
	queued->info.si_signo = n;
	list_append(&signals->queue, &queued->node);
	signals->queued++;
	return 0;
}

static inline int note_info(struct signals *signals, struct task *task, int n,
			    const siginfo_t *info)
{
	struct signal_slot *slot = &signals->slot;

	if (UNLIKELY(n >= SIGNAL_REALTIME || slot->info.si_signo || !info))
		return queue_info(signals, task, n, info);
	slot->info = *info;
	slot->info.si_signo = n;
	slot->task = task;
	return 0;
}

/* Of one that was sent by kill(2) and pends already. */
SLOW_PATH void signal_note_sender(struct process *process, int n, pid_t sender,
				  uid_t user)
{
	const siginfo_t info = {
		.si_code = SI_USER, .si_pid = sender, .si_uid = user,
	};

	note_info(&process->signals, NULL, n, &info);
}

/* Let a stopped process run again. False: it was not stopped. */
static bool process_resume(struct process *process)
{
	struct task *task;

	drop_everywhere(process, STOP_SIGNALS);
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

/* Let a task notice: it looks, and its wait ends. */
void signal_alert(struct task *task)
{
	signals_update_task(task);
	if (task->signal_pending)
		tell(task);
}

/* The task that takes a signal of the process: the first that does not block
 * it, or NULL. */
static inline struct task *receiver(const struct process *process, sigset_t bit)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (!(task->signals.blocked & bit))
			return task;
	return NULL;
}

static void alert_one(struct process *process, sigset_t bit)
{
	struct task *task = receiver(process, bit);

	signals_update(process);
	if (task)
		tell(task);
}

/*
 * A task that was to take a signal of the process blocks it now, in the handler
 * of another one say, or has gone: let another task notice. Else it could sleep
 * beside a signal that it alone can take.
 */
void signals_hand_on(struct process *process, sigset_t set)
{
	for (set &= process->signals.pending; set; set &= set - 1)
		alert_one(process, set & -set);
}

/* What some signals do at once, blocked or not. False: nothing is left. */
static SLOW_PATH bool begin_send(struct process *process, int n)
{
	sigset_t bit = SIGNAL_BIT(n);

	if (n == SIGCONT)
		process_continue(process);
	if (n == SIGKILL)
		process_resume(process);
	if (STOP_SIGNALS & bit)
		drop_everywhere(process, SIGNAL_BIT(SIGCONT));
	return process != process_init || !(bit & SIGNALS_UNSTOPPABLE);
}

/* To one task, or to the process (task NULL). bit: that of n. */
static inline __attribute__((always_inline))
int do_send(struct process *process, struct task *task, int n, sigset_t bit,
	    const siginfo_t *info)
{
	sigset_t *pending = task ? &task->signals.pending
				 : &process->signals.pending;
	struct task *taker;
	int error;

	if (UNLIKELY(process->state == PROCESS_ZOMBIE) ||
	    (UNLIKELY(bit & SIGNALS_WITH_EFFECT) && !begin_send(process, n)))
		return 0;
	if (!task)
		taker = receiver(process, bit);
	else
		taker = task->signals.blocked & bit ? NULL : task;
	if (taker && action_of(process, n)->handler <= HANDLER_IGNORE &&
	    signal_is_ignored(process, n))
		return 0;
	if (*pending & bit && n < SIGNAL_REALTIME)
		return 0;
	error = note_info(&process->signals, task, n, info);
	if (UNLIKELY(error))
		return error;
	*pending |= bit;
	trace(TRACE_SIGNAL, 0, process->id, n);
	if (UNLIKELY(signal_observer != NULL))
		signal_observer(process, n);
	if (UNLIKELY(!list_is_empty(&process->signals.arrivals.sleepers)))
		wait_wake_all(&process->signals.arrivals);
	if (UNLIKELY(!task && !has_one_task(process)))
		signals_update(process);
	if (LIKELY(taker != NULL))
		tell(taker);
	return 0;
}

static SLOW_PATH int send_any(struct process *process, struct task *task, int n,
			      const siginfo_t *info)
{
	return do_send(process, task, n, SIGNAL_BIT(n), info);
}

/* Most signals are standard ones to a process: then there are fewer cases. */
int signal_send(struct process *process, int n, const siginfo_t *info)
{
	if (UNLIKELY(n >= SIGNAL_REALTIME || !info))
		return send_any(process, NULL, n, info);
	return do_send(process, NULL, n, standard_bit(n), info);
}

int signal_send_task(struct task *task, int n, const siginfo_t *info)
{
	return send_any(task->process, task, n, info);
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
	struct task *task = cpu.current;

	/* A fault that cannot be handled ends the process, or it would come
	 * again and again; init is not spared its own faults. */
	if (task->signals.blocked & SIGNAL_BIT(n) ||
	    action_of(task->process, n)->handler <= HANDLER_IGNORE)
		process_exit(WAIT_STATUS_SIGNAL(n));
	task->signals.pending |= SIGNAL_BIT(n);
	note_info(&task->process->signals, task, n, info);
	signals_update_task(task);
}

void signals_leave(struct task *task)
{
	signal_drop(&task->process->signals, task, ~0ull);
}
