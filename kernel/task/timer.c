/*
 * timer.c - functions called at a given time, kept in a leftist heap.
 *
 * A heap is a binary tree in which no parent is later than its children: the
 * root is the next timer. In a leftist heap the rank of a timer is the length
 * of the path that always goes right, and no right child has a higher rank than
 * the left child. So the right path of a heap of n timers has at most log2(n)
 * timers. Joining two heaps follows only right paths. Starting a timer joins
 * this timer with the heap, and stopping a timer joins the two children in the
 * place of the timer: each costs O(log n) at most, also when thousands of
 * timers have one deadline. (Crane 1972; Knuth, volume 3, 5.2.3.)
 *
 * The hardware is armed for the root. After a timer is stopped, the hardware
 * stays armed: the interrupt then finds no due timer, and arms the hardware for
 * the next timer. While timers expire, the hardware is not touched; the end of
 * timer_run() arms the hardware for the new root.
 *
 * Task switches are postponed while timers expire. So timer_run() calls at most
 * EXPIRIES_AT_ONCE timers, and begins none after EXPIRIES_NS: the signal of a
 * timer costs thousands of instructions if the process has hundreds of threads.
 * If more are due, the next interrupt comes after a pause as long as the work
 * was. The tasks run in the pause, and timers never take more than half of the
 * processor, however many programs start.
 */
#include "kernel/task/timer.h"

#include "arch/arch.h"

#define EXPIRIES_AT_ONCE	16
#define EXPIRIES_NS		4000

static struct timer *root;		/* [P] */
static bool is_running;			/* [P] in timer_run() */

static unsigned rank_of(const struct timer *heap)
{
	return heap ? heap->rank : 0;
}

/* The children have changed: the higher rank to the left. Returns false when
 * the timer has the same rank as before. */
static bool settle(struct timer *timer)
{
	struct timer *left = timer->left;
	unsigned old_rank = timer->rank;

	if (rank_of(left) < rank_of(timer->right)) {
		timer->left = timer->right;
		timer->right = left;
	}
	timer->rank = rank_of(timer->right) + 1;
	return timer->rank != old_rank;
}

/* Join two heaps; either may be NULL. The calls nest as deep as the right paths
 * are long: 32 for 65,000 timers. */
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
	a->right = join(a->right, later);
	a->right->parent = a;
	settle(a);
	return a;
}

/* Put a heap in the place of this timer. */
static void replace(const struct timer *timer, struct timer *heap)
{
	struct timer *parent = timer->parent;

	if (heap)
		heap->parent = parent;
	if (!parent)
		root = heap;
	else if (parent->left == timer)
		parent->left = heap;
	else
		parent->right = heap;
	while (parent && settle(parent))
		parent = parent->parent;
}

void timer_init(struct timer *timer, void (*expired)(struct timer *timer))
{
	timer->deadline_ns = FOREVER;
	timer->expired = expired;
	timer->parent = timer->left = timer->right = NULL;
	timer->rank = 0;
}

void timer_stop(struct timer *timer)
{
	if (!timer_is_started(timer))
		return;
	replace(timer, join(timer->left, timer->right));
	timer->parent = timer->left = timer->right = NULL;
	timer->rank = 0;
}

void timer_start(struct timer *timer, uint64_t deadline_ns)
{
	timer_stop(timer);
	timer->deadline_ns = deadline_ns;
	timer->rank = 1;
	root = join(root, timer);
	root->parent = NULL;
	if (root == timer && !is_running)
		arch_timer_arm(deadline_ns);
}

uint64_t timer_next_ns(void)
{
	return root ? root->deadline_ns : FOREVER;
}

/* After so many expiries, may a further timer expire in the same stretch? */
static bool may_go_on(unsigned expiries, uint64_t begin_ns)
{
	return expiries == 0 ||
	       (expiries < EXPIRIES_AT_ONCE &&
		arch_now_ns() - begin_ns < EXPIRIES_NS);
}

void timer_run(void)
{
	uint64_t begin_ns = arch_now_ns(), now_ns;
	struct timer *timer;
	unsigned n;

	is_running = true;
	for (n = 0; timer_next_ns() <= begin_ns; n++) {
		if (!may_go_on(n, begin_ns))
			break;
		timer = root;
		timer_stop(timer);
		timer->expired(timer);
	}
	is_running = false;
	now_ns = arch_now_ns();
	if (timer_next_ns() <= begin_ns)
		arch_timer_arm(now_ns + (now_ns - begin_ns));
	else
		arch_timer_arm(timer_next_ns());
}

uint64_t timer_count_expiries(uint64_t *due_ns, uint64_t interval_ns,
			      uint64_t now_ns)
{
	uint64_t passed, next_ns;

	if (*due_ns > now_ns)
		return 0;
	if (interval_ns == 0) {
		*due_ns = FOREVER;
		return 1;
	}
	passed = 1 + (now_ns - *due_ns) / interval_ns;
	next_ns = *due_ns + passed * interval_ns;
	/* After the end of time the sum wraps, to a time before now. */
	*due_ns = next_ns > now_ns ? next_ns : FOREVER;
	return passed;
}
