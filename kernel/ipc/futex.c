/*
 * futex.c - waiting on a word of user memory.
 *
 * libc keeps the state of a mutex or semaphore in a word and changes it with
 * atomic instructions. Only who must wait comes here, saying what the word
 * looked like when it decided to; if it looks different now, the reason to
 * wait may be gone, and the answer is -EAGAIN: look again. Looking and queueing
 * are one step, since nobody else runs meanwhile, so a wake that follows a
 * change of the word cannot be lost.
 *
 * A word is known by its place: in shared memory by what is mapped there and
 * how far into it, which is the same for all, in private memory by its space
 * and address. Neither changes when the page moves to another frame. The first
 * sleeper brings a futex, the queue of a place, into being. Each space notes
 * the last few that it used under their addresses, so that the next sleep or
 * wake need not search. A note holds a reference; it goes when the regions of
 * the space change, and the futex with the last of them.
 *
 * A semaphore's word is a little more: units, and a bit that says that somebody
 * waits (kernel/abi/futex.h). While the bit is clear, atomic instructions post
 * and take, and the kernel knows nothing of it. While it is set, all comes here
 * and goes through the one wait, so units go to sleepers by priority, then in
 * order; no newcomer takes the unit of one that was woken, and one that is
 * killed with a unit granted passes it on. Who leaves last clears the bit; if a
 * bit was left standing, the next post or take does.
 *
 * Mostly the first sleeper is the one to get a unit, and then the post hands it
 * over (wait_serve()): the unit is never in the word, the sleeper has nothing
 * left to do, and if it was the last one the bit is cleared for it. Even its
 * reference of the futex goes with the post, which has one by its note. That is
 * in futex_inline.h. All that is not so simple (a turn that somebody is owed,
 * units beside sleepers, a page that is not there) goes by the rules, here.
 *
 * One file, a little long: places, plain waits and units look at the same words
 * by the same rules, and what one of them leaves the others find.
 *
 * No value is believed: whatever user memory holds, the worst is a sleep that
 * its owner has asked for. H. Franke, R. Russell, "Fuss, Futexes and Furwocks",
 * 2002. E. W. Dijkstra, "Cooperating Sequential Processes", 1965.
 */
#include "kernel/ipc/futex_inline.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/region.h"
#include "kernel/task/process.h"

#define BUCKETS		256		/* a power of two */

/* A FUTEX_WAIT or FUTEX_TAKE that is under way: the context of its attempts. */
struct sleeper {
	uaddr_t word;
	struct wait_queue *queue;
	bool has_slept;			/* FUTEX_WAIT: a wake is all it wants */
};

static struct pool futex_pool = POOL("futex", sizeof(struct futex));
static struct list buckets[BUCKETS];	/* [P] */

static void futex_destroy(struct object *object)
{
	struct futex *futex = CONTAINER_OF(object, struct futex, object);

	list_remove(&futex->node);
	pool_free(&futex_pool, futex);
}

/* The word that a task waits at, and does it say who holds what it guards? Both
 * fit into the context of its wait, since a word has an even address. */
static inline uaddr_t awaited_word(const struct task *task)
{
	return (uintptr_t)task->wait.context & ~1u;
}

static inline bool names_owner(const struct task *task)
{
	return (uintptr_t)task->wait.context & 1;
}

/* As one of its sleepers sees it: their addresses may be different. */
static void futex_describe(const struct object *object, char *to, size_t size)
{
	const struct futex *futex = CONTAINER_OF(object, struct futex, object);
	struct list_node *node = list_first(&object->queue[END_READ].sleepers);
	uint32_t address = futex->address;
	const struct task *task;

	if (node) {
		task = LIST_ENTRY(node, struct task, wait.node);
		address = awaited_word(task);
	}
	snprintf(to, size, "futex:0x%x", address);
}

/* Nothing when nobody sleeps: it is kept for the next one. */
static void futex_report(const struct object *object, char *to, size_t size)
{
	const struct task *first;
	pid_t owner;

	if (list_is_empty(&object->queue[END_READ].sleepers)) {
		*to = '\0';
		return;
	}
	first = LIST_ENTRY(object->queue[END_READ].sleepers.head.next,
			   struct task, wait.node);
	owner = futex_owner(first);
	if (owner)
		snprintf(to, size, "held by %d", owner);
	else
		futex_describe(object, to, size);
}

static bool futex_can_end(const struct object *object,
			  const struct task *waiter, const struct task *other);

