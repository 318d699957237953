/*
 * futex.c - waiting on a word of user memory.
 *
 * libc keeps the state of a mutex or semaphore in a word, and changes the word
 * with atomic instructions. Only a task that must wait comes here. The task
 * says which value made it wait. If the word has another value now, the reason
 * may be gone, and the answer is -EAGAIN: look again. Looking and queueing are
 * one step under [P], so a wake that follows a change of the word is never
 * lost.
 *
 * The place of a word identifies the word. In shared memory the place is the
 * mapped source of pages, and the distance from the beginning of the source,
 * the same for all processes. In private memory the place is the address space
 * and the address. The place does not change when the page moves to a new
 * frame. A futex is the queue of one place, and exists while a task sleeps or
 * was woken there.
 *
 * A semaphore's word holds the number of units, and a bit that says that a
 * task waits (kernel/abi/futex.h). While the bit is clear, atomic instructions
 * post and take, and the kernel knows nothing of the semaphore. While the bit
 * is set, each post and take comes here, and the turns of wait.c give the
 * units to the sleepers in order: no newcomer takes the unit of a woken task,
 * and a task that is killed with its turn passes the turn on. The last task to
 * leave clears the bit. If a bit was left standing, the next post or take
 * clears it.
 *
 * The kernel believes no value. Whatever user memory holds, the worst is a
 * sleep that the owner of the memory has asked for. H. Franke, R. Russell,
 * "Fuss, Futexes and Furwocks", 2002. E. W. Dijkstra, "Cooperating Sequential
 * Processes", 1965.
 */
#include "kernel/ipc/futex.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/region.h"
#include "kernel/obj/object.h"
#include "kernel/task/process.h"

#define BUCKETS		256		/* a power of two */

/* Which word is meant, as in struct futex. */
struct key {			/* [own] */
	uintptr_t place;
	uint32_t address;
	struct page_source *source;
};

/* The futexes of the places with the same hash. The first futex is part of the
 * bucket: most buckets never need to allocate a second futex. */
struct bucket {
	struct futex first;		/* [P] place 0: not in use */
	struct list others;		/* [P] */
};

static struct pool futex_pool = POOL("futex", sizeof(struct futex));
static struct bucket buckets[BUCKETS];

static const struct futex_sleeper *sleeper_of(const struct task *task)
{
	return task->wait.context;
}

static struct task *first_sleeper(const struct object *object)
{
	struct list_node *node = list_first(&object->queue[END_READ].sleepers);

	return node ? LIST_ENTRY(node, struct task, wait.node) : NULL;
}

static void futex_destroy(struct object *object)
{
	struct futex *futex = CONTAINER_OF(object, struct futex, object);

	if (futex->source)
		page_source_put(futex->source);
	futex->place = 0;
	if (!list_is_linked(&futex->node))
		return;			/* the futex inside the bucket */
	list_remove(&futex->node);
	pool_free(&futex_pool, futex);
}

static bool futex_can_end(const struct object *object,
			  const struct task *waiter, const struct task *other);

#define OPS(name) {					\
	.kind = name, .describe = futex_describe,	\
	.report = futex_report,				\
	.can_end = futex_can_end,			\
	.destroy = futex_destroy,			\
}

/* One table for each kind, in the order of kernel/abi/futex.h. */
static const struct object_ops futex_ops[FUTEX_KINDS] = {
	OPS("futex"), OPS("mutex"), OPS("condition"), OPS("rwlock"),
	OPS("barrier"), OPS("semaphore"), OPS("once"), OPS("thread"),
};

/* ---- Which futex -------------------------------------------------------- */

static int locate(uaddr_t word, struct key *key)
{
	struct space *space = process_current()->space;
	const struct region *region = region_find(space, word);

	if (word % sizeof(uint32_t) != 0)
		return -EINVAL;
	if (!region)
		return -EFAULT;
	*key = (struct key){ .place = (uintptr_t)space, .address = word };
	if (region->flags & REGION_SHARED && region->source) {
		key->source = region->source;
		key->place = (uintptr_t)region->source;
		key->address = region->source_page * PAGE_SIZE +
			       (word - region->start);
	}
	return 0;
}

