/* signal.c - the system calls of signals. */
#include "kernel/task/signal.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

/* As sigaction(2) passes it. */
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

static inline siginfo_t sender_info(void)
{
	const struct process *sender = process_current();

	return (siginfo_t){
		.si_code = SI_USER,
		.si_pid = sender->id,
		.si_uid = sender->identity.real_user,
	};
}

/*
 * To many: a group, or for group 0 all but the first process and the caller.
 * It is enough that one may be signalled.
 */
static long kill_many(pid_t group, int n, const siginfo_t *info)
{
	struct process *process, *caller = process_current();
	long result = -ESRCH;

	LIST_FOR_EACH(process, &process_list, all) {
		if (process->state == PROCESS_ZOMBIE)
			continue;
		if (group ? process->group != group
			  : process == process_init || process == caller)
			continue;
		if (!user_may_signal(caller, process, n)) {
			result = result == 0 ? 0 : -EPERM;
			continue;
		}
		if (n)
			signal_send(process, n, info);
		result = 0;
	}
	return result;
}

static SLOW_PATH long kill_group(pid_t pid, int n)
{
	const siginfo_t info = sender_info();

	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid == -1)
		return kill_many(0, n, &info);
	return kill_many(pid ? -pid : process_current()->group, n, &info);
}

/* kill(2) with all its cases. */
static SLOW_PATH long kill_any(pid_t pid, int n)
{
	const siginfo_t info = sender_info();
	struct process *process;

	if (!is_signal(n) && n != 0)
		return -EINVAL;
	if (pid <= 0)
		return kill_group(pid, n);
	process = process_find(pid);
	if (!process)
		return -ESRCH;
	if (!user_may_signal(process_current(), process, n))
		return -EPERM;
	if (signal_is_standard(n))
		return signal_send_other(process, n);
	return n ? signal_send(process, n, &info) : 0;
}

/* The usual ones: to itself, or by root, who may. No process has an id of 0 or
 * below. */
long sys_kill(pid_t pid, int n)
{
	const struct process *caller = cpu.current->process;
	struct process *process;

	if (UNLIKELY(!signal_is_standard(n)))
		return kill_any(pid, n);
	if (pid == caller->id)
		return signal_send_self(n);
	process = id_process(pid);
	if (!process || caller->identity.user != 0)
		return kill_any(pid, n);
	return signal_send_other(process, n);
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
	struct task_signals *signals = &cpu.current->signals;
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
	const struct task_signals *own = &cpu.current->signals;
	sigset_t set = (process_current()->signals.pending | own->pending) &
		       own->blocked;

	return copy_to_user(set_at, &set, sizeof(set));
}

long sys_sigsuspend(uaddr_t mask_at)
{
	uint32_t low, high;

	if (UNLIKELY(mask_at > USER_HIGHEST - sizeof(sigset_t)) ||
	    !fetch_user_pair(mask_at, &low, &high))
		return -EFAULT;
	return signal_suspend((sigset_t)high << 32 | low);
}

long sys_sigreturn(void)
{
	return arch_leave_handler();
}

/* sigwaitinfo() and sigwait() are libc's, with no timeout. */
struct signal_wait {
	sigset_t set;
	siginfo_t info;
};

static long take_signal(void *context)
{
	struct signal_wait *wait = context;
	int n = signal_take(cpu.current, wait->set, &wait->info);

	return n ? n : -EAGAIN;
}

/* A timeout that passes is EAGAIN here, as POSIX has it. */
long sys_sigtimedwait(uaddr_t set_at, uaddr_t info_at, uaddr_t timeout_at)
{
	struct wait_request request = {
		.queue = &process_current()->signals.arrivals,
		.event = WAIT_SIGNAL,
		.deadline_ns = FOREVER,
	};
	uint64_t kept_ns = time_restarted_deadline(CALL_sigtimedwait);
	struct signal_wait wait;
	uint64_t timeout_ns;
	long n;

	if (copy_from_user(&wait.set, set_at, sizeof(wait.set)) != 0)
		return -EFAULT;
	wait.set &= ~SIGNALS_UNSTOPPABLE;
	if (timeout_at) {
		n = timespec_fetch(timeout_at, &timeout_ns);
		if (n)
			return n;
		request.deadline_ns = kept_ns ? kept_ns
					      : time_after_ns(timeout_ns);
	}
	n = wait_for(&request, take_signal, &wait);
	if (n == -ETIMEDOUT)
		return -EAGAIN;
	if (n > 0 && info_at &&
	    copy_to_user(info_at, &wait.info, sizeof(wait.info)) != 0)
		return -EFAULT;
	return n;
}

long sys_sigqueue(pid_t pid, int n, uaddr_t value)
{
	siginfo_t info = sender_info();
	struct process *process = process_find(pid);

	if (n != 0 && !is_signal(n))
		return -EINVAL;
	if (!process || pid <= 0)
		return -ESRCH;
	if (!user_may_signal(process_current(), process, n))
		return -EPERM;
	info.si_code = SI_QUEUE;
	info.si_value.sival_ptr = (void *)value;
	return n ? signal_send(process, n, &info) : 0;
}

/* As sigaltstack(2) passes it. */
struct user_stack {
	uaddr_t at;
	int flags;
	uint32_t bytes;
};

long sys_sigaltstack(uaddr_t stack_at, uaddr_t old_at)
{
	struct task_signals *signals = &cpu.current->signals;
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
	signals->stack = stack.at;
	signals->stack_bytes = stack.flags & SS_DISABLE ? 0 : stack.bytes;
	return 0;
}