static const struct object_ops futex_ops = {
	.kind = "futex",
	.report = futex_report,
	.can_end = futex_can_end,
	.describe = futex_describe,
	.destroy = futex_destroy,
};

/* ---- Which futex -------------------------------------------------------- */

/* Which word is meant: fills in place and address. */
static int locate(uaddr_t word, struct futex *key)
{
	struct space *space = process_current()->space;
	const struct region *region = region_find(space, word);

	if (word % sizeof(uint32_t) != 0)
		return -EINVAL;
	if (!region)
		return -EFAULT;
	key->place = (uintptr_t)space;
	key->address = word;
	if (region->flags & REGION_SHARED && region->source) {
		key->place = (uintptr_t)region->source;
		key->address = region->source_page * PAGE_SIZE +
			       (word - region->start);
	}
	return 0;
}

static struct list *bucket_of(const struct futex *key)
{
	uint32_t hash = (key->address >> 2) ^ (key->address >> 12) ^
			(key->place >> 5);
	struct list *bucket = &buckets[hash % BUCKETS];

	if (!bucket->head.next)
		list_init(bucket);
	return bucket;
}

static struct futex *find(const struct futex *key)
{
	struct futex *futex;

	LIST_FOR_EACH(futex, bucket_of(key), node)
		if (futex->place == key->place &&
		    futex->address == key->address)
			return futex;
	return NULL;
}

static struct futex *create(const struct futex *key)
{
	struct futex *futex = pool_alloc(&futex_pool);

	if (!futex)
		return NULL;
	object_init(&futex->object, &futex_ops);
	futex->place = key->place;
	futex->address = key->address;
	list_append(bucket_of(key), &futex->node);
	if (trace_is_on(TRACE_OPEN))
		object_trace(&futex->object);
	return futex;
}

static inline void let_go(struct futex *futex)
{
	if (LIKELY(--futex->object.refs > 0))
		return;
	futex->object.refs = 1;
	object_put(&futex->object);
}

static void forget(struct wait_queue **queue)
{
	if (*queue)
		let_go(futex_of(*queue));
	*queue = NULL;
}

static void forget_words(struct space *space)
{
	unsigned n;

	for (n = 0; n < SPACE_WORDS; n++)
		forget(&space->queues[n]);
	space_knows_no_words(space);
}

/* The caller's reference is the note's from now on. */
static void remember(uaddr_t word, struct futex *futex)
{
	struct space *space = process_current()->space;
	struct wait_queue **queue = space_queue_at(space, word);

	forget(queue);
	*queue = &futex->object.queue[END_READ];
	*space_word_at(space, word) = word;
	space->knows_words = true;
	space_forget_words = forget_words;
}

/* By the regions. With to_sleep there is a futex afterwards, or an error. */
static SLOW_PATH long search(uaddr_t word, bool to_sleep, struct futex **out)
{
	struct futex key, *futex;
	long error = locate(word, &key);

	*out = NULL;
	if (error)
		return error;
	futex = find(&key);
	if (futex)
		object_get(&futex->object);
	else if (to_sleep)
		futex = create(&key);
	if (futex)
		remember(word, futex);
	*out = futex;
	return futex || !to_sleep ? 0 : -ENOMEM;
}

static inline long look_up(uaddr_t word, bool to_sleep, struct futex **out)
{
	struct space *space = process_current()->space;

	if (*space_word_at(space, word) != word)
		return search(word, to_sleep, out);
	*out = futex_of(*space_queue_at(space, word));
	return 0;
}

static int fetch(uaddr_t word, uint32_t *value)
{
	return copy_from_user(value, word, sizeof(*value)) ? -EFAULT : 0;
}

static int store(uaddr_t word, uint32_t value)
{
	return copy_to_user(word, &value, sizeof(value)) ? -EFAULT : 0;
}

/* The context of the wait says more to those who look at the sleeper than to
 * the attempt, which has its own. Who serves a sleeper takes its reference. */
static long sleep_on(struct sleeper *sleeper, struct futex *futex,
		     bool has_owner, wait_attempt *attempt,
		     uint64_t deadline_ns)
{
	const struct wait_request request = {
		.queue = &futex->object.queue[END_READ],
		.object = &futex->object,
		.event = WAIT_UNIT,
		.deadline_ns = deadline_ns,
	};
	struct wait *wait = &cpu.current->wait;
	long result;

	object_get(&futex->object);
	wait->context = (void *)(uintptr_t)(sleeper->word | has_owner);
	wait->outcome = 0;
	sleeper->queue = request.queue;
	/* Nobody has a turn to lose here: to wait is what the caller wants. */
	sleeper->has_slept = !wait_is_my_turn(request.queue);
	result = wait_try(request.queue, attempt, sleeper);
	if (result == -EAGAIN)
		result = wait_in_turn(&request, attempt, sleeper);
	return result;
}

