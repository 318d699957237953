/*
 * explore.c - a program decides which of several tasks runs.
 *
 * A race shows in few of the possible schedules. To find the schedule, a
 * program such as explore(1) runs its subject again and again, each time with a
 * different plan. The explored tasks have the same real-time priority, and no
 * time slice ends. So a task runs until it waits, and the next ready task is
 * always the same. Only a decision changes the order: before a system call, or
 * before an access to a shared word, the plan may take a different ready task.
 * A plan names only the decisions that differ from this order, each by a task
 * and its position. The same plan gives the same run, as long as the subject
 * does not look at the clock.
 *
 * The explorer itself has no real-time priority. So whenever the explorer runs,
 * all explored tasks wait, or have given themselves a different policy. When
 * all wait, the explorer lets time pass: the earliest sleep ends at once, and
 * nothing really sleeps.
 */
#include "kernel/sys/explore.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/proc.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/tracer.h"

/* A run is shorter. Ticks, because a host that stalls delays only one tick. */
#define SPIN_TICK_NS	(NSEC_PER_SEC / 10)
#define SPIN_TICKS	100

_Static_assert(sizeof(struct explore) <= POOL_LARGEST, "it is one pool object");
_Static_assert(sizeof(struct explore_step) == 48, "known to programs");

static struct pool explore_pool = POOL("explore", sizeof(struct explore));

/* ---- The processes of a run --------------------------------------------- */

static bool is_empty(const struct explore *explore)
{
	const struct process *process;

	LIST_FOR_EACH(process, &process_list, all)
		if (is_explored(process, explore))
			return false;
	return true;
}

static void spin_tick(struct timer *timer)
{
	struct explore *explore = CONTAINER_OF(timer, struct explore, spin);

	if (++explore->spin_ticks == SPIN_TICKS)
		explore_end_spinning(explore);
	else
		timer_start(timer, arch_now_ns() + SPIN_TICK_NS);
}

/* ---- The descriptor ----------------------------------------------------- */

/* Ranks by chance are no choice of the plan. */
static void take_ranks(struct explore *explore)
{
	explore->has_ranks = explore->choice_count > 0 &&
			     explore->choices[0].task == EXPLORE_RANKS;
	explore->choice_next = explore->has_ranks ? 1 : 0;
	if (explore->has_ranks)
		explore_begin_ranks(explore, &explore->choices[0]);
}

/* A new plan begins a new run. */
static ssize_t explore_write(struct open_file *file, uaddr_t from,
			     size_t bytes)
{
	struct explore_choice choices[EXPLORE_CHOICES_MOST];
	struct explore *explore = explore_of(file->object);

	if (bytes % sizeof(struct explore_choice) != 0 ||
	    bytes > sizeof(choices))
		return -EINVAL;
	if (!is_empty(explore))
		return -EBUSY;
	if (copy_from_user(choices, from, bytes) != 0)
		return -EFAULT;
	memcpy(explore->choices, choices, bytes);
	explore->choice_count = bytes / sizeof(struct explore_choice);
	take_ranks(explore);
	explore->step_count = explore->read_count = 0;
	explore->task_count = explore->pipe_count = 0;
	explore->is_spinning = false;
	explore->running = NULL;
	return bytes;
}

/* The steps of the run, whole ones; 0: no further step. */
static ssize_t explore_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct explore *explore = explore_of(file->object);
	const size_t size = sizeof(struct explore_step);
	const struct explore_step *page;
	size_t done = 0;

	for (; done + size <= bytes &&
	       explore->read_count < explore->step_count; done += size) {
		page = explore->steps[explore->read_count / STEPS_OF_PAGE];
		if (copy_to_user(to + done, &page[explore->read_count %
				 STEPS_OF_PAGE], size) != 0)
			return done ? (ssize_t)done : -EFAULT;
		explore->read_count++;
	}
	return done;
}

/* The explorer ends: so does the run. */
static void explore_close(struct open_file *file)
{
	if (file->object->ends[END_READ] == 0)
		explore_end(explore_of(file->object));
}

static void explore_destroy(struct object *object)
{
	struct explore *explore = explore_of(object);
	unsigned i;

	timer_stop(&explore->spin);
	for (i = 0; i < STEP_PAGES; i++)
		if (explore->steps[i])
			page_free(explore->steps[i]);
	for (i = 0; i < WORD_PAGES; i++)
		if (explore->words[i])
			page_free(explore->words[i]);
	pool_free(&explore_pool, explore);
}

