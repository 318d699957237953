/*
 * signal.c - signals: sent, pending, delivered.
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
 */
#include "kernel/task/signal.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

enum default_action { END, CORE, IGNORE, STOP, CONTINUE };

static const struct {
	const char *name;
	enum default_action action;
} signal_table[32] = {
#define SIGNAL(name, number, action, text) [number] = { #name, action },
#include "kernel/abi/signals.def"
#undef SIGNAL
};

#define STOP_SIGNALS	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | \
			 SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

#define HANDLER_DEFAULT	0
#define HANDLER_IGNORE	1

struct queued_signal {
	struct list_node node;
	siginfo_t info;
};

static struct pool queued_pool = POOL("signal", sizeof(struct queued_signal));
static struct pool actions_pool =
	POOL("signal-actions", sizeof(struct signal_actions));

const char *signal_name(int n)
{
	return n > 0 && n < 32 ? signal_table[n].name : "SIGRT";
}

static enum default_action default_action(int n)
{
	return n < 32 ? signal_table[n].action : END;
}

static struct signal_action *action_of(const struct process *process, int n)
{
	return &process->signals.actions->of[n];
}

/* ---- Life --------------------------------------------------------------- */

bool signals_init(struct signals *signals, const struct signals *parent)
{
	list_init(&signals->queue);
	if (parent) {
		signals->blocked = parent->blocked;
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
	if (--actions->refs == 0)
		pool_free(&actions_pool, actions);
}

static void drop_queued(struct signals *signals, sigset_t set)
{
	struct queued_signal *queued, *after;

	signals->pending &= ~set;
	LIST_FOR_EACH_SAFE(queued, after, &signals->queue, node) {
		if (!(set & SIGNAL_BIT(queued->info.si_signo)))
			continue;
		list_remove(&queued->node);
		pool_free(&queued_pool, queued);
	}
}

void signals_destroy(struct signals *signals)
{
	drop_queued(signals, ~0ull);
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
	return own_actions(&process_current()->signals);
}

int signals_exec(struct signals *signals)
{
	struct signal_actions *actions = own_actions(signals);
	int n;

	if (!actions)
		return -ENOMEM;
	for (n = 1; n < NSIG; n++)
		if (actions->of[n].handler != HANDLER_IGNORE)
			memset(&actions->of[n], 0, sizeof(actions->of[n]));
	return 0;
}

/* ---- Questions ---------------------------------------------------------- */

static sigset_t deliverable(const struct process *process)
{
	return process->signals.pending & ~process->signals.blocked;
}

/* What happens when n is delivered, were it delivered now? */
static bool is_ignored(const struct process *process, int n)
{
	uaddr_t handler = action_of(process, n)->handler;

	if (handler == HANDLER_IGNORE)
		return true;
	if (handler != HANDLER_DEFAULT)
		return false;
	return process == process_init || default_action(n) == IGNORE;
}

bool signal_is_pending(const struct process *process)
{
	return deliverable(process) != 0;
}

bool signal_is_fatal(const struct process *process)
{
	sigset_t set = deliverable(process);
	int n;

	for (n = 1; set; n++, set >>= 1)
		if (set & 1 && action_of(process, n)->handler ==
		    HANDLER_DEFAULT && default_action(n) <= CORE)
			return true;
	return false;
}

void signal_discard_ignored(struct process *process, int n)
{
	if (is_ignored(process, n))
		drop_queued(&process->signals, SIGNAL_BIT(n));
	signals_update(process);
}

void signals_update(struct process *process)
{
	uint32_t flag = deliverable(process) ? PENDING(PENDING_SIGNAL) : 0;
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling) {
		task->signal_pending = flag;
		if (task != cpu.current)
			continue;
		if (flag)
			cpu_pend(PENDING_SIGNAL);
		else
			cpu_unpend(PENDING_SIGNAL);
	}
}

/* ---- Sending ------------------------------------------------------------ */

static void queue_info(struct signals *signals, int n, const siginfo_t *info)
{
	struct queued_signal *queued = pool_alloc(&queued_pool);

	if (!queued)
		return;		/* the bit alone is still a signal */
	if (info)
		queued->info = *info;
	queued->info.si_signo = n;
	list_append(&signals->queue, &queued->node);
}

static void process_continue(struct process *process)
{
	struct task *task;

	drop_queued(&process->signals, STOP_SIGNALS);
	if (process->state != PROCESS_STOPPED)
		return;
	process->state = PROCESS_ALIVE;
	process->status = WAIT_STATUS_CONTINUED;
	process->was_reported = false;
	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (task->state == TASK_STOPPED)
			unblock_task(task);
	process_notify_parent(process);
}

