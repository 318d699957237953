/*
 * deliver.c - signals delivered: on the way back to user mode a task dies,
 * stops, or has a call of its handler put on its stack.
 *
 * This is the one place where a signal takes effect, and it runs in the context
 * of the task itself, with nothing locked and nothing half done. A system call
 * that a signal ended is started again unless a handler ran that did not ask
 * for that.
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/task/alarm.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"

/* Take the oldest signal n out of the pending ones, with its details: the
 * task's own first. The bit stays while more of it are queued. */
static void take(struct task *task, int n, siginfo_t *info)
{
	struct signals *signals = &task->process->signals;
	struct task *owner = task->signals.pending & SIGNAL_BIT(n) ? task
								   : NULL;
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
	if (info->si_code == SI_TIMER)
		alarm_taken(task->process, info);
}

static int lowest_signal(sigset_t set)
{
	uint32_t low = set;

	return low ? __builtin_ctz(low) + 1
		   : __builtin_ctz((uint32_t)(set >> 32)) + 33;
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

	process->state = PROCESS_STOPPED;
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
static bool wants_restart(const struct registers *regs, uint32_t flags)
{
	int number = arch_interrupted_syscall(regs);

	return number >= 0 && flags & SA_RESTART && syscall_restarts[number];
}

bool signal_is_on_stack(uaddr_t pointer)
{
	const struct task_signals *signals = &cpu.current->signals;

	return pointer - signals->stack - 1 < signals->stack_bytes;
}

static void call_handler(struct registers *regs, int n, const siginfo_t *info)
{
	struct process *process = process_current();
	struct task_signals *signals = &cpu.current->signals;
	struct signal_action action = *action_of(process, n);
	struct handler_call call = {
		.handler = action.handler,
		.restorer = action.restorer,
		.with_info = action.flags & SA_SIGINFO,
		.info = info,
		.old_mask = signals->has_saved_mask ? signals->saved_mask
						    : signals->blocked,
	};

	if (action.flags & SA_ONSTACK && signals->stack_bytes &&
	    !signal_is_on_stack(arch_stack_pointer(regs)))
		call.stack = signals->stack + signals->stack_bytes;
	if (arch_push_handler(regs, &call) != 0)
		process_exit(WAIT_STATUS_SIGNAL(SIGSEGV));
	cpu.current->restarted_call = 0;
	signals->has_saved_mask = false;
	signals->blocked |= action.mask;
	if (!(action.flags & SA_NODEFER))
		signals->blocked |= SIGNAL_BIT(n);
	signals->blocked &= ~SIGNALS_UNSTOPPABLE;
	if (action.flags & SA_RESETHAND && signals_own_actions())
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

void signal_deliver(struct registers *regs)
{
	struct task *task = cpu.current;
	struct task_signals *signals = &task->signals;
	siginfo_t info;
	sigset_t set;
	int n;

	for (;;) {
		stay_stopped(task);
		set = signal_deliverable(task);
		if (task->is_dying || !set)
			break;
		n = set & SIGNAL_BIT(SIGKILL) ? SIGKILL : lowest_signal(set);
		take(task, n, &info);
		trace(TRACE_DELIVER, 0, n, 0);
		act(regs, n, &info);
	}
	if (task->is_dying)
		task_exit();
	if (UNLIKELY(task->process->signals.pending & signals->blocked))
		signals_hand_on(task->process, signals->blocked);
	/* No handler ran for the signals that interrupted a call: the program
	 * shall not notice them. */
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
