/*
 * inherit.h - a task runs at the priority of the tasks that wait for it.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/lib/types.h"

struct task;
struct wait_queue;

/*
 * What waiting tasks lend to the owner of a lock, or to the server of a call.
 * The waiting task names the loan in wait.loan. Zeroed but for `queue` or
 * `lender`: no owner.
 */
struct loan {
	const struct wait_queue *queue;	/* [const] a lock: its first sleeper
					 * lends; or NULL */
	const struct task *lender;	/* [const] a call: this task lends */
	pid_t owner;			/* [P] a task, or 0: none is known */
	struct task *holder;		/* [P] the owner, while the loan can
					 * matter; or NULL */
	struct list_node node;		/* [P] in holder->loans */
	int level;			/* [P] of the loan, with a holder */
};

/* The owner is this task from now on, or 0: none. Use inherit_give(). */
void inherit_move(struct loan *loan, pid_t owner);

static inline void inherit_give(struct loan *loan, pid_t owner)
{
	if (loan->owner != owner || loan->holder)
		inherit_move(loan, owner);
}

/* A lender has begun or ended its sleep, or a different task is the first. */
void inherit_recount(struct loan *loan);

/* Would a circle of tasks wait for each other, if this task were the owner and
 * the running task waited? Also if the chain of owners is too long to tell. */
bool inherit_is_circle(const struct loan *loan, pid_t owner);

/* The level at which the task runs: the highest of the task's own level, the
 * ceiling, and the loans. */
int inherit_level(const struct task *task);
/* The own level or the ceiling of the task has changed. */
void inherit_update(struct task *task);
/* The level of the task has changed: the loans of the task change with it. */
void inherit_pass_on(struct task *task);
/* The running task ends. */
void inherit_end(struct task *task);
