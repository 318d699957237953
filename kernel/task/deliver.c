/*
 * deliver.c - pending signals take effect: a task ends, stops, or calls a
 * handler on the way back to user mode.
 *
 * A signal takes effect in signal_deliver() and nowhere else. The function runs
 * in the context of the receiving task, when the task has left every system
 * call and holds nothing. So no code of the kernel is ever cut short by a
 * signal: a wait ends with -EINTR, and the system call returns by itself.
 *
 * A call of a handler is a frame on the user's stack (arch_push_handler()) that
 * holds the interrupted registers and the old mask. sigreturn(2) goes back to
 * both. Several signals make several frames; the last handler runs first.
 *
 * A system call that ended with -EINTR is made again if no handler ran, or if
 * the handler's action has SA_RESTART and the call is one that restarts
 * (syscalls.def). A handler without SA_RESTART lets the program see EINTR.
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/task/alarm.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"
#include "kernel/task/wait.h"

/* The oldest details of signal n, sent to the owner (NULL: to the process). */
static struct queued_signal *find_details(const struct signals *signals,
					  const struct task *owner, int n)
{
	struct queued_signal *queued;

	LIST_FOR_EACH(queued, &signals->queue, node)
		if (queued->info.si_signo == n && queued->task == owner)
			return queued;
	return NULL;
}

/* Take the oldest signal n out of the pending signals, the task's own first. A
 * real-time signal goes on pending while more of the same number are queued. */
static void take(struct task *task, int n, siginfo_t *info)
{
	struct signals *signals = &task->process->signals;
	sigset_t bit = SIGNAL_BIT(n);
	bool is_own = task->signals.pending & bit;
	struct task *owner = is_own ? task : NULL;
	struct queued_signal *queued = find_details(signals, owner, n);

	if (queued) {
		*info = queued->info;
		signal_unqueue(signals, queued);
	} else {
		*info = (siginfo_t){ .si_signo = n };
	}
	if (n < SIGNAL_REALTIME || !find_details(signals, owner, n))
		*(is_own ? &task->signals.pending : &signals->pending) &= ~bit;
	if (info->si_code == SI_TIMER)
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

/* Stop all tasks of the process. A task that waits comes to signal_deliver()
 * too, and makes its system call again when the process goes on. */
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

/* Sleep while the process is stopped. Only SIGCONT and SIGKILL end the stop
 * (signal.c); all other signals stay pending until then, fatal or not. */
static void stay_stopped(const struct task *task)
{
	while (task->process->state == PROCESS_STOPPED && !task->is_dying)
		block_task(TASK_STOPPED);
}

/* Did the signal interrupt a system call that SA_RESTART makes again? */
static bool wants_restart(const struct registers *regs)
{
	uint32_t number = arch_interrupted_syscall(regs);

	return number < syscall_count && syscall_restarts[number];
}

bool signal_is_on_stack(uaddr_t pointer)
{
	const struct task_signals *signals = &task_current()->signals;

	return pointer - signals->stack - 1 < signals->stack_bytes;
}

/* Does the handler run on the alternate stack, from its top? */
static bool wants_own_stack(const struct signal_action *action,
			    const struct registers *regs)
{
	return action->flags & SA_ONSTACK &&
	       task_current()->signals.stack_bytes &&
	       !signal_is_on_stack(arch_stack_pointer(regs));
}

/* Make regs call the handler of n. The process ends when the user's stack
 * cannot take the frame. */
static void call_handler(struct registers *regs, int n, const siginfo_t *info)
{
	struct process *process = process_current();
	struct task_signals *signals = &task_current()->signals;
	const struct signal_action *action = action_of(process, n);
	sigset_t blocked = signals->blocked | action->mask;
	struct handler_call call = {
		.action = action,
		.number = n,
		.info = info,
		.old_mask = signals->has_saved_mask
			? signals->saved_mask : signals->blocked,
	};

	if (!(action->flags & SA_NODEFER))
		blocked |= SIGNAL_BIT(n);
	if (wants_own_stack(action, regs))
		call.stack = signals->stack + signals->stack_bytes;
	if (arch_push_handler(regs, &call) != 0)
		process_exit(WAIT_STATUS_SIGNAL(SIGSEGV));
	if ((action->flags & SA_RESETHAND) && signals_own_actions())
		action_of(process, n)->handler = HANDLER_DEFAULT;
	task_current()->restarted_call = 0;
	signals->has_saved_mask = false;
	signals->blocked = blocked;
}

/* ---- Acting ------------------------------------------------------------- */

static void act_by_default(int n)
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

/* Act upon signal n. Returns true when a handler will run. */
static bool act(struct registers *regs, int n, const siginfo_t *info)
{
	const struct signal_action *action = action_of(process_current(), n);

	if (action->handler <= HANDLER_IGNORE) {
		act_by_default(n);
		return false;
	}
	if (action->flags & SA_RESTART && wants_restart(regs))
		arch_restart_syscall(regs);
	call_handler(regs, n, info);
	return true;
}

/* No handler ran: the program notices nothing. The interrupted system call is
 * made again, with the old mask if the call had set another mask for its
 * wait. */
static void go_on_quietly(struct task *task, struct registers *regs)
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
	struct task *task = task_current();
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
		if (set & SIGNAL_BIT(SIGKILL))
			n = SIGKILL;
		take(task, n, &info);
		trace(TRACE_DELIVER, 0, n, 0);
		is_calling |= act(regs, n, &info);
	}
	if (task->is_dying)
		task_exit();
	if (task->process->signals.pending & task->signals.blocked)
		signals_hand_on(task->process, task->signals.blocked);
	if (!is_calling) {
		go_on_quietly(task, regs);
		return;
	}
	task->signal_pending = false;
	cpu_unpend(PENDING_SIGNAL);
}
