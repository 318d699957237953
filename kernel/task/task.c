/*
 * task.c - tasks come and go.
 *
 * A task cannot free the stack that the task itself runs on. An ending task
 * enters a list and never runs again. The next task frees the listed tasks, at
 * the latest on the way out of the kernel. Step 12 of the tutorial uses a
 * cleaner task for this work, which costs an extra switch for every end.
 */
#include "kernel/task/task.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/machine.h"
#include "kernel/mm/heap.h"
#include "kernel/task/id.h"
#include "kernel/task/inherit.h"
#include "kernel/task/sched.h"
#include "kernel/task/share.h"

#define STACK_UNITS	(KERNEL_STACK_BYTES / ACCOUNT_UNIT)	/* of memory */

struct list task_list = LIST_INIT(task_list);
uint32_t task_count;

static struct pool task_pool = POOL_COUNTED("task", sizeof(struct task),
					    ACCOUNT_TASKS);
static struct task boot_task;
static struct list terminated = LIST_INIT(terminated);	/* [P] */

static void wait_expired(struct timer *timer)
{
	struct task *task = CONTAINER_OF(timer, struct task, wait.timer);

	wait_interrupt(task, -ETIMEDOUT);
}

static void task_init(struct task *task, const char *name,
		      struct share *share)
{
	task->account = account_payer();
	strlcpy(task->name, name, sizeof(task->name));
	task->policy = POLICY_NORMAL;
	task->slice_ticks = SLICE_TICKS;
	task->state = TASK_BLOCKED;
	task->share = share;
	task->ready_list = &share->tasks;
	share->members++;
	task->has_extra_state = true;	/* no page tables yet */
	wait_init(&task->wait, wait_expired);
	list_init(&task->loans);
	list_append(&task_list, &task->all);
	task_count++;
}

/* The last tasks are for root. */
static bool there_is_room(void)
{
	return account_is_root(account_payer()) ||
	       task_count < TASKS_MOST - ACCOUNT_TASKS_KEPT;
}

static bool alloc_stack(struct task *task)
{
	struct account *payer = pool_payer(task);

	if (!account_charge(payer, ACCOUNT_MEMORY, STACK_UNITS))
		return false;
	task->stack = arch_stack_alloc();
	if (!task->stack)
		account_uncharge(payer, ACCOUNT_MEMORY, STACK_UNITS);
	return task->stack;
}

static void free_stack(struct task *task)
{
	account_uncharge(pool_payer(task), ACCOUNT_MEMORY, STACK_UNITS);
	arch_stack_free(task->stack);
}

struct task *task_create(const char *name, pid_t id)
{
	struct task *task = NULL;

	if (there_is_room())
		task = pool_alloc_dirty(&task_pool);
	if (!task)
		return NULL;
	memset(task, 0, offsetof(struct task, signals.pending.details));
	if (!alloc_stack(task))
		goto free_task;
	task->id = id ? id : id_alloc();
	if (task->id < 0)
		goto free_stack;
	if (id)
		id_get(id);
	id_set_task(task->id, task);
	task_init(task, name, task_current()->share);
	trace(TRACE_TASK, 0, task->id, 0);
	trace_name(TRACE_TASK_NAME, task->id, name);
	return task;

free_stack:
	free_stack(task);
free_task:
	pool_free(&task_pool, task);
	return NULL;
}

void task_discard(struct task *task)
{
	list_remove(&task->all);
	task_count--;
	share_put(task->share);
	if (task == &boot_task)		/* was not allocated */
		return;
	id_set_task(task->id, NULL);
	id_put(task->id);
	arch_fpu_drop(task);
	free_stack(task);
	pool_free(&task_pool, task);
}

struct task *create_kernel_task(const char *name, void (*entry)(void *),
				void *arg, int priority)
{
	struct task *task = task_create(name, 0);

	if (!task)
		return NULL;
	task_set_policy(task, POLICY_URGENT, priority);
	arch_task_prepare(task, entry, arg);
	unblock_task(task);
	return task;
}

/* Step 1's start-up function. The switch to a new task happens under [P]. The
 * new task must release [P] first, or no task ever switches again. */
void kernel_task_start(void (*function)(void *), void *argument)
{
	arch_irq_restore(~0u);
	unlock_stuff();
	function(argument);
	lock_stuff();
	terminate_task();
}

/* ---- The end ------------------------------------------------------------ */

void terminate_task(void)
{
	struct task *task = task_current();

	ASSERT(arch_cpu()->postpone_depth == 1);
	inherit_end(task);
	trace(TRACE_EXIT, 0, task->id, 0);
	list_append(&terminated, &task->ready);
	cpu_pend(PENDING_CLEANER);
	block_task(TASK_TERMINATED);
	panic("a terminated task ran again");
}

void task_clean_up(void)
{
	struct list_node *node;

	cpu_unpend(PENDING_CLEANER);
	while ((node = list_take_first(&terminated)))
		task_discard(LIST_ENTRY(node, struct task, ready));
}

void initialise_multitasking(void)
{
	struct task *idle;

	task_init(&boot_task, "boot", share_init());
	sched_init(&boot_task);
	cpu_set_deferred(PENDING_CLEANER, task_clean_up);
	idle = task_create("idle", 0);
	if (!idle)
		panic("no memory for the first tasks");
	sched_set_idle(idle);
}
