/*
 * share.h - the processor's time of ordinary tasks, dealt to users first.
 *
 * For sched.c alone, apart from share_get() and share_put(). All functions need
 * [P], and no function sleeps.
 */
#pragma once

#include "kernel/lib/list.h"
#include "kernel/lib/types.h"

struct task;

/* The part of a user in the processor's time, while the user has tasks. */
struct share {
	struct list tasks;	/* [P] ready tasks of the user, in turn */
	struct list computing;	/* [P] ... that run when `tasks` is empty */
	struct list_node node;	/* [P] in a list of users; unlinked: no task is
				 * ready, or the user's slice runs */
	uint64_t used;		/* [P] cycles of the slice in this round */
	uint32_t round;		/* [P] the round of `used` */
	uint32_t woken_ticks;	/* [P] of tasks that have waited, since the last
				 * tick of a task that computes */
	uint32_t members;	/* [P] tasks of the user, ready or not */
	uid_t user;		/* [const] */
	struct list_node all;	/* [P] the users with tasks */
};

/* A user gets so much time in a round. */
#define SHARE_SLICE_NS	10000000u

/* The turn of a task within its user, in ticks, by its nice value. */
uint8_t share_slice_ticks(int nice);

/* At boot, when the clock runs: slices have a length from now on. */
void share_start(void);
/* At boot. Returns the share of user 0, which never ends. */
struct share *share_init(void);

/* The share of this user, with a task more: `members` counts the tasks. NULL:
 * no memory. */
struct share *share_get(uid_t user);
/* A task has left the user; the share ends with the last task. */
void share_put(struct share *share);

/* A task that computes moves to the front of `tasks`. */
void share_advance(struct share *share);
/* Does the user have a ready task? */
bool share_is_ready(const struct share *share);
/* A task of this user, which stands in no list and does not run, is ready. At
 * the head: the user was interrupted in the middle of a slice. */
void share_enter(struct share *share, bool at_head);
/* A ready task has left the list of its user. */
void share_leave(struct share *share);
/* The user that runs next, or NULL. */
struct share *share_first(void);
/* Begin the slice of this user, or go on with it. The user has a task in
 * `tasks`. */
struct share *share_next(void);
/* The running task shares, and goes on after share_stop(). */
void share_go_on(struct share *share);
/* No task that shares runs any more: charge the user for the time. */
void share_stop(void);
/* The running task, the only ready task of its user, has been queued up again:
 * the user goes behind all users with time in this round. */
void share_yield(void);
/* How many tasks are in the lists of all users: count_list() adds the tasks of
 * a list to a count. */
uint32_t share_count_ready(uint32_t (*count_list)(const struct list *,
						  uint32_t));
/* A tick: stop if the user's slice is over and a different user waits. */
void share_tick(void);
