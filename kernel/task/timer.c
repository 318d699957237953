/*
 * timer.c - functions called at a given time, kept in a pairing heap.
 *
 * A pairing heap is a tree in which no parent is later than its children:
 * the root is the next timer. Joining two trees makes the later root the first
 * child of the earlier one. Removing the root joins its children, first in
 * pairs and then one by one; that costs O(log n) amortised, and inserting costs
 * O(1). Each timer stores the address of the pointer to this timer, so any
 * timer can be cut out. (Fredman, Sedgewick, Sleator, Tarjan 1986.)
 *
 * The hardware is armed for the root. After a timer is stopped, the hardware
 * stays armed: the interrupt then finds no due timer, and arms the hardware for
 * the next timer. While timers expire, the hardware is not touched; the end of
 * timer_run() arms the hardware for the new root.
 */
#include "kernel/task/timer.h"

#include "arch/arch.h"
#include "kernel/lib/assert.h"

static struct timer *root;		/* [P] */
static bool is_running;			/* [P] in timer_run() */

static void set_link(struct timer **link, struct timer *timer)
{
	*link = timer;
	if (timer)
		timer->link = link;
}

/* Join two trees; both are roots without siblings, either may be NULL. */
static struct timer *join(struct timer *a, struct timer *b)
{
	struct timer *later;

	if (!a || !b)
		return a ? a : b;
	later = b;
	if (b->deadline_ns < a->deadline_ns) {
		later = a;
		a = b;
	}
	set_link(&later->sibling, a->child);
	set_link(&a->child, later);
	return a;
}

static struct timer *take_sibling(struct timer **list)
{
	struct timer *timer = *list;

	if (timer) {
		*list = timer->sibling;
		timer->sibling = NULL;
	}
	return timer;
}

/* Join a list of siblings to a single tree. */
static struct timer *join_all(struct timer *list)
{
	struct timer *pairs = NULL, *tree, *a, *b;

	while (list) {
		a = take_sibling(&list);
		b = take_sibling(&list);
		tree = join(a, b);
		tree->sibling = pairs;
		pairs = tree;
	}
	tree = NULL;
	while (pairs)
		tree = join(tree, take_sibling(&pairs));
	return tree;
}

void timer_init(struct timer *timer, void (*expired)(struct timer *timer))
{
	timer->deadline_ns = FOREVER;
	timer->expired = expired;
	timer->child = timer->sibling = NULL;
	timer->link = NULL;
}

void timer_stop(struct timer *timer)
{
	struct timer *children;

	if (!timer->link)
		return;
	children = timer->child ? join_all(timer->child) : NULL;
	set_link(timer->link, timer->sibling);
	timer->child = timer->sibling = NULL;
	timer->link = NULL;
	if (children)
		set_link(&root, join(root, children));
}

void timer_start(struct timer *timer, uint64_t deadline_ns)
{
	timer_stop(timer);
	timer->deadline_ns = deadline_ns;
	set_link(&root, join(root, timer));
	if (root == timer && !is_running)
		arch_timer_arm(deadline_ns);
}

uint64_t timer_next_ns(void)
{
	return root ? root->deadline_ns : FOREVER;
}

void timer_run(void)
{
	uint64_t now_ns = arch_now_ns();
	struct timer *timer;

	is_running = true;
	while (root && root->deadline_ns <= now_ns) {
		timer = root;
		timer_stop(timer);
		timer->expired(timer);
	}
	is_running = false;
	arch_timer_arm(timer_next_ns());
}