/* It has a reference no more if it was served. */
static void slept_on(struct futex *futex)
{
	if (cpu.current->wait.outcome <= 0)
		let_go(futex);
}

/* ---- A word that is watched --------------------------------------------- */

/* The first attempt puts the caller to sleep; the second, after a wake, is
 * what it waited for. */
static long was_woken(void *context)
{
	struct sleeper *sleeper = context;

	if (sleeper->has_slept)
		return 0;
	sleeper->has_slept = true;
	return -EAGAIN;
}

long futex_wait(uaddr_t word, uint32_t value, bool has_owner,
		uint64_t deadline_ns)
{
	struct sleeper sleeper = { .word = word };
	pid_t owner = has_owner ? value & FUTEX_OWNER_MASK : 0;
	struct futex *futex;
	uint32_t found;
	long error = look_up(word, false, &futex);

	if (!error)
		error = fetch(word, &found);
	if (!error && found != value)
		error = -EAGAIN;
	if (!error && !futex)
		error = search(word, true, &futex);
	if (error)
		return error;
	if (owner)
		trace(TRACE_OWNER, &futex->object, owner, 0);
	error = sleep_on(&sleeper, futex, owner > 0, was_woken, deadline_ns);
	slept_on(futex);
	return error;
}

long futex_wake(uaddr_t word, uint32_t most)
{
	struct futex *futex;
	long error = look_up(word, false, &futex);
	uint32_t woken = 0;

	if (error)
		return error;
	while (futex && woken < most &&
	       !list_is_empty(&futex->object.queue[END_READ].sleepers)) {
		wait_wake(&futex->object.queue[END_READ]);
		woken++;
	}
	return woken;
}

/* ---- A semaphore -------------------------------------------------------- */

/* The same value, with the bit if others than the caller are there. */
static uint32_t mark(uint32_t value, const struct wait_queue *queue)
{
	bool is_mine = queue && cpu.current->wait.queue == queue &&
		       wait_has_turn(&cpu.current->wait);

	if (!queue || (list_is_empty(&queue->sleepers) &&
		       queue->owed == (uint32_t)is_mine))
		return value & ~FUTEX_WAITED;
	return value | FUTEX_WAITED;
}

/* A unit, if there is one. Otherwise the bit is set before the caller sleeps,
 * and from then on each post comes here. */
static long take_unit(void *context)
{
	const struct sleeper *sleeper = context;
	struct wait_queue *queue = sleeper->queue;
	uint32_t value, units;
	long error = fetch(sleeper->word, &value);

	if (error)
		return error;
	units = value & ~FUTEX_WAITED;
	if (units == 0) {
		error = value ? 0 : store(sleeper->word, FUTEX_WAITED);
		return error ? error : -EAGAIN;
	}
	value = mark(units - 1, queue);
	error = store(sleeper->word, value);
	/* More posts than sleepers had come: the next one need not sleep. */
	if (!error && units > 1 && queue->owed <= 1)
		wait_wake(queue);
	return error;
}

/* Gone without a unit, perhaps as the last one. */
static void tidy(uaddr_t word, const struct futex *futex)
{
	struct futex *now;
	uint32_t value;

	/* Other memory may be there by now. */
	if (look_up(word, false, &now) != 0 || now != futex)
		return;
	if (fetch(word, &value) == 0 && value & FUTEX_WAITED)
		store(word, mark(value, &futex->object.queue[END_READ]));
}

/* A signal came, or there is no unit. Who was killed after a unit had been
 * handed to it gives that back. */
static SLOW_PATH long leave(uaddr_t word, const struct futex *futex,
			    long result)
{
	if (result == 0 && signal_is_fatal(cpu.current)) {
		futex_post(word);
		result = -EINTR;
	}
	if (result != 0)
		tidy(word, futex);
	return result;
}

static long end_take(uaddr_t word, struct futex *futex, long result)
{
	bool was_served = cpu.current->wait.outcome > 0;

	if (UNLIKELY(result != 0 || cpu.current->signal_pending))
		result = leave(word, futex, result);
	if (!was_served)
		let_go(futex);
	return result;
}

