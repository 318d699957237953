/*
 * deliver.c - signals delivered: on the way back to user mode a task dies,
 * stops, or has a call of its handler put on its stack.
 *
 * This is the one place where a signal takes effect, and it runs in the context
 * of the task itself, with nothing locked and nothing half done. A system call
 * that a signal ended is started again unless a handler ran that did not ask
 * for that.
 *
 * There are two shortcuts, for signals to whose action nothing belongs but a
 * call of the handler (takes_plainly()), if nothing else is to be done.
 *
 * A signal that a task sends to itself would begin to pend and be taken a
 * moment later, when the call returns: signal_send_self() calls the handler
 * without the signal ever pending.
 *
 * A task in sigsuspend() would be woken by a signal, and deliver it on its way
 * out. Instead the sender serves it: the signal pends, as always, but the
 * task's flag stays down, and `served` says which signal is the one to be
 * delivered. So the switch to it is a plain one, and it calls the handler right
 * where it woke up, in signal_suspend(). Whatever comes between raises the
 * flag; then, as when there is no room on the stack, the signal just pends,
 * with its details, and is delivered like any other.
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/task/alarm.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_inline.h"
#include "kernel/task/signal_state.h"
#include "kernel/task/wait_inline.h"

/* take() when the details stand in the queue, or nowhere: there was no memory
 * for them. The bit stays while more of it are queued. */
static SLOW_PATH void take_queued(struct signals *signals, struct task *owner,
				  int n, siginfo_t *info)
{
	struct queued_signal *queued, *after;
	bool is_taken = false, has_more = false;

	memset(info, 0, sizeof(*info));
	info->si_signo = n;
	LIST_FOR_EACH_SAFE(queued, after, &signals->queue, node) {
		if (queued->info.si_signo != n || queued->task != owner)
			continue;
		if (is_taken) {
			has_more = true;
			break;
		}
		*info = queued->info;
		signal_unqueue(signals, queued);
		is_taken = true;
	}
	if (!has_more)
		signal_drop(signals, owner, SIGNAL_BIT(n));
}

/* Take the oldest signal n out of the pending ones, with its details: the
 * task's own first. */
static inline void take(struct task *task, int n, siginfo_t *info)
{
	struct signals *signals = &task->process->signals;
	struct signal_slot *slot = &signals->slot;
	bool is_own = task->signals.pending &&
		      task->signals.pending & SIGNAL_BIT(n);
	struct task *owner = is_own ? task : NULL;

	if (LIKELY(slot->info.si_signo == n && slot->task == owner)) {
		*info = slot->info;
		slot->info.si_signo = 0;
		*(is_own ? &task->signals.pending : &signals->pending) &=
			~standard_bit(n);
	} else {
		take_queued(signals, owner, n, info);
	}
	if (UNLIKELY(info->si_code == SI_TIMER))
		alarm_taken(task->process, info);
}

int signal_take(struct task *task, sigset_t set, siginfo_t *info)
{
	int n;

	set &= task->process->signals.pending | task->signals.pending;
	if (!set)
		return 0;
	n = lowest_signal(set);
	take(task, n, info);
	signals_update(task->process);
	return n;
}

/* All its tasks stop: those that wait come here, and wait again afterwards. */
static void stop_process(struct process *process, int n)
{
	struct task *task;

	if (n != SIGSTOP && group_is_orphaned(process->group))
		return;
	process->state = PROCESS_STOPPED;
	process_stopped_count++;
	process->status = WAIT_STATUS_STOP(n);
	process->was_reported = false;
	LIST_FOR_EACH(task, &process->tasks, sibling)
		signal_alert(task);
	process_notify_parent(process);
}

/* SIGCONT and SIGKILL let it go on (see begin_send()); all other signals wait
 * until then, deadly or not. */
static void stay_stopped(const struct task *task)
{
	while (task->process->state == PROCESS_STOPPED && !task->is_dying)
		block_task(TASK_STOPPED);
}

/* A call that the signal interrupted and that the handler's SA_RESTART wants
 * started again. */
static SLOW_PATH bool wants_restart(const struct registers *regs)
{
	uint32_t number = arch_interrupted_syscall(regs);

	/* Calls by words (call.asm) have numbers beyond the table. */
	return number < syscall_count && syscall_restarts[number];
}

bool signal_is_on_stack(uaddr_t pointer)
{
	const struct task_signals *signals = &cpu.current->signals;

	return pointer - signals->stack - 1 < signals->stack_bytes;
}