/* Let the receiver notice: its tasks look, and waits end. */
static void alert(struct process *process)
{
	struct task *task;

	signals_update(process);
	if (!deliverable(process))
		return;
	LIST_FOR_EACH(task, &process->tasks, sibling) {
		wait_interrupt(task, -EINTR);
		if (task->state == TASK_STOPPED && signal_is_fatal(process))
			unblock_task(task);
	}
}

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	struct signals *signals = &process->signals;
	sigset_t bit = SIGNAL_BIT(n);

	if (process->state == PROCESS_ZOMBIE)
		return 0;
	if (n == SIGCONT || n == SIGKILL)
		process_continue(process);
	if (STOP_SIGNALS & bit)
		drop_queued(signals, SIGNAL_BIT(SIGCONT));
	if (process == process_init && bit & SIGNALS_UNSTOPPABLE)
		return 0;
	if (!(signals->blocked & bit) && is_ignored(process, n))
		return 0;
	if (signals->pending & bit)
		return 0;
	signals->pending |= bit;
	queue_info(signals, n, info);
	alert(process);
	return 0;
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
	struct process *process = process_current();
	struct signals *signals = &process->signals;

	/* A fault that cannot be handled ends the process, or it would come
	 * again and again; init is not spared its own faults. */
	if (signals->blocked & SIGNAL_BIT(n) ||
	    action_of(process, n)->handler <= HANDLER_IGNORE)
		process_exit(WAIT_STATUS_SIGNAL(n));
	signals->pending |= SIGNAL_BIT(n);
	queue_info(signals, n, info);
	signals_update(process);
}

/* ---- Delivering --------------------------------------------------------- */

/* Take signal n out of the pending ones, with its details. */
static void take(struct signals *signals, int n, siginfo_t *info)
{
	struct queued_signal *queued;

	memset(info, 0, sizeof(*info));
	info->si_signo = n;
	LIST_FOR_EACH(queued, &signals->queue, node) {
		if (queued->info.si_signo != n)
			continue;
		*info = queued->info;
		break;
	}
	drop_queued(signals, SIGNAL_BIT(n));
}

static void stop_process(struct process *process, int n)
{
	process->state = PROCESS_STOPPED;
	process->status = WAIT_STATUS_STOP(n);
	process->was_reported = false;
	process_notify_parent(process);
	while (process->state == PROCESS_STOPPED && !signal_is_fatal(process))
		block_task(TASK_STOPPED);
	process->state = PROCESS_ALIVE;
}

/* A call that the signal interrupted and that the handler's SA_RESTART wants
 * started again. */
static bool wants_restart(const struct registers *regs, uint32_t flags)
{
	int number = arch_interrupted_syscall(regs);

	return number >= 0 && flags & SA_RESTART && syscall_restarts[number];
}

static void call_handler(struct registers *regs, int n, const siginfo_t *info)
{
	struct process *process = process_current();
	struct signals *signals = &process->signals;
	struct signal_action action = *action_of(process, n);
	sigset_t old = signals->has_saved_mask ? signals->saved_mask
					       : signals->blocked;

	if (arch_push_handler(regs, action.handler, action.restorer,
			      action.flags & SA_SIGINFO, info, old) != 0)
		process_exit(WAIT_STATUS_SIGNAL(SIGSEGV));
	signals->has_saved_mask = false;
	signals->blocked |= action.mask;
	if (!(action.flags & SA_NODEFER))
		signals->blocked |= SIGNAL_BIT(n);
	signals->blocked &= ~SIGNALS_UNSTOPPABLE;
	if (action.flags & SA_RESETHAND && own_actions(signals))
		action_of(process, n)->handler = HANDLER_DEFAULT;
}

static void act(struct registers *regs, int n, const siginfo_t *info)
{
	struct process *process = process_current();
	const struct signal_action *action = action_of(process, n);

	if (action->handler > HANDLER_IGNORE) {
		if (wants_restart(regs, action->flags))
			arch_restart_syscall(regs);
		call_handler(regs, n, info);
		return;
	}
	if (is_ignored(process, n))
		return;
	switch (default_action(n)) {
	case END:
	case CORE:
		process_exit(WAIT_STATUS_SIGNAL(n));
	case STOP:
		stop_process(process, n);
		return;
	case IGNORE:
	case CONTINUE:
		return;
	}
}

static int lowest_signal(sigset_t set)
{
	uint32_t low = set;

	return low ? __builtin_ctz(low) + 1
		   : __builtin_ctz((uint32_t)(set >> 32)) + 33;
}

void signal_deliver(struct registers *regs)
{
	struct process *process = process_current();
	struct signals *signals = &process->signals;
	siginfo_t info;
	sigset_t set;
	int n;

	while ((set = deliverable(process)) != 0) {
		n = set & SIGNAL_BIT(SIGKILL) ? SIGKILL : lowest_signal(set);
		take(signals, n, &info);
		act(regs, n, &info);
	}
	/* No handler ran for the signals that interrupted a call: the program
	 * shall not notice them. */
	if (arch_interrupted_syscall(regs) >= 0)
		arch_restart_syscall(regs);
	if (signals->has_saved_mask) {
		signals->blocked = signals->saved_mask;
		signals->has_saved_mask = false;
	}
	signals_update(process);
}