SLOW_PATH long futex_take(uaddr_t word, uint64_t deadline_ns)
{
	struct sleeper sleeper = { .word = word };
	struct futex *futex;
	long result = look_up(word, true, &futex);

	if (result)
		return result;
	result = sleep_on(&sleeper, futex, false, take_unit, deadline_ns);
	return end_take(word, futex, result);
}

SLOW_PATH long futex_begin_await(void)
{
	return futex_take((uintptr_t)cpu.current->wait.context, FOREVER);
}

SLOW_PATH long futex_end_await(void)
{
	struct wait *wait = &cpu.current->wait;
	const struct wait_request request = {
		.queue = wait->queue,
		.object = wait->object,
		.event = WAIT_UNIT,
		.deadline_ns = FOREVER,
	};
	struct sleeper sleeper = {
		.word = awaited_word(cpu.current),
		.queue = request.queue,
	};
	long result = wait_use_turns(&request, take_unit, &sleeper,
				     wait->outcome);

	return end_take(sleeper.word,
			CONTAINER_OF(request.object, struct futex, object),
			result);
}

long futex_await(uaddr_t word)
{
	return futex_await_inline(word);
}

/* Several sleep, mostly, and the first gets the unit. */
static bool serve_first(struct futex *futex, uaddr_t word)
{
	struct wait_queue *queue = &futex->object.queue[END_READ];
	struct list_node *first = list_first(&queue->sleepers);
	bool is_last = first && first->next == &queue->sleepers.head;

	if (!first || queue->owed > 0 ||
	    !change_user_word(word, FUTEX_WAITED, is_last ? 0 : FUTEX_WAITED))
		return false;
	object_put(&futex->object);
	wait_serve(LIST_ENTRY(first, struct task, wait.node));
	return true;
}

SLOW_PATH long futex_post_by_rules(uaddr_t word)
{
	struct wait_queue *queue = NULL;
	struct futex *futex;
	uint32_t value;
	long error = look_up(word, false, &futex);

	if (!error && futex && serve_first(futex, word))
		return 0;
	if (!error)
		error = fetch(word, &value);
	if (error)
		return error;
	if ((value & ~FUTEX_WAITED) == SEM_VALUE_MAX)
		return -EOVERFLOW;
	if (futex)
		queue = &futex->object.queue[END_READ];
	error = store(word, mark(value + 1, queue));
	if (!error && queue)
		wait_wake(queue);
	return error;
}

long futex_post(uaddr_t word)
{
	return futex_post_inline(word);
}

/* ---- Who could end a wait ----------------------------------------------- */

/* What the sleeper's word holds now, seen from any address space; 0: the page
 * is not there any more. */
static uint32_t peek(const struct task *task)
{
	uaddr_t word = awaited_word(task);
	bool writable;
	paddr_t pa = arch_lookup(&task->process->space->arch,
				 ALIGN_DOWN(word, PAGE_SIZE), &writable);

	return pa ? *(uint32_t *)phys_to_virt(pa + word % PAGE_SIZE) : 0;
}

/* A mutex may have changed hands since it went to sleep. */
pid_t futex_owner(const struct task *task)
{
	return names_owner(task) ? peek(task) & FUTEX_OWNER_MASK : 0;
}

/* Do both see the word of the one in shared memory? */
static bool shares_word(const struct task *task, const struct space *space)
{
	const struct region *region, *other;
	uaddr_t word = awaited_word(task);
	uint32_t page;

	region = region_find(task->process->space, word);
	if (!region || !(region->flags & REGION_SHARED) || !region->source)
		return false;
	page = region->source_page + (word - region->start) / PAGE_SIZE;
	LIST_FOR_EACH(other, &region->source->regions, viewer) {
		if (other->space == space && other->flags & REGION_SHARED &&
		    page >= other->source_page &&
		    page - other->source_page <
		    (other->end - other->start) / PAGE_SIZE)
			return true;
	}
	return false;
}

/* A mutex is given back by who holds it. A unit, or the news of a condition,
 * may come from all who can write the word. */
static bool futex_can_end(const struct object *object,
			  const struct task *waiter, const struct task *other)
{
	pid_t owner = futex_owner(waiter);

	(void)object;
	if (owner)
		return other->id == owner;
	return other->process == waiter->process ||
	       shares_word(waiter, other->process->space);
}