static struct bucket *bucket_of(const struct key *key)
{
	uint32_t hash = (key->address >> 2) ^ (key->address >> 12) ^
			(key->place >> 5);

	return &buckets[hash % BUCKETS];
}

static bool is_at(const struct futex *futex, const struct key *key)
{
	return futex->place == key->place && futex->address == key->address;
}

/* The futex of a place, or NULL when no task waits there. */
static struct futex *find(const struct key *key)
{
	struct bucket *bucket = bucket_of(key);
	struct futex *futex;

	if (is_at(&bucket->first, key))
		return &bucket->first;
	if (!bucket->others.head.next)
		return NULL;
	LIST_FOR_EACH(futex, &bucket->others, node)
		if (is_at(futex, key))
			return futex;
	return NULL;
}

/* A new futex with one reference, or NULL. */
static struct futex *create(const struct key *key, int kind)
{
	struct bucket *bucket = bucket_of(key);
	struct futex *futex = &bucket->first;

	if (futex->place != 0) {
		futex = pool_alloc(&futex_pool);
		if (!futex)
			return NULL;
		if (!bucket->others.head.next)
			list_init(&bucket->others);
		list_append(&bucket->others, &futex->node);
	}
	futex->place = key->place;
	futex->address = key->address;
	futex->source = key->source;
	if (futex->source)
		page_source_get(futex->source);
	object_init(&futex->object, &futex_ops[kind]);
	if (trace_is_on(TRACE_OPEN))
		object_trace(&futex->object);
	return futex;
}

/* The futex of the word with a reference more, made if there is none. */
static long enter(uaddr_t word, int kind, struct futex **out)
{
	struct key key;
	long error = locate(word, &key);

	if (error)
		return error;
	*out = find(&key);
	if (!*out)
		*out = create(&key, kind);
	else
		object_get(&(*out)->object);
	return *out ? 0 : -ENOMEM;
}

static long sleep_on(struct futex_sleeper *sleeper, struct futex *futex,
		     wait_attempt *attempt, uint64_t deadline_ns)
{
	const struct wait_request request = {
		.queue = &futex->object.queue[END_READ],
		.object = &futex->object,
		.event = WAIT_UNIT,
		.deadline_ns = deadline_ns,
	};

	sleeper->queue = request.queue;
	return wait_for(&request, attempt, sleeper);
}

/* ---- A word with an expected value -------------------------------------- */

/* The first attempt fails, so the caller sleeps; the second attempt, after a
 * wake, succeeds. */
static long was_woken(void *context)
{
	struct futex_sleeper *sleeper = context;

	if (sleeper->has_slept)
		return 0;
	sleeper->has_slept = true;
	return -EAGAIN;
}

long futex_wait(uaddr_t word, uint32_t value, unsigned flags,
		uint64_t deadline_ns)
{
	struct futex_sleeper sleeper = { .word = word };
	pid_t owner = flags & FUTEX_OWNER ? value & FUTEX_OWNER_MASK : 0;
	struct futex *futex;
	uint32_t found;
	long result;

	if (word % sizeof(word) != 0)
		return -EINVAL;
	if (!fetch_user_word(word, &found))
		return -EFAULT;
	if (found != value)
		return -EAGAIN;
	result = enter(word, FUTEX_KIND_OF(flags), &futex);
	if (result)
		return result;
	if (owner)
		trace(TRACE_OWNER, &futex->object, owner, 0);
	sleeper.names_owner = owner > 0;
	/* wait_for() skips the first attempt of a task behind sleepers. */
	sleeper.has_slept = !wait_is_my_turn(&futex->object.queue[END_READ]);
	result = sleep_on(&sleeper, futex, was_woken, deadline_ns);
	object_put(&futex->object);
	return result;
}

