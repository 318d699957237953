/*
 * deliver.c - pending signals take effect: a task ends, stops, or calls a
 * handler on the way back to user mode.
 *
 * A signal takes effect in signal_deliver() and nowhere else. The function runs
 * in the context of the receiving task, when the task has left every system
 * call and holds nothing. So no code of the kernel is ever cut short by a
 * signal: a wait ends with -EINTR, and the system call returns as usual.
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
#include "kernel/task/late_page.h"
#include "kernel/task/process.h"
#include "kernel/task/signal_state.h"
#include "kernel/task/wait.h"

/* The oldest real-time signal n of a receiver, or NULL. */
static struct queued_signal *find_queued(const struct pending_signals *pending,
					 int n)
{
	struct queued_signal *queued;

	LIST_FOR_EACH(queued, &pending->realtime, node)
		if (queued->info.si_signo == n)
			return queued;
	return NULL;
}

/* Take the oldest real-time signal n: the details move to place 0, which has no
 * signal. A signal that met a full queue has no details. */
static siginfo_t *take_queued(struct pending_signals *pending, int n)
{
	struct queued_signal *queued = find_queued(pending, n);

	if (queued) {
		pending->details[0] = queued->info;
		signal_unqueue(pending, queued);
	} else {
		pending->details[0] = (siginfo_t){ .si_signo = n };
	}
	if (!find_queued(pending, n))
		pending->set &= ~SIGNAL_BIT(n);
	return &pending->details[0];
}

/* The number of the first signal to take effect; `set` is not empty. */
static int first_of(sigset_t set)
{
	uint32_t low = set, high = set >> 32;

	if (low & SIGNAL_BIT(SIGKILL))
		return SIGKILL;
	return low ? __builtin_ctz(low) + 1 : __builtin_ctz(high) + 33;
}

/* Take the first signal of the set; all of them pend. */
static siginfo_t *take_first(struct task *task, sigset_t set)
{
	struct pending_signals *pending = &task->signals.pending;
	struct process *process = task->process;
	int n = first_of(set);
	sigset_t bit = SIGNAL_BIT(n);
	siginfo_t *info;

	if (!(pending->set & bit))	/* not sent to the task alone */
		pending = &process->signals.pending;
	if (n < SIGNAL_REALTIME) {
		pending->set &= ~bit;
		info = &pending->details[n];
	} else {
		info = take_queued(pending, n);
	}
	if (!list_is_empty(&process->alarms))
		alarm_taken(process, info);
	return info;
}

siginfo_t *signal_take(struct task *task, sigset_t set)
{
	set &= signal_pending_set(task);
	return set ? take_first(task, set) : NULL;
}

/* The first task of the process in a wait that a signal may end, or NULL. */
static struct task *first_waiting(const struct process *process)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (task->state == TASK_BLOCKED &&
		    list_is_linked(&task->wait.node) && !task->wait.is_deaf)
			return task;
	return NULL;
}

/* Stop all tasks of the process. A waiting task comes to signal_deliver() too,
 * and makes the system call again when the process goes on. Tasks may switch
 * after each. */
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
		task->signal_pending = true;
	process_notify_parent(process);
	while (process->state == PROCESS_STOPPED &&
	       (task = first_waiting(process)) != NULL) {
		signal_alert(task);
		sched_point();
	}
}

/* Sleep while the process is stopped, and end with the process. Only SIGCONT
 * and SIGKILL end the stop (signal.c); all further signals stay pending until
 * then, fatal or not. */
static void stay_stopped(const struct task *task)
{
	while (task->process->state == PROCESS_STOPPED && !task->is_dying)
		block_task(TASK_STOPPED);
	if (task->process->state != PROCESS_STOPPED)
		process_resume_task(task->process);
	if (task->is_dying)
		task_exit();
}

/* Did the signal interrupt a system call that SA_RESTART makes again? */
static bool wants_restart(const struct registers *regs)
{
	uint32_t number = arch_failed_syscall(regs, -EINTR);

	return number < syscall_count && syscall_restarts[number];
}

bool signal_is_on_stack(uaddr_t pointer)
{
	const struct task_signals *signals = &task_current()->signals;

	return pointer - signals->stack - 1 < signals->stack_bytes;
}

