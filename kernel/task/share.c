/*
 * share.c - the processor's time of ordinary tasks, dealt to users first.
 *
 * The failure that this file prevents: a user who starts 250 tasks gets 250
 * times the time of a user with one task.
 *
 * Time is dealt in rounds. In each round a user with a ready task gets one
 * slice, however many tasks the user has. During the slice the ready tasks of
 * this user run in turn: sched.c chooses the task and ends the turn, and the
 * nice value is the length of the turn.
 *
 * A user with ready tasks stands in one of three lists:
 *
 *	woken	a task became ready, and the user has time left in this round
 *	now	the user waits for the slice of this round
 *	later	the slice of this round is used up
 *
 * Users run in this order, and the round ends when only `later` has users. So a
 * user that wakes runs as soon as the running slice is over, before all users
 * that compute, and choosing costs the same with any number of users. A user
 * that sleeps often gains nothing: the clock, not the tick, charges the time,
 * and no user has more than one slice in a round. A slice ends at a tick, so
 * the user may have used more than a slice. The next round is shorter by this
 * time.
 *
 * Not promised: the two slices of latency when several other users wake at the
 * same time. Each of these users may use a slice first.
 */
#include "kernel/task/share.h"

#include "arch/arch.h"
#include "kernel/abi/limits.h"
#include "kernel/mm/heap.h"
#include "kernel/task/task.h"

static struct pool share_pool = POOL("share", sizeof(struct share));
static struct list all_shares = LIST_INIT(all_shares);	/* [P] */
static struct share root_share;		/* of user 0: never ends */
static uint64_t slice;			/* [const] SHARE_SLICE_NS in cycles */

/* From nice -20 to 19: nice 0 is SLICE_TICKS, ten steps are about a factor of
 * two. */
static const uint8_t ticks_of_nice[2 * NZERO] = {
	16, 15, 14, 13, 12, 11, 11, 10, 9, 9, 8, 7, 7, 6, 6, 6, 5, 5, 5, 4,
	4, 4, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1,
};

uint8_t share_slice_ticks(int nice)
{
	return ticks_of_nice[nice - NICE_LOWEST];
}

/* ---- Users -------------------------------------------------------------- */

static void share_begin(struct share *share, uid_t user)
{
	share->user = user;
	share->round = arch_cpu()->round - 1;
	list_init(&share->tasks);
	list_init(&share->computing);
	list_append(&all_shares, &share->all);
}

struct share *share_init(void)
{
	list_init(&arch_cpu()->woken);
	list_init(&arch_cpu()->users[0]);
	list_init(&arch_cpu()->users[1]);
	share_begin(&root_share, 0);
	root_share.members = 1;
	return &root_share;
}

void share_start(void)
{
	slice = arch_ns_to_cycles(SHARE_SLICE_NS);
}

struct share *share_get(uid_t user)
{
	struct share *share;

	LIST_FOR_EACH(share, &all_shares, all) {
		if (share->user != user)
			continue;
		share->members++;
		return share;
	}
	share = pool_alloc(&share_pool);
	if (!share)
		return NULL;
	share_begin(share, user);
	share->members = 1;
	return share;
}

void share_put(struct share *share)
{
	ASSERT(share->members > 0);
	if (--share->members > 0)
		return;
	ASSERT(!share_is_ready(share) && arch_cpu()->share != share);
	list_remove(&share->all);
	pool_free(&share_pool, share);
}

/* ---- The lists of users ------------------------------------------------- */

static struct list *users_now(void)
{
	return &arch_cpu()->users[arch_cpu()->round % 2];
}

static struct list *users_later(void)
{
	return &arch_cpu()->users[(arch_cpu()->round + 1) % 2];
}

/* In a new round the user has a new slice, without the time beyond the end of
 * the last slice: at most half a slice. */
static void renew(struct share *share)
{
	uint64_t used = share->used;

	if (share->round == arch_cpu()->round)
		return;
	share->round = arch_cpu()->round;
	share->used = used > slice
		? MIN(used - slice, slice / 2) : 0;
}

bool share_is_ready(const struct share *share)
{
	return !list_is_empty(&share->tasks) ||
	       !list_is_empty(&share->computing);
}

void share_enter(struct share *share, bool at_head)
{
	renew(share);
	if (share->used >= slice)
		list_append(users_later(), &share->node);
	else if (at_head)
		list_prepend(&arch_cpu()->woken, &share->node);
	else
		list_append(&arch_cpu()->woken, &share->node);
}

void share_leave(struct share *share)
{
	if (!share_is_ready(share) && list_is_linked(&share->node))
		list_remove(&share->node);
}

struct share *share_first(void)
{
	struct list_node *node = list_first(&arch_cpu()->woken);

	if (!node)
		node = list_first(users_now());
	if (!node)
		node = list_first(users_later());
	return node ? LIST_ENTRY(node, struct share, node) : NULL;
}

/* ---- Slices of users ---------------------------------------------------- */

void share_go_on(struct share *share)
{
	if (list_is_linked(&share->node))
		list_remove(&share->node);
	renew(share);
	arch_cpu()->share = share;
	arch_cpu()->share_since = arch_cycles();
	arch_cpu()->share_end = arch_cpu()->share_since + slice - share->used;
}

void share_stop(void)
{
	struct share *share = arch_cpu()->share;

	if (!share)
		return;
	share->used += arch_cycles() - arch_cpu()->share_since;
	arch_cpu()->share = NULL;
	if (share_is_ready(share))
		share_enter(share, true);
}

void share_yield(void)
{
	struct share *share = arch_cpu()->share;

	share_stop();
	if (share && share->used < slice) {
		list_remove(&share->node);
		list_append(users_now(), &share->node);
	}
}

void share_tick(void)
{
	if (arch_cycles() < arch_cpu()->share_end || !share_first())
		return;
	share_stop();
	cpu_pend(PENDING_RESCHEDULE);
}

void share_advance(struct share *share)
{
	struct list_node *first = list_first(&share->computing);

	if (!first)
		return;
	list_remove(first);
	list_prepend(&share->tasks, first);
}

struct share *share_next(void)
{
	struct share *share = arch_cpu()->share;

	if (share && share_is_ready(share)) {
		share_advance(share);
		return share;
	}
	share_stop();
	if (list_is_empty(&arch_cpu()->woken) && list_is_empty(users_now()))
		arch_cpu()->round++;
	share = share_first();
	if (!share)
		return NULL;
	share_go_on(share);
	if (list_is_empty(&share->tasks))
		share_advance(share);
	return share;
}

uint32_t share_count_ready(uint32_t (*count_list)(const struct list *,
						  uint32_t))
{
	const struct share *share;
	uint32_t count = 0;

	LIST_FOR_EACH(share, &all_shares, all)
		count = count_list(&share->computing,
				   count_list(&share->tasks, count));
	return count;
}