static inline bool wants_own_stack(const struct signal_action *action,
				   const struct registers *regs)
{
	return action->flags & SA_ONSTACK &&
	       cpu.current->signals.stack_bytes &&
	       !signal_is_on_stack(arch_stack_pointer(regs));
}

static void call_handler(struct registers *regs, int n, const siginfo_t *info)
{
	struct process *process = process_current();
	struct task_signals *signals = &cpu.current->signals;
	const struct signal_action *action = action_of(process, n);
	sigset_t blocked = signals->blocked | action->mask;
	struct handler_call call = {
		.action = action,
		.number = n,
		.info = info,
		.old_mask = UNLIKELY(signals->has_saved_mask)
			? signals->saved_mask : signals->blocked,
	};

	if (!(action->flags & SA_NODEFER))
		blocked |= SIGNAL_BIT(n);
	if (UNLIKELY(wants_own_stack(action, regs)))
		call.stack = signals->stack + signals->stack_bytes;
	if (arch_push_handler(regs, &call) != 0)
		process_exit(WAIT_STATUS_SIGNAL(SIGSEGV));
	if (UNLIKELY(action->flags & SA_RESETHAND) && signals_own_actions())
		action_of(process, n)->handler = HANDLER_DEFAULT;
	cpu.current->restarted_call = 0;
	signals->has_saved_mask = false;
	signals->blocked = blocked;
}

/* ---- Shortcuts ---------------------------------------------------------- */

static SLOW_PATH int send_with_details(struct process *process, int n)
{
	const struct process *sender = process_current();
	const siginfo_t info = {
		.si_code = SI_USER,
		.si_pid = sender->id,
		.si_uid = sender->identity.real_user,
	};

	return signal_send(process, n, &info);
}

/* Does nothing make a difference between calling the handler now and letting
 * the signal pend? */
static inline bool is_all_there_is(const struct task *task, int n)
{
	return !task->signal_pending && has_one_task(task->process) &&
	       takes_plainly(task, n);
}

static inline void trace_call(int n)
{
	trace(TRACE_SIGNAL, 0, process_current()->id, n);
	trace(TRACE_DELIVER, 0, n, 0);
}

bool signal_call_at_once(int n)
{
	if (!signal_is_standard(n) || !is_all_there_is(cpu.current, n) ||
	    arch_call_handler(action_of(process_current(), n), n) != 0)
		return false;
	trace_call(n);
	return true;
}

static SLOW_PATH int send_self_slowly(int n)
{
	return send_with_details(process_current(), n);
}

int signal_send_self(int n)
{
	struct task *task = cpu.current;
	int left;

	if (UNLIKELY(!is_all_there_is(task, n)))
		return send_self_slowly(n);
	left = arch_call_handler(action_of(task->process, n), n);
	if (UNLIKELY(left != 0))
		return send_self_slowly(left);
	trace_call(n);
	return 0;
}

/* ---- The shortcut for a sleeper in sigsuspend() -------------------------- */

/* The queue of all who wait there, for the sake of those who ask. Nobody is
 * woken by way of it, so nobody stands in it: each is linked alone. */
static struct wait_queue suspended = {
	.sleepers = LIST_INIT(suspended.sleepers),
	.watchers = LIST_INIT(suspended.watchers),
	.is_chosen = true,
};

/* Would the signal be the one thing that the only task of its process wakes up
 * for? */
static inline bool ends_suspension(const struct task *task, int n)
{
	return task->wait.queue == &suspended && !task->signal_pending &&
	       takes_plainly(task, n);
}

int signal_send_other(struct process *process, int n)
{
	struct task *task = process_task(process);
	const struct process *sender;

	if (UNLIKELY(process->state != PROCESS_ALIVE ||
		     !has_one_task(process) || !ends_suspension(task, n)))
		return send_with_details(process, n);
	sender = process_current();
	standard_word(&process->signals.pending)->bits |= standard_bit(n);
	task->signals.served.number = n;
	task->signals.served.sender = sender->id;
	task->signals.served.user = sender->identity.real_user;
	trace(TRACE_SIGNAL, 0, process->id, n);
	ASSERT(list_is_alone(&task->wait.node));
	list_node_init(&task->wait.node);
	task->wait.outcome = WAIT_SERVED;
	unblock_now(task);
	task->wait.queue = NULL;
	return 0;
}