/* Where the frame goes: with SA_ONSTACK to the top of the alternate stack,
 * unless the task is there already. A frame that begins on the alternate stack
 * stays there: below, it would lie on other memory, and the next handler would
 * begin at the top again, without end. */
static void choose_stack(struct handler_call *call,
			 const struct registers *regs)
{
	const struct task_signals *signals = &task_current()->signals;
	bool is_there;

	if (!signals->stack_bytes)
		return;
	is_there = signal_is_on_stack(arch_stack_pointer(regs));
	if (!is_there && call->action->flags & SA_ONSTACK)
		call->stack = signals->stack + signals->stack_bytes;
	if (is_there || call->stack)
		call->lowest = signals->stack;
}

/* The page of the stack is late: wait for it, and push the frame. False: the
 * stack cannot be written. */
static bool push_late(struct registers *regs, const struct handler_call *call)
{
	while (late_page_came())
		if (arch_push_handler(regs, call) == 0)
			return true;
	if (task_current()->is_dying)
		task_exit();
	return false;
}

/* Make regs call the handler. The process ends when the user's stack cannot
 * take the frame. */
static void call_handler(struct task *task, struct registers *regs,
			 const struct signal_action *action,
			 const siginfo_t *info)
{
	struct task_signals *signals = &task->signals;
	struct signal_action kept_action;
	siginfo_t kept_info;
	struct handler_call call = {
		.action = action,
		.info = info,
		.old_mask = signals->has_saved_mask
			? signals->saved_mask : signals->blocked,
	};

	choose_stack(&call, regs);
	if (arch_push_handler(regs, &call) != 0) {
		/* Other tasks may change both while this task waits. */
		kept_action = *action;
		kept_info = *info;
		call.action = action = &kept_action;
		call.info = info = &kept_info;
		if (!push_late(regs, &call))
			process_exit(WAIT_STATUS_SIGNAL(SIGSEGV));
	}
	task->restarted_call = 0;
	signals->has_saved_mask = false;
	signals->blocked |= action->blocked;
	if (action->flags & SA_RESETHAND && signals_own_actions())
		action_of(task->process, info->si_signo)->handler =
			HANDLER_DEFAULT;
}

/* ---- Acting ------------------------------------------------------------- */

static void act_by_default(struct process *process, int n)
{
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

/* Act upon a signal. Returns true when a handler will run. */
static bool act(struct task *task, struct registers *regs,
		const siginfo_t *info)
{
	int n = info->si_signo;
	struct signal_action *action = action_of(task->process, n);

	trace(TRACE_DELIVER, 0, n, 0);
	if (action->handler <= HANDLER_IGNORE) {
		act_by_default(task->process, n);
		return false;
	}
	if (action->flags & SA_RESTART && wants_restart(regs))
		arch_restart_syscall(regs);
	call_handler(task, regs, action, info);
	return true;
}

/* No handler ran: the program notices nothing. The interrupted system call is
 * made again, with the old mask if the call had set a mask for the time of the
 * wait. */
static void go_on_quietly(struct task *task, struct registers *regs)
{
	struct task_signals *signals = &task->signals;

	if (arch_failed_syscall(regs, -EINTR) >= 0) {
		task->restarted_call = arch_failed_syscall(regs, -EINTR);
		arch_restart_syscall(regs);
	}
	if (signals->has_saved_mask) {
		signals->has_saved_mask = false;
		signals_set_mask(signals->saved_mask);
	}
}

void signal_deliver(struct registers *regs)
{
	struct task *task = task_current();
	struct process *process = task->process;
	bool is_calling = false;
	sigset_t pending, set;

	for (;;) {
		if (task->is_dying || process->state == PROCESS_STOPPED)
			stay_stopped(task);
		pending = signal_pending_set(task);
		set = pending & ~task->signals.blocked;
		if (!set)
			break;
		is_calling |= act(task, regs, take_first(task, set));
	}
	task->signal_pending = false;
	cpu_unpend(PENDING_SIGNAL);
	if (!is_calling)
		go_on_quietly(task, regs);
	if (pending)
		signals_hand_on(process, task->signals.blocked);
}
