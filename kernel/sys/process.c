/* process.c - the system calls of processes: fork, exit, wait, groups. */
#include "kernel/task/process.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/wait.h"
#include "kernel/dev/terminal.h"
#include "kernel/fs/lock.h"
#include "kernel/ipc/mailbox.h"
#include "kernel/ipc/sysv_semaphore.h"
#include "kernel/obj/descriptor.h"
#include "kernel/obj/object.h"
#include "kernel/sys/init.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/tracer.h"
#include "kernel/task/id.h"

long sys_getpid(void)
{
	return process_current()->id;
}

long sys_getppid(void)
{
	const struct process *parent = process_current()->parent;

	return parent ? parent->id : 0;
}

long sys_exit(int status)
{
	process_exit(WAIT_STATUS_EXIT(status));
}

/* ---- fork --------------------------------------------------------------- */

static void share_names(struct process *child, const struct process *parent)
{
	child->directory = parent->directory;
	object_get(child->directory);
	terminal_inherit(child, parent);
	child->tracer = parent->tracer;
	if (child->tracer)
		object_get(child->tracer);
	child->image = parent->image;
	if (child->image)
		object_get(child->image);
}

/* Give the new child its copies. 0 or -ENOMEM: the caller has the copies. */
static int fill_child(struct process *child, struct space *space,
		      struct descriptors *descriptors)
{
	struct task *task = process_task(child);
	int error = arch_fpu_copy(task);

	if (error)
		return error;
	task_set_thread_pointer(task, task_current()->thread_pointer);
	task_set_trace(task, task_current()->is_traced);
	child->descriptors = descriptors;
	child->space = space;
	space->process = child->id;
	share_names(child, process_current());
	task_set_space(task, &space->arch);
	arch_task_prepare_fork(task);
	return 0;
}

long sys_fork(void)
{
	struct process *parent = process_current(), *child;
	struct descriptors *descriptors;
	struct space *space;
	int error = -ENOMEM;

	if (!process_has_room(parent))
		return -EAGAIN;
	/* Other tasks run meanwhile, so there is no child yet. */
	space = space_clone(parent->space, arch_user_stack());
	if (!space)
		return -ENOMEM;
	descriptors = descriptors_clone(parent->descriptors);
	if (!descriptors)
		goto destroy_space;
	error = -EAGAIN;
	child = process_create(parent, parent->name);
	if (!child)
		goto destroy_descriptors;
	error = fill_child(child, space, descriptors);
	if (!error) {
		unblock_task(process_task(child));
		return child->id;
	}
	process_discard(child);
destroy_descriptors:
	descriptors_destroy(descriptors);
destroy_space:
	space_destroy(space);
	return error;
}

/* process_exit() calls this to release resources of the upper floors. */
void process_release(struct process *process)
{
	lock_process_ends(process);
	sysv_process_ends(process);
	descriptors_destroy(process->descriptors);
	process->descriptors = NULL;
	mailbox_process_ends(process);
	object_put(process->directory);
	process->directory = NULL;
	terminal_leave(process);
	if (process->tracer)
		tracer_leave(process);
	if (process->image)
		object_put(process->image);
	process->image = NULL;
}

/* ---- wait --------------------------------------------------------------- */

/* Has the state of this child changed in a way the caller waits for? */
static bool has_news(const struct process *child, int options)
{
	if (child->state == PROCESS_ZOMBIE)
		return true;
	if (child->was_reported)
		return false;
	if (child->state == PROCESS_STOPPED)
		return options & WUNTRACED;
	return child->status == WAIT_STATUS_CONTINUED && options & WCONTINUED;
}

/* Write the news of a child to the caller's memory. 0 or -EFAULT. */
static int write_news(const struct child_wait *wait,
		      const struct process *child)
{
	siginfo_t info;
	int status = child->status;

	if (!(wait->options & WCAUSE))
		status &= WAIT_STATUS_USUAL;
	if (wait->status_at)
		return copy_to_user(wait->status_at, &status, sizeof(status));
	if (!wait->info_at)
		return 0;
	process_child_info(child, &info);
	return copy_to_user(wait->info_at, &info, sizeof(info));
}

/* The pid of a child with news; a zombie is reaped after the news are written.
 * -ECHILD: the caller does not want this child. -EAGAIN: the child has no news.
 * -EFAULT: the child keeps the news. */
