/* signal.c - the system calls of signals, and the return to the program. */
#include "kernel/task/signal.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/machine.h"
#include "kernel/sys/fault.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

#define KILL_PART	8		/* processes: then tasks may switch */

/* [own] The action in the form of sigaction(2). */
struct user_action {
	uaddr_t handler;
	sigset_t mask;
	uint32_t flags;
	uaddr_t restorer;
} __attribute__((packed, aligned(4)));

_Static_assert(sizeof(struct user_action) == sizeof(struct sigaction) ||
	       sizeof(void *) > 4, "struct sigaction is what libc passes");

static bool is_signal(int n)
{
	return n > 0 && n < NSIG;
}

/* The details of a signal from the running process. */
static siginfo_t sender_info(int n, int code, uaddr_t value)
{
	const struct process *sender = process_current();

	return (siginfo_t){
		.si_signo = n,
		.si_errno = 0,
		.si_code = code,
		.si_pid = sender->id,
		.si_uid = sender->identity.real_user,
		.si_value.sival_ptr = (void *)value,
	};
}

/* [own] A signal on its way to many processes. */
struct crowd {
	pid_t group;			/* 0: all but init and the caller */
	siginfo_t info;
	uint64_t from_ns;		/* older processes have been passed */
	long result;			/* so far */
};

static bool is_meant(const struct process *process, const struct crowd *crowd)
{
	return crowd->group ? process->group == crowd->group
			    : process != process_init &&
			      process != process_current();
}

static void kill_member(struct process *process, struct crowd *crowd)
{
	int n = crowd->info.si_signo;

	if (!user_may_signal(process_current(), process, n)) {
		crowd->result = crowd->result == 0 ? 0 : -EPERM;
		return;
	}
	if (n)
		signal_send(process, n, &crowd->info);
	crowd->result = 0;
}

/* The list of processes is in the order of their start. True: there may be more
 * members. */
static bool kill_some(struct crowd *crowd)
{
	struct process *process;
	unsigned left = KILL_PART;

	LIST_FOR_EACH(process, &process_list, all) {
		if (process->start_ns < crowd->from_ns ||
		    !is_meant(process, crowd))
			continue;
		if (left-- == 0)
			return true;
		crowd->from_ns = process->start_ns + 1;
		kill_member(process, crowd);
	}
	return false;
}

/* The call succeeds if the caller may signal any of these processes. A zombie
 * is a member of the group until the parent has waited. */
static long kill_many(pid_t group, int n)
{
	struct crowd crowd = {
		group, sender_info(n, SI_USER, 0), 0, -ESRCH,
	};

	while (kill_some(&crowd))
		sched_point();
	return crowd.result;
}

static long kill_group(pid_t pid, int n)
{
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid == -1)
		return kill_many(0, n);
	return kill_many(pid ? -pid : process_current()->group, n);
}

static long kill_one(pid_t pid, int n, int code, uaddr_t value)
{
	struct process *process = pid > 0 ? id_process(pid) : NULL;
	siginfo_t info;

	if (!process)
		return -ESRCH;
	if (!user_may_signal(process_current(), process, n))
		return -EPERM;
	if (n == 0)
		return 0;
	info = sender_info(n, code, value);
	return signal_send(process, n, &info);
}

long sys_kill(pid_t pid, int n)
{
	if (!is_signal(n) && n != 0)
		return -EINVAL;
	return pid > 0 ? kill_one(pid, n, SI_USER, 0) : kill_group(pid, n);
}

long sys_sigqueue(pid_t pid, int n, uaddr_t value)
{
	if (!is_signal(n) && n != 0)
		return -EINVAL;
	return kill_one(pid, n, SI_QUEUE, value);
}

static int write_old_action(int n, uaddr_t to)
{
	const struct signal_action *action =
		&process_current()->signals.actions->of[n];
	const struct user_action old = {
		action->handler, action->mask, action->flags, action->restorer,
	};

	return copy_to_user(to, &old, sizeof(old));
}

long sys_sigaction(int n, uaddr_t action_at, uaddr_t old_at)
{
	struct user_action action;

	if (!is_signal(n) || (action_at && SIGNAL_BIT(n) & SIGNALS_UNSTOPPABLE))
		return -EINVAL;
	if (action_at && copy_from_user(&action, action_at, sizeof(action)))
		return -EFAULT;
	if (old_at && write_old_action(n, old_at) != 0)
		return -EFAULT;
	if (!action_at)
		return 0;
	return signals_set_action(n, &(struct signal_action){
		.handler = action.handler,
		.flags = action.flags,
		.mask = action.mask & ~SIGNALS_UNSTOPPABLE,
		.restorer = action.restorer,
	});
}

long sys_sigprocmask(int how, uaddr_t set_at, uaddr_t old_at)
{
	struct task_signals *signals = &task_current()->signals;
	sigset_t set = 0, old = signals->blocked;

	if (set_at && copy_from_user(&set, set_at, sizeof(set)) != 0)
		return -EFAULT;
	if (set_at && (how < SIG_BLOCK || how > SIG_SETMASK))
		return -EINVAL;
	if (old_at && copy_to_user(old_at, &old, sizeof(old)) != 0)
		return -EFAULT;
	if (!set_at)
		return 0;
	if (how == SIG_BLOCK)
		set |= old;
	else if (how == SIG_UNBLOCK)
		set = old & ~set;
	signals_set_mask(set);
	return 0;
}