/* Until somebody serves it, or it has to act; what ended the wait. */
static inline int sleep_suspended(struct task *task)
{
	const struct wait_request request = {
		.queue = &suspended,
		.event = WAIT_SIGNAL,
		.deadline_ns = FOREVER,
	};

	task->wait.since_cycles = arch_cycles();
	wait_begin(&task->wait, &request);
	list_link_alone(&task->wait.node);
	trace(TRACE_BLOCK, NULL, WAIT_SIGNAL, UINT32_MAX);
	block_now(TASK_BLOCKED);
	trace(TRACE_WAITED, NULL, -EINTR, 0);
	return task->wait.outcome;
}

/* Let signal_deliver() find what there is to do. */
static SLOW_PATH int leave_suspension(sigset_t old)
{
	struct task *task = cpu.current;

	task->signals.saved_mask = old;
	task->signals.has_saved_mask = true;
	task->signal_pending = true;
	cpu_pend(PENDING_SIGNAL);
	return -EINTR;
}

static SLOW_PATH bool must_act_now(void)
{
	signals_look_again();
	return cpu.current->signal_pending;
}

/* Woken, but there is more to do than to call a handler, or it cannot be called
 * like that. What it was served with, if anything, just pends now. */
static SLOW_PATH int leave_suspension_slowly(sigset_t old)
{
	struct task *task = cpu.current;
	struct task_signals *signals = &task->signals;

	if (task->wait.outcome == WAIT_SERVED)
		signal_note_sender(task->process, signals->served.number,
				   signals->served.sender,
				   signals->served.user);
	task->wait.queue = NULL;
	return leave_suspension(old);
}

int signal_suspend(sigset_t mask)
{
	struct task *task = cpu.current;
	struct signals *signals = &task->process->signals;
	const sigset_t old = task->signals.blocked;
	int n;

	task->signals.blocked = mask & ~SIGNALS_UNSTOPPABLE;
	if (UNLIKELY(signals_may_act(task)) && must_act_now())
		return leave_suspension(old);
	if (UNLIKELY(sleep_suspended(task) != WAIT_SERVED) ||
	    UNLIKELY(task->signal_pending))
		return leave_suspension_slowly(old);
	n = task->signals.served.number;
	if (UNLIKELY(arch_end_by_handler(action_of(task->process, n), n, &old)))
		return leave_suspension_slowly(old);
	standard_word(&signals->pending)->bits &= ~standard_bit(n);
	trace(TRACE_DELIVER, 0, n, 0);
	return 0;
}

/* ---- Acting ------------------------------------------------------------- */

static SLOW_PATH void act_by_default(int n)
{
	struct process *process = process_current();

	if (signal_is_ignored(process, n))
		return;
	switch (signal_default(n)) {
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

/* True: a handler will run. */
static inline bool act(struct registers *regs, int n, const siginfo_t *info)
{
	const struct signal_action *action = action_of(process_current(), n);

	if (UNLIKELY(action->handler <= HANDLER_IGNORE)) {
		act_by_default(n);
		return false;
	}
	if (action->flags & SA_RESTART && wants_restart(regs))
		arch_restart_syscall(regs);
	call_handler(regs, n, info);
	return true;
}

/* No handler ran for the signals that interrupted a call: the program shall
 * not notice them. */
static SLOW_PATH void go_on_quietly(struct task *task, struct registers *regs)
{
	struct task_signals *signals = &task->signals;

	if (arch_interrupted_syscall(regs) >= 0) {
		task->restarted_call = arch_interrupted_syscall(regs);
		arch_restart_syscall(regs);
	}
	if (signals->has_saved_mask) {
		signals->blocked = signals->saved_mask;
		signals->has_saved_mask = false;
	}
	signals_update_task(task);
}

void signal_deliver(struct registers *regs)
{
	struct task *task = cpu.current;
	siginfo_t info;
	bool is_calling = false;
	sigset_t set;
	int n;

	for (;;) {
		stay_stopped(task);
		set = signal_deliverable(task);
		if (task->is_dying || !set)
			break;
		n = lowest_signal(set);
		if (UNLIKELY(set & SIGNAL_BIT(SIGKILL)))
			n = SIGKILL;
		take(task, n, &info);
		trace(TRACE_DELIVER, 0, n, 0);
		is_calling |= act(regs, n, &info);
	}
	if (UNLIKELY(task->is_dying))
		task_exit();
	if (UNLIKELY(task->process->signals.pending & task->signals.blocked))
		signals_hand_on(task->process, task->signals.blocked);
	if (UNLIKELY(!is_calling)) {
		go_on_quietly(task, regs);
		return;
	}
	task->signal_pending = false;
	cpu_unpend(PENDING_SIGNAL);
}