static const struct object_ops explore_ops = {
	.kind = "explore",
	.read = explore_read,
	.write = explore_write,
	.close = explore_close,
	.call = explore_call,
	.destroy = explore_destroy,
};

/* ---- System calls of the explorer --------------------------------------- */

/* The explored tasks get a real-time priority: root's alone. */
long sys_explore_open(int flags)
{
	struct explore *explore;

	if (flags & ~(O_CLOEXEC | EXPLORE_MEMORY))
		return -EINVAL;
	if (!user_is_root(process_current()))
		return -EPERM;
	explore = pool_alloc(&explore_pool);
	if (!explore)
		return -ENOMEM;
	object_init(&explore->object, &explore_ops);
	explore->has_memory = flags & EXPLORE_MEMORY;
	timer_init(&explore->spin, spin_tick);
	return descriptor_open(&explore->object, O_RDWR, flags & O_CLOEXEC);
}

long sys_explore_attach(int fd)
{
	struct task *task = task_current();
	struct explore *explore;
	long error;

	if (task->process->task_count > 1)
		return -EINVAL;
	error = tracer_attach(fd, &explore_ops);
	if (error)
		return error;
	explore = explore_of(task->process->tracer);
	task->is_explored = true;
	task_set_policy(task, POLICY_REALTIME, PRIORITY_LOWEST);
	explore->spin_ticks = 0;
	timer_start(&explore->spin, arch_now_ns() + SPIN_TICK_NS);
	return 0;
}

/* Could an explored task go on, once the explorer sleeps? */
static bool has_ready_task(const struct explore *explore)
{
	const struct task *task;

	LIST_FOR_EACH(task, &task_list, all)
		if (task->state == TASK_READY &&
		    is_explored(task->process, explore))
			return true;
	return false;
}

/* The explored task whose sleep ends first, or NULL. */
static struct task *first_sleeper(const struct explore *explore)
{
	struct task *task, *first = NULL;

	LIST_FOR_EACH(task, &task_list, all) {
		if (!task_is_waiting(task) ||
		    !is_explored(task->process, explore) ||
		    task->wait.request->deadline_ns == FOREVER)
			continue;
		if (!first || task->wait.request->deadline_ns <
			      first->wait.request->deadline_ns)
			first = task;
	}
	return first;
}

/* Does an explored task wait for the terminal, the network or a timer? */
static bool waits_for_outside(const struct explore *explore)
{
	const uint32_t outer = OUTSIDER(KEYBOARD) | OUTSIDER(HOST) |
			       OUTSIDER(CLOCK) | OUTSIDER(NETWORK);
	const struct process *process;
	const struct task *task;

	LIST_FOR_EACH(process, &process_list, all)
		if (is_explored(process, explore) &&
		    !list_is_empty(&process->alarms))
			return true;
	LIST_FOR_EACH(task, &task_list, all)
		if (task_is_waiting(task) &&
		    is_explored(task->process, explore) &&
		    proc_outsiders(task) & outer)
			return true;
	return false;
}

static long go_on(struct explore *explore)
{
	struct task *first;

	if (is_empty(explore)) {
		timer_stop(&explore->spin);
		return explore->is_spinning ? EXPLORE_SPINNING : EXPLORE_EMPTY;
	}
	if (has_ready_task(explore))
		return EXPLORE_OUTSIDE;
	first = first_sleeper(explore);
	if (first) {
		wait_interrupt(first, -ETIMEDOUT);
		return EXPLORE_WOKEN;
	}
	return waits_for_outside(explore) ? EXPLORE_OUTSIDE : EXPLORE_STUCK;
}

long sys_explore_control(int fd, int operation)
{
	struct open_file *file = descriptor_file(fd);

	if (!file)
		return -EBADF;
	if (file->object->ops != &explore_ops ||
	    (uint32_t)operation > EXPLORE_WORDS)
		return -EINVAL;
	if (operation == EXPLORE_GO_ON)
		return go_on(explore_of(file->object));
	if (operation == EXPLORE_WORDS)
		return explore_of(file->object)->word_count;
	explore_end(explore_of(file->object));
	return 0;
}
