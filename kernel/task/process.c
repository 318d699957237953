/*
 * process.c - processes come, end, and are waited for.
 *
 *	process_create -> alive <-> stopped -> zombie -> process_reap
 *
 * The last task of an ending process releases memory, descriptors and timers.
 * A zombie keeps only the number and the status, for the parent. The children
 * go to the first process, which waits for every child.
 */
#include "kernel/task/process.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/wait.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/alarm.h"
#include "kernel/task/id.h"

struct list process_list = LIST_INIT(process_list);
uint32_t process_count;
struct process *process_init;
void (*process_release_files)(struct process *process);
void (*task_tell_joiners)(struct task *task);
void (*process_tell_watchers)(const struct process *process);

static struct pool process_pool = POOL("process", sizeof(struct process));

struct process *process_find(pid_t id)
{
	return id_process(id);
}

/* Copy the properties that a child inherits. */
static void inherit(struct process *process, const struct process *parent)
{
	process->group = parent->group;
	process->session = parent->session;
	process->umask = parent->umask;
	process->nice = parent->nice;
	process->identity = parent->identity;
	memcpy(process->limits, parent->limits, sizeof(process->limits));
}

static void set_limit(struct process *process, int resource, rlim_t most)
{
	process->limits[resource] = (struct rlimit){ most, most };
}

/* The limits of the first process, inherited until a process lowers a limit. */
static void set_limits(struct process *process)
{
	int i;

	for (i = 0; i < RLIMITS; i++)
		set_limit(process, i, RLIM_INFINITY);
	set_limit(process, RLIMIT_STACK, 8u << 20);
	set_limit(process, RLIMIT_CORE, 0);
	set_limit(process, RLIMIT_NPROC, CHILD_MAX);
	set_limit(process, RLIMIT_NOFILE, OPEN_MAX);
}

static void process_link(struct process *process, struct process *parent)
{
	process->parent = parent;
	process->account = account_payer();
	account_get(process->account);
	if (parent) {
		inherit(process, parent);
		list_append(&parent->children, &process->sibling);
	} else {
		process->group = process->session = process->id;
		process->umask = 022;
		set_limits(process);
	}
	id_get(process->group);
	id_get(process->session);
	id_set_process(process->id, process);
	list_append(&process_list, &process->all);
	process_count++;
}

bool process_is_vital(const struct process *process)
{
	return process == process_init ||
	       (process->parent == process_init &&
		process->session == process->id);
}

/* The last places are for root, and the last few of them for the shells that
 * init has started. If a program fills the system with processes, such a shell
 * can still run kill. RLIMIT_NPROC does not hold root back. */
static bool there_is_room(const struct process *parent)
{
	const struct account *payer = account_payer();

	if (!parent)
		return true;
	if (account_is_root(payer))
		return process_count < PROCESS_MAX -
			(process_is_vital(parent) ? 0 : PROCESS_RESERVED);
	return process_count < PROCESS_MAX - PROCESS_KEPT &&
	       payer->refs < process_limit(parent, RLIMIT_NPROC);
}

static void inherit_policy(struct task *task, const struct task *from)
{
	task_set_nice(task, from->nice);
	task_set_policy(task, from->policy, from->priority);
}

struct process *process_create(struct process *parent, const char *name)
{
	struct process *process;
	struct task *task;

	if (!there_is_room(parent))
		return NULL;
	process = pool_alloc_dirty(&process_pool);
	if (!process)
		return NULL;
	memset(process, 0, offsetof(struct process, signals.pending.details));
	if (!signals_init(process, parent))
		goto free_process;
	task = task_create(name, parent ? 0 : ID_INIT);
	if (!task)
		goto free_signals;
	id_get(task->id);
	process->id = task->id;
	task->process = process;
	signals_join(task, process);
	list_init(&process->tasks);
	list_init(&process->alarms);
	list_init(&process->calls);
	list_init(&process->expected);
	list_init(&process->mails);
	list_init(&process->links);
	wait_queue_init(&process->tasks_queue);
	list_append(&process->tasks, &task->sibling);
	process->task_count = 1;
	if (parent) {
		inherit_policy(task, task_current());
		signals_fork(&task->signals);
	}
	list_init(&process->children);
	wait_queue_init(&process->child_queue);
	process->child_queue.is_chosen = true;	/* by the child that ends */
	memcpy(process->name, task->name, sizeof(process->name));
	process->start_ns = arch_now_ns();
	process_link(process, parent);
	return process;

free_signals:
	signals_destroy(process);
free_process:
	pool_free(&process_pool, process);
	return NULL;
}

uint64_t process_user_ns(const struct process *process)
{
	uint64_t ns = process->user_ns;
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		ns += task_user_ns(task);
	return ns;
}

uint64_t process_kernel_ns(const struct process *process)
{
	uint64_t ns = process->kernel_ns;
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		ns += task_kernel_ns(task);
	return ns;
}

void process_set_group(struct process *process, pid_t group, pid_t session)
{
	id_get(group);
	id_get(session);
	id_put(process->group);
	id_put(process->session);
	process->group = group;
	process->session = session;
}

void process_reap(struct process *process)
{
	struct process *parent = process->parent;

	task_clean_up();	/* the zombie's last task, usually */
	if (parent) {
		parent->children_user_ns += process->user_ns +
					    process->children_user_ns;
		parent->children_kernel_ns += process->kernel_ns +
					      process->children_kernel_ns;
		list_remove(&process->sibling);
	}
	list_remove(&process->all);
	process_count--;
	id_set_process(process->id, NULL);
	id_put(process->group);
	id_put(process->session);
	id_put(process->id);
	signals_destroy(process);
	account_put(process->account);
	pool_free(&process_pool, process);
}