long sys_sigpending(uaddr_t set_at)
{
	const struct task_signals *own = &task_current()->signals;
	sigset_t set = (process_current()->signals.pending.set |
			own->pending.set) & own->blocked;

	return copy_to_user(set_at, &set, sizeof(set));
}

long sys_sigsuspend(uaddr_t mask_at)
{
	sigset_t mask;

	if (copy_from_user(&mask, mask_at, sizeof(mask)) != 0)
		return -EFAULT;
	signals_mask_for_wait(mask);
	return wait_until(WAIT_SIGNAL, FOREVER);
}

long sys_sigreturn(void)
{
	return arch_leave_handler();
}

/* [own] libc makes sigwaitinfo() and sigwait() of this, with no timeout. */
struct signal_wait {
	sigset_t set;
	uaddr_t info_at;
};

/* Clear the program's siginfo first: a bad address then takes no signal. */
static long take_signal(void *context)
{
	const struct signal_wait *wait = context;
	struct task *task = task_current();
	const siginfo_t *info;

	if (!(wait->set & (task->process->signals.pending.set |
			   task->signals.pending.set)))
		return -EAGAIN;
	if (wait->info_at && clear_user(wait->info_at, sizeof(*info)) != 0)
		return -EFAULT;
	info = signal_take(task, wait->set);
	if (wait->info_at &&
	    copy_to_user(wait->info_at, info, sizeof(*info)) != 0)
		return -EFAULT;
	return info->si_signo;
}

/* An expired timeout is EAGAIN here, as POSIX demands. */
long sys_sigtimedwait(uaddr_t set_at, uaddr_t info_at, uaddr_t timeout_at)
{
	struct wait_request request = {
		.queue = &process_current()->signals.arrivals,
		.event = WAIT_SIGNAL,
		.deadline_ns = FOREVER,
	};
	uint64_t kept_ns = time_restarted_deadline(CALL_sigtimedwait);
	struct signal_wait wait = { .info_at = info_at };
	uint64_t timeout_ns;
	long result;

	if (copy_from_user(&wait.set, set_at, sizeof(wait.set)) != 0)
		return -EFAULT;
	wait.set &= ~SIGNALS_UNSTOPPABLE;
	if (timeout_at) {
		result = timespec_fetch(timeout_at, &timeout_ns);
		if (result)
			return result;
		request.deadline_ns = kept_ns ? kept_ns
					      : time_after_ns(timeout_ns);
	}
	result = take_signal(&wait);
	if (result == -EAGAIN)
		result = wait_for(&request, take_signal, &wait);
	return result == -ETIMEDOUT ? -EAGAIN : result;
}

/* [own] In the form of sigaltstack(2). */
struct user_stack {
	uaddr_t at;
	int flags;
	uint32_t bytes;
};

long sys_sigaltstack(uaddr_t stack_at, uaddr_t old_at)
{
	struct task_signals *signals = &task_current()->signals;
	bool is_on_it = signal_is_on_stack(arch_user_stack());
	struct user_stack stack, old = {
		signals->stack, is_on_it ? SS_ONSTACK : 0,
		signals->stack_bytes,
	};

	if (!signals->stack_bytes)
		old.flags = SS_DISABLE;
	if (stack_at && copy_from_user(&stack, stack_at, sizeof(stack)) != 0)
		return -EFAULT;
	if (stack_at && is_on_it)
		return -EPERM;
	if (stack_at && stack.flags & ~SS_DISABLE)
		return -EINVAL;
	if (stack_at && !(stack.flags & SS_DISABLE) &&
	    stack.bytes < MINSIGSTKSZ)
		return -ENOMEM;
	if (old_at && copy_to_user(old_at, &old, sizeof(old)) != 0)
		return -EFAULT;
	if (!stack_at)
		return 0;
	if (stack.flags & SS_DISABLE)
		stack.at = stack.bytes = 0;
	signals->stack = stack.at;
	signals->stack_bytes = stack.bytes;
	return 0;
}

/* ---- The return to a program -------------------------------------------- */

static void trap_after_step(void)
{
	const siginfo_t info = { .si_signo = SIGTRAP, .si_code = TRAP_TRACE };

	task_current()->was_stepped = false;
	if (!task_current()->is_stepped)
		signal_force(SIGTRAP, &info);
}

void machine_return_to_user(struct registers *regs)
{
	if (arch_cpu()->pending & ~PENDING(PENDING_SIGNAL))
		cpu_run_pending();
	if (task_current()->was_stepped)
		trap_after_step();
	if (task_current()->late_access)
		fault_restart_call(regs);
	if (arch_cpu()->pending & PENDING(PENDING_SIGNAL))
		signal_deliver(regs);
}
