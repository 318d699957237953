/*
 * thread.c - the system calls of threads: tasks that share a process.
 *
 * libc makes pthreads of these tasks: libc allocates the stack and the thread's
 * control block, the thread's own memory. A joiner waits on the word
 * clear_at_exit. The kernel writes the id of the task into this word before the
 * task runs, and 0 when the task has ended; at a bad address nothing happens.
 */
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/sched.h"
#include "kernel/ipc/futex.h"
#include "kernel/sys/init.h"
#include "kernel/sys/crash.h"
#include "kernel/sys/robust.h"
#include "kernel/sys/schedule.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/id.h"
#include "kernel/task/late_page.h"
#include "kernel/task/process.h"

#define THREADS_MOST	256		/* of a process */

/* The policy and priority that a new thread shall have. */
static long fetch_scheduling(uaddr_t at, int *policy, int *priority)
{
	struct sched_state wanted;

	if (copy_from_user(&wanted, at, sizeof(wanted)) != 0)
		return -EFAULT;
	*policy = policy_find(wanted.policy, wanted.priority);
	*priority = wanted.priority;
	if (*policy < 0)
		return *policy;
	return policy_is_allowed(*policy, *priority) ? 0 : -EPERM;
}

/* Write the word of the joiner. False: no word; address 0 is a bad one. */
static bool tell(uaddr_t clear_at_exit, uint32_t value)
{
	return clear_at_exit % sizeof(value) == 0 &&
	       store_user_word(clear_at_exit, value);
}

/* The new task has its policy before it runs: its own, or the caller's. */
long sys_thread_create(uaddr_t entry, uaddr_t stack, uaddr_t pointer,
		       uaddr_t clear_at_exit, uaddr_t scheduling_at)
{
	struct process *process = process_current();
	int policy = 0, priority = 0;
	struct task *task;
	long error = 0;

	if (scheduling_at)
		error = fetch_scheduling(scheduling_at, &policy, &priority);
	if (error)
		return error;
	if (process->task_count >= THREADS_MOST)
		return -EAGAIN;
	task = process_add_task(process);
	if (!task)
		return -EAGAIN;
	if (scheduling_at)
		task_set_policy(task, policy, priority);
	task_set_thread_pointer(task, pointer);
	task->clear_at_exit = clear_at_exit;
	tell(clear_at_exit, task->id);
	arch_task_prepare_thread(task, entry, stack);
	unblock_task(task);
	return task->id;
}

long sys_thread_exit(void)
{
	task_exit();
}

/* Called by task_exit(): the locks come first, since a joiner may unmap the
 * list. Then the word of the joiner becomes 0, and the joiner is woken. */
void thread_leaves_memory(struct task *task)
{
	bool is_told;

	robust_release(task);
	do
		is_told = tell(task->clear_at_exit, 0);
	while (!is_told && late_page_came());
	if (is_told)
		futex_wake(task->clear_at_exit, UINT32_MAX);
}

long sys_thread_kill(pid_t thread, int n, unsigned crash, unsigned place)
{
	const struct process *process = process_current();
	struct task *task = id_task(thread);
	siginfo_t info = { .si_code = SI_USER, .si_pid = process->id };

	if (n < 0 || n >= NSIG)
		return -EINVAL;
	if (!task || task->process != process)
		return -ESRCH;
	if (n == SIGABRT && task == task_current())
		crash_by_abort(crash, place);
	return n ? signal_send_task(task, n, &info) : 0;
}

long sys_gettid(void)
{
	return task_current()->id;
}

long sys_thread_pointer(uaddr_t pointer)
{
	task_set_thread_pointer(task_current(), pointer);
	return 0;
}

/* libc calls this when the semaphore's word alone is not enough. */
long sys_sem_post(uaddr_t word)
{
	return futex_post(word);
}

long sys_sem_wait(uaddr_t word)
{
	return futex_take(word, FOREVER);
}

long sys_futex(uaddr_t word, int operation, int value, uaddr_t deadline_at)
{
	uint64_t deadline_ns = FOREVER;
	int error;

	if (operation == FUTEX_POST)
		return futex_post(word);
	if (operation == FUTEX_UNLOCK)
		return futex_unlock(word);
	if (operation == FUTEX_WAKE)
		return value < 0 ? -EINVAL : futex_wake(word, value);
	if (deadline_at) {
		error = timespec_fetch(deadline_at, &deadline_ns);
		if (error)
			return error;
	}
	if ((operation & (FUTEX_KIND(1) - 1) & ~FUTEX_OWNER) == FUTEX_WAIT &&
	    FUTEX_KIND_OF(operation) < FUTEX_KINDS)
		return futex_wait(word, value, operation, deadline_ns);
	if (operation == FUTEX_TAKE)
		return futex_take(word, deadline_ns);
	if ((operation & ~FUTEX_INHERIT) == FUTEX_LOCK)
		return futex_lock(word, operation, deadline_ns);
	if (operation != FUTEX_LIST)
		return -EINVAL;
	task_current()->lock_list = word;
	return 0;
}
