/*
 * process.c - processes come, and are freed; exit.c has the end.
 *
 *	process_create -> alive <-> stopped -> zombie -> process_reap
 */
#include "kernel/task/process.h"

#include "arch/arch.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/id.h"

struct list process_list = LIST_INIT(process_list);
uint32_t process_count;
struct process *process_init;

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
	set_limit(process, RLIMIT_NICE, 0);
	set_limit(process, RLIMIT_RTPRIO, 0);
	set_limit(process, RLIMIT_NPROC, CHILD_MAX);
	set_limit(process, RLIMIT_NOFILE, OPEN_MAX);
	process->limits[RLIMIT_NOFILE].rlim_cur = OPEN_USUAL;
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
bool process_has_room(const struct process *parent)
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
	task_set_policy(task, from->policy, task_own_priority(from));
	task->is_explored = from->is_explored;
	task->is_stepped = from->is_stepped;
}

static void init_queues(struct process *process)
{
	list_node_init(&process->told);
	list_init(&process->tasks);
	list_init(&process->children);
	list_init(&process->alarms);
	list_init(&process->locks);
	list_init(&process->undos);
	list_init(&process->calls);
	list_init(&process->expected);
	list_init(&process->mails);
	list_init(&process->links);
	wait_queue_init(&process->tasks_queue);
	wait_queue_init(&process->child_queue);
	process->child_queue.is_chosen = true;	/* by the child that ends */
}

struct process *process_create(struct process *parent, const char *name)
{
	struct process *process;
	struct task *task;

	if (!process_has_room(parent))
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
	init_queues(process);
	list_append(&process->tasks, &task->sibling);
	process->task_count = 1;
	if (parent) {
		inherit_policy(task, task_current());
		signals_fork(&task->signals);
	}
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

/* A process may have hundreds of tasks: the sum is in cycles, and is converted
 * once. */
static uint64_t user_cycles(const struct process *process)
{
	uint64_t cycles = process->user_cycles;
	const struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		cycles += task_user_cycles(task);
	return cycles;
}

static uint64_t total_cycles(const struct process *process)
{
	uint64_t cycles = process->total_cycles;
	const struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling)
		cycles += task_total_cycles(task);
	return cycles;
}

uint64_t process_user_ns(const struct process *process)
{
	return arch_cycles_to_ns(user_cycles(process));
}

uint64_t process_kernel_ns(const struct process *process)
{
	return arch_cycles_to_ns(total_cycles(process) - user_cycles(process));
}

uint64_t process_used_ns(const struct process *process)
{
	return arch_cycles_to_ns(total_cycles(process));
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

	if (process->has_names)
		process_end_names(process);
	task_clean_up();	/* the zombie's last task, usually */
	if (parent) {
		parent->children_user_ns += process_user_ns(process) +
					    process->children_user_ns;
		parent->children_kernel_ns += process_kernel_ns(process) +
					      process->children_kernel_ns;
		list_remove(&process->sibling);
	}
	list_remove(&process->all);
	if (list_is_linked(&process->told))
		list_remove(&process->told);
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