long futex_wake(uaddr_t word, uint32_t most)
{
	struct key key;
	struct futex *futex;
	long error = locate(word, &key);
	uint32_t woken = 0;

	if (error)
		return error;
	futex = find(&key);
	while (futex && woken < most && first_sleeper(&futex->object)) {
		wait_wake(&futex->object.queue[END_READ]);
		woken++;
	}
	return woken;
}

/* ---- A semaphore -------------------------------------------------------- */

/* The value of a word: the units, with the bit if a task waits. */
static uint32_t marked(uint32_t units, const struct wait_queue *queue)
{
	return wait_queue_is_idle(queue) ? units : units | FUTEX_WAITED;
}

/* Take a unit, if there is one. If not, set the bit before the caller sleeps:
 * from then on each post comes here. */
static long take_unit(void *context)
{
	const struct futex_sleeper *sleeper = context;
	struct wait_queue *queue = sleeper->queue;
	uint32_t value, units;

	if (!fetch_user_word(sleeper->word, &value))
		return -EFAULT;
	units = value & ~FUTEX_WAITED;
	if (units == 0) {
		if (value == 0 && !store_user_word(sleeper->word, FUTEX_WAITED))
			return -EFAULT;
		return -EAGAIN;
	}
	if (!store_user_word(sleeper->word, marked(units - 1, queue)))
		return -EFAULT;
	/* There were more posts than sleepers: the next sleeper can go on. */
	if (units > 1 && queue->owed == 0)
		wait_wake(queue);
	return 0;
}

/* The caller leaves without a unit, perhaps as the last sleeper. By now, new
 * memory may be mapped at the word's address. */
static void tidy(uaddr_t word, const struct futex *futex)
{
	struct key key;
	uint32_t value;

	if (locate(word, &key) != 0 || !is_at(futex, &key))
		return;
	if (fetch_user_word(word, &value) && value & FUTEX_WAITED)
		store_user_word(word, marked(value & ~FUTEX_WAITED,
				    &futex->object.queue[END_READ]));
}

long futex_take(uaddr_t word, uint64_t deadline_ns)
{
	struct futex_sleeper sleeper = { .word = word };
	struct futex *futex;
	long result = enter(word, FUTEX_KIND_OF(FUTEX_SEMAPHORE), &futex);

	if (result)
		return result;
	result = sleep_on(&sleeper, futex, take_unit, deadline_ns);
	if (result)
		tidy(word, futex);
	object_put(&futex->object);
	return result;
}

long futex_post(uaddr_t word)
{
	struct key key;
	struct futex *futex;
	uint32_t value, units;
	long error = locate(word, &key);

	if (error)
		return error;
	if (!fetch_user_word(word, &value))
		return -EFAULT;
	futex = find(&key);
	units = value & ~FUTEX_WAITED;
	if (units == SEM_VALUE_MAX)
		return -EOVERFLOW;
	if (!futex)
		return store_user_word(word, units + 1) ? 0 : -EFAULT;
	if (!store_user_word(word, marked(units + 1,
					  &futex->object.queue[END_READ])))
		return -EFAULT;
	wait_wake(&futex->object.queue[END_READ]);
	return 0;
}

/* ---- The tasks that could end a wait ------------------------------------ */

/* Read from the word: the mutex may have a new owner since the sleep began. */
pid_t futex_owner(const struct task *task)
{
	const struct futex_sleeper *sleeper = sleeper_of(task);

	if (!sleeper->names_owner)
		return 0;
	return futex_peek(task->process->space, sleeper->word) &
	       FUTEX_OWNER_MASK;
}

/* Does `space` map the word that the task waits for, as shared memory? */
static bool shares_word(const struct task *task, const struct space *space)
{
	const struct region *region, *other;
	uaddr_t word = sleeper_of(task)->word;
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

/* Only the owner releases a mutex. A semaphore or condition may be posted by
 * every task that can write the word. */
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