void process_discard(struct process *process)
{
	struct task *task = process_task(process);

	list_remove(&task->sibling);
	task_discard(task);
	process_reap(process);
}

/* ---- The end ------------------------------------------------------------ */

static bool discards_children(const struct process *parent)
{
	const struct signal_action *action =
		&parent->signals.actions->of[SIGCHLD];

	return action->handler == 1 || action->flags & SA_NOCLDWAIT;
}

void process_child_info(const struct process *process, siginfo_t *info)
{
	int status = process->status;

	memset(info, 0, sizeof(*info));
	info->si_signo = SIGCHLD;
	info->si_pid = process->id;
	info->si_uid = process->identity.real_user;
	info->si_status = WIFEXITED(status) ? WEXITSTATUS(status)
					    : WTERMSIG(status);
	info->si_code = WIFEXITED(status) ? CLD_EXITED : CLD_KILLED;
	if (WIFSTOPPED(status)) {
		info->si_code = CLD_STOPPED;
		info->si_status = WSTOPSIG(status);
	} else if (WIFCONTINUED(status)) {
		info->si_code = CLD_CONTINUED;
		info->si_status = SIGCONT;
	}
}

void process_notify_parent(struct process *process)
{
	struct process *parent = process->parent;
	bool is_end = process->state == PROCESS_ZOMBIE;
	siginfo_t info;

	if (!parent)
		return;
	process_child_info(process, &info);
	/* First the event, then the signal, which would end the parent's wait
	 * with -EINTR although the child is there. */
	wait_wake_all(&parent->child_queue);
	if (is_end || !(parent->signals.actions->of[SIGCHLD].flags &
			SA_NOCLDSTOP))
		signal_send(parent, SIGCHLD, &info);
}

/* Give all children to the first process (whose own end is a panic). */
static void abandon_children(struct process *process)
{
	struct process *child, *after;
	bool may_tie = process_stopped_count > 0;

	LIST_FOR_EACH_SAFE(child, after, &process->children, sibling) {
		list_remove(&child->sibling);
		child->parent = process_init;
		list_append(&process_init->children, &child->sibling);
		if (may_tie && child->group != process->group &&
		    child->session == process->session)
			group_lost_tie(child->group);
		if (child->state == PROCESS_ZOMBIE)
			process_notify_parent(child);
	}
}

/* The running task leaves its process, and adds its times to the process. */
static void leave_process(struct task *task)
{
	struct process *process = task->process;

	process->user_ns += task_user_ns(task);
	process->kernel_ns += task_kernel_ns(task);
	signals_leave(task);
	alarms_of_task_end(task);
	task->signal_pending = false;
	list_remove(&task->sibling);
	process->task_count--;
	task->process = NULL;
	task->account = &account_root;	/* the process's may end first */
}

static void release_memory(struct process *process)
{
	struct space *space = process->space;

	task_set_space(task_current(), NULL);
	arch_space_switch(NULL);
	process->space = NULL;		/* reports see no space half freed */
	if (space)
		space_destroy(space);
}

/* The last task ends. Only the number and the status of the process stay. */
static void end_process(struct process *process)
{
	struct task *task = task_current();

	process->status = process->is_ending ? process->end_status
					     : WAIT_STATUS_EXIT(0);
	if (process == process_init)
		panic("init ended, status 0x%x: nobody is left to wait for "
		      "orphans", process->status);
	trace(TRACE_END, 0, process->id, process->status);
	alarm_delete_all(process);
	process_release_files(process);
	release_memory(process);
	abandon_children(process);
	leave_process(task);
	process_stopped_count -= process->state == PROCESS_STOPPED;
	process->state = PROCESS_ZOMBIE;
	if (process_stopped_count > 0)
		group_lost_tie(process->group);
	if (process_tell_watchers)
		process_tell_watchers(process);
	process_notify_parent(process);
	if (process->parent && discards_children(process->parent))
		process_reap(process);
}

void task_exit(void)
{
	struct task *task = task_current();
	struct process *process = task->process;

	if (task->clear_at_exit)
		task_tell_joiners(task);
	if (process->task_count == 1) {
		end_process(process);
	} else {
		task_set_space(task, NULL);
		leave_process(task);
		signals_hand_on(process, ~0ull);
		wait_wake_all(&process->tasks_queue);
	}
	terminate_task();
}

static void end_other_tasks(struct process *process)
{
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling) {
		if (task == task_current())
			continue;
		task->is_dying = true;
		signal_alert(task);
	}
}

void process_exit(int status)
{
	struct process *process = process_current();

	if (!process->is_ending) {
		process->is_ending = true;
		process->end_status = status;
		end_other_tasks(process);
	}
	task_exit();
}

static long is_single(void *context)
{
	const struct process *process = context;

	return process->task_count == 1 ? 0 : -EAGAIN;
}

int process_become_single(void)
{
	struct process *process = process_current();
	const struct wait_request request = {
		.queue = &process->tasks_queue,
		.event = WAIT_CHILD,
		.deadline_ns = FOREVER,
		.is_deaf = true,
	};

	if (is_single(process) == 0)
		return 0;
	end_other_tasks(process);
	return wait_for(&request, is_single, process);
}

struct task *process_add_task(struct process *process)
{
	struct task *task = task_create(process->name, 0);

	if (!task)
		return NULL;
	task->process = process;
	signals_join(task, process);
	task_set_space(task, &process->space->arch);
	inherit_policy(task, task_current());
	task_set_trace(task, task_current()->is_traced);
	task->signals.blocked = task_current()->signals.blocked;
	list_append(&process->tasks, &task->sibling);
	process->task_count++;
	return task;
}
