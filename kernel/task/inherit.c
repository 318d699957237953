/*
 * inherit.c - a task runs at the priority of the tasks that wait for it.
 *
 * The failure: priority inversion. A task of low priority holds a lock. A task
 * of high priority waits for the lock, and so for the first task. A task of
 * middle priority, which needs no lock, runs instead of the first task, and so
 * instead of the task of high priority, without any limit. The computer of Mars
 * Pathfinder started again and again in 1997 for this reason.
 *
 * The cure: a waiting task lends its level (task.h) to the owner of the lock.
 * The borrower runs at the highest level of all its loans, or at its own higher
 * level. A borrower that waits lends the level on, so a level goes along a
 * chain of owners. The end of a loan is exact: at the unlock, the hand-over,
 * the reply, the timeout, the signal, the death.
 *
 *	lock		its first sleeper lends to the owner (queues are ordered
 *			by priority)
 *	kernel mutex	the same: mutex.c
 *	mailbox call	the caller lends to the server: mail_call.c
 *
 * What a task lends. A level above LEVEL_SHARED is a real-time priority: the
 * borrower stands on the ready list of this priority. A task that shares time
 * lends LEVEL_SHARED, which matters to a background task alone: without the
 * loan, such an owner might never run. Tasks that share time lend each other
 * nothing, and the nice value is never lent. Such tasks never wait without
 * limit: each ready task has its turn, and each user a slice. More turns for
 * the owner would take the time from other users. So the borrower's user pays
 * for a borrowed turn. At a call a task that shares time lends nothing: a
 * server in the background has declared that its work can wait.
 *
 * A borrower keeps its policy: a task of POLICY_REALTIME has no slices, all
 * others take turns with their equals.
 *
 * A loan is noted at the borrower only while it can matter (is_worth), so the
 * usual wait costs a comparison. `owner` is a number, and may be the number of
 * no task: it can come from user memory. A lender can only give away its own
 * right to run.
 *
 * No task lends to itself: a lock that would close a circle gets EDEADLK, and a
 * call that would close a circle lends nothing. A level goes along CHAIN_MOST
 * owners at most: the walk runs with task switches postponed.
 *
 * A background task in the middle of deferred work shares time, too: all tasks
 * that the work will wake lend LEVEL_SHARED to it, see cpu.c.
 *
 * A ceiling is a level that the task has asked for while it holds a mutex of
 * PTHREAD_PRIO_PROTECT: the inversion cannot begin.
 *
 * Not promised: a loan of LEVEL_SHARED to an owner that becomes a background
 * task during the wait. L. Sha, R. Rajkumar, J. Lehoczky, "Priority Inheritance
 * Protocols", 1990.
 */
#include "kernel/task/inherit.h"

#include "kernel/task/id.h"
#include "kernel/task/task.h"

#define CHAIN_MOST	64		/* owners, each waiting for the next */

/* What the lenders have to lend. A background task that is not alone in the
 * queue counts as a task that shares time: the queue does not part the two. */
static int level_of(const struct loan *loan)
{
	const struct task *task = loan->lender;
	const struct list_node *first;

	if (!loan->queue)
		return list_is_linked(&task->wait.node) ? task->level
							: LEVEL_IDLE;
	first = list_first(&loan->queue->sleepers);
	if (!first)
		return LEVEL_IDLE;
	task = LIST_ENTRY(first, const struct task, wait.node);
	return list_is_single(first) ? task->level
				     : MAX(task->level, LEVEL_SHARED);
}

static struct task *find_owner(pid_t id)
{
	struct task *task = id ? id_task(id) : NULL;

	return task && task->state != TASK_TERMINATED ? task : NULL;
}

static bool is_worth(int level, const struct task *owner)
{
	return level > LEVEL_SHARED || level > owner->own_level;
}

static void unlink_loan(struct loan *loan)
{
	list_remove(&loan->node);
	loan->holder = NULL;
}

/* Note the loan as it is now. Returns the owner if its loans have changed. */
static struct task *note(struct loan *loan)
{
	struct task *owner = find_owner(loan->owner);
	int level = level_of(loan);

	if (!owner)
		return NULL;
	if (!is_worth(level, owner)) {
		if (!loan->holder)
			return NULL;
		unlink_loan(loan);
		return owner;
	}
	if (!loan->holder)
		list_insert_new(&owner->loans.head, &loan->node);
	else if (loan->level == level)
		return NULL;
	loan->holder = owner;
	loan->level = level;
	return owner;
}

int inherit_level(const struct task *task)
{
	const struct loan *loan;
	int level = task->own_level;

	if (task->works_under_way)
		level = MAX(level, LEVEL_SHARED);
	if (task->ceiling > LEVEL_SHARED)
		level = MAX(level, task->ceiling);
	LIST_FOR_EACH(loan, &task->loans, node)
		level = MAX(level, loan->level);
	return level;
}

/* False: the level is the same as before. */
static bool settle(struct task *task)
{
	int level = inherit_level(task);

	if (level == task->level)
		return false;
	task_set_level(task, level);
	return true;
}

/* The loan of a task that sleeps, or NULL. */
static struct loan *loan_by(const struct task *task)
{
	return list_is_linked(&task->wait.node) ? task->wait.loan : NULL;
}

void inherit_pass_on(struct task *task)
{
	unsigned count = 0;
	struct loan *loan;

	do {
		loan = loan_by(task);
		task = loan ? note(loan) : NULL;
	} while (task && settle(task) && ++count < CHAIN_MOST);
}

void inherit_update(struct task *task)
{
	if (settle(task))
		inherit_pass_on(task);
}

void inherit_recount(struct loan *loan)
{
	struct task *owner = note(loan);

	if (owner)
		inherit_update(owner);
}

void inherit_move(struct loan *loan, pid_t owner)
{
	struct task *before = loan->holder;

	if (before && loan->owner != owner) {
		unlink_loan(loan);
		inherit_update(before);
	}
	loan->owner = owner;
	inherit_recount(loan);
}

bool inherit_is_circle(const struct loan *loan, pid_t owner)
{
	const struct task *task = find_owner(owner);
	const struct loan *next;
	unsigned count;

	for (count = 0; task && count < CHAIN_MOST; count++) {
		next = loan_by(task);
		if (task == task_current() || next == loan)
			return true;
		task = next ? find_owner(next->owner) : NULL;
	}
	return task != NULL;
}

void inherit_end(struct task *task)
{
	struct list_node *node;
	struct loan *loan;

	while ((node = list_first(&task->loans)) != NULL) {
		loan = LIST_ENTRY(node, struct loan, node);
		unlink_loan(loan);
		loan->owner = 0;
	}
}