static long ask_child(const struct child_wait *wait, struct process *child)
{
	bool is_zombie = child->state == PROCESS_ZOMBIE;
	pid_t id = child->id;

	if (!process_is_wanted(child, wait) ||
	    (is_zombie && !(wait->options & WEXITED)))
		return -ECHILD;
	if (!has_news(child, wait->options))
		return -EAGAIN;
	if (write_news(wait, child) != 0)
		return -EFAULT;
	if (wait->options & WNOWAIT)
		return id;
	child->was_reported = true;
	if (is_zombie)
		process_reap(child);
	return id;
}

/* A child with a known number is found without a look at the others. */
static long find_child(void *context)
{
	const struct child_wait *wait = context;
	struct process *child;
	long answer, result = -ECHILD;

	if (wait->pid > 0) {
		child = process_find(wait->pid);
		return child && child->parent == wait->parent
			? ask_child(wait, child) : -ECHILD;
	}
	LIST_FOR_EACH(child, &wait->parent->children, sibling) {
		answer = ask_child(wait, child);
		if (answer == -ECHILD)
			continue;
		result = answer;
		if (answer != -EAGAIN)
			break;
	}
	return result;
}

/* The pid of a child with news; 0: WNOHANG, and no child has news. */
static long wait_for_news(struct child_wait *wait)
{
	const struct wait_request request = {
		.queue = &wait->parent->child_queue,
		.event = WAIT_CHILD,
		.deadline_ns = FOREVER,
	};
	long result = find_child(wait);

	if (result != -EAGAIN)
		return result;
	return wait->options & WNOHANG ? 0
				       : wait_for(&request, find_child, wait);
}

long sys_waitpid(pid_t pid, uaddr_t status_at, int options)
{
	struct child_wait wait = {
		.parent = process_current(),
		.pid = pid,
		.options = options | WEXITED,
		.status_at = status_at,
	};

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | WCAUSE))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	return wait_for_news(&wait);
}

/* The argument of waitpid() for the same children, or 0. */
static pid_t children_meant(int kind, id_t id)
{
	if (kind == P_ALL)
		return -1;
	if ((kind != P_PID && kind != P_PGID) || (int32_t)id <= 0)
		return 0;
	return kind == P_PID ? (pid_t)id : -(pid_t)id;
}

long sys_waitid(int kind, id_t id, uaddr_t info_at, int options)
{
	struct child_wait wait = {
		.parent = process_current(),
		.pid = children_meant(kind, id),
		.options = options,
		.info_at = info_at,
	};
	long result;

	if (wait.pid == 0 || !(options & (WEXITED | WSTOPPED | WCONTINUED)) ||
	    options & ~(WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT))
		return -EINVAL;
	result = wait_for_news(&wait);
	if (result == 0 && info_at)	/* no news: all fields are 0 */
		return clear_user(info_at, sizeof(siginfo_t));
	return MIN(result, 0);
}

/* ---- Groups and sessions ------------------------------------------------ */

/* The process, or the caller for 0. */
static struct process *named_process(pid_t pid)
{
	return pid ? process_find(pid) : process_current();
}

static bool group_is_in_session(pid_t group, pid_t session)
{
	struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (process->group == group && process->session == session)
			return true;
	return false;
}

long sys_setpgid(pid_t pid, pid_t group)
{
	struct process *caller = process_current();
	struct process *process = named_process(pid);

	if (group < 0)
		return -EINVAL;
	if (!process || (process != caller && process->parent != caller))
		return -ESRCH;
	if (group == 0)
		group = process->id;
	if (process != caller && process->has_execed)
		return -EACCES;
	if (process->session != caller->session ||
	    process->session == process->id)
		return -EPERM;
	if (group != process->id &&
	    !group_is_in_session(group, caller->session))
		return -EPERM;
	process_set_group(process, group, process->session);
	return 0;
}

long sys_getpgid(pid_t pid)
{
	const struct process *process = named_process(pid);

	return process ? process->group : -ESRCH;
}

long sys_getsid(pid_t pid)
{
	const struct process *process = named_process(pid);

	return process ? process->session : -ESRCH;
}

long sys_setsid(void)
{
	struct process *process = process_current();
	struct process *other;

	LIST_FOR_EACH(other, &process_list, all)
		if (other->group == process->id)
			return -EPERM;
	terminal_leave(process);
	process_set_group(process, process->id, process->id);
	return process->id;
}
