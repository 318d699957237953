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
 * The kernel keeps nothing for a word on which nobody sleeps. The first sleeper
 * brings a queue into being, the last one removes it. A word is known by its
 * place: in shared memory by its frame, which is the same for all, in private
 * memory by its space and address, which stay when copy-on-write moves the
 * page to another frame.
 *
 * The value is only compared, never believed: whatever user memory holds, the
 * worst is a sleep that its owner has asked for. H. Franke, R. Russell, "Fuss,
 * Futexes and Furwocks", 2002.
 */
#include "kernel/obj/object.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/ipc/futex.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/region.h"
#include "kernel/task/process.h"

#define BUCKETS		256		/* a power of two */

struct futex {
	struct object object;		/* sleepers wait for END_READ */
	struct list_node node;		/* in its bucket */
	uintptr_t place;		/* the space, or 1 for shared memory */
	uint32_t address;		/* virtual, or physical when shared */
	pid_t owner;			/* as the last sleeper saw it, or 0 */
};

static struct pool futex_pool = POOL("futex", sizeof(struct futex));
static struct list buckets[BUCKETS];	/* [P] */

#define SHARED_PLACE	1

static void futex_destroy(struct object *object)
{
	struct futex *futex = CONTAINER_OF(object, struct futex, object);

	list_remove(&futex->node);
	pool_free(&futex_pool, futex);
}

static void futex_describe(const struct object *object, char *to, size_t size)
{
	const struct futex *futex = CONTAINER_OF(object, struct futex, object);

	snprintf(to, size, "futex:0x%x", futex->address);
}

static void futex_report(const struct object *object, char *to, size_t size)
{
	const struct futex *futex = CONTAINER_OF(object, struct futex, object);

	if (futex->owner)
		snprintf(to, size, "held by %d", futex->owner);
	else
		snprintf(to, size, "word 0x%x", futex->address);
}

static const struct object_ops futex_ops = {
	.kind = "futex",
	.report = futex_report,
	.describe = futex_describe,
	.destroy = futex_destroy,
};

/* Which word is meant: fills in place and address. The page is present, since
 * the caller has just read the word. */
static int find_place(uaddr_t word, struct futex *key)
{
	struct space *space = process_current()->space;
	const struct region *region = region_find(space, word);
	bool writable;
	paddr_t pa;

	if (!region)
		return -EFAULT;
	key->place = (uintptr_t)space;
	key->address = word;
	if (!(region->flags & REGION_SHARED))
		return 0;
	pa = arch_lookup(&space->arch, ALIGN_DOWN(word, PAGE_SIZE), &writable);
	if (!pa)
		return -EFAULT;
	key->place = SHARED_PLACE;
	key->address = pa + word % PAGE_SIZE;
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

static struct futex *find_or_create(const struct futex *key)
{
	struct futex *futex = find(key);

	if (futex) {
		object_get(&futex->object);
		return futex;
	}
	futex = pool_alloc(&futex_pool);
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

/* The word as it is now, and which one it is. */
static int look(uaddr_t word, uint32_t *value, struct futex *key)
{
	if (word % sizeof(*value) != 0)
		return -EINVAL;
	if (copy_from_user(value, word, sizeof(*value)) != 0)
		return -EFAULT;
	return find_place(word, key);
}

/* The first attempt puts the caller to sleep; the second, after a wake, is
 * what it waited for. */
static long was_woken(void *context)
{
	bool *has_slept = context;

	if (*has_slept)
		return 0;
	*has_slept = true;
	return -EAGAIN;
}

long futex_wait(uaddr_t word, uint32_t value, pid_t owner, uint64_t deadline_ns)
{
	struct wait_request request = {
		.event = WAIT_UNIT,
		.deadline_ns = deadline_ns,
	};
	bool has_slept = true;
	struct futex key, *futex;
	uint32_t found;
	long result = look(word, &found, &key);

	if (result)
		return result;
	if (found != value)
		return -EAGAIN;
	futex = find_or_create(&key);
	if (!futex)
		return -ENOMEM;
	futex->owner = owner;
	if (owner)
		trace(TRACE_OWNER, &futex->object, owner, 0);
	request.queue = &futex->object.queue[END_READ];
	request.object = &futex->object;
	/* Nobody has a turn to lose here: to wait is what the caller wants. */
	has_slept = !wait_is_my_turn(request.queue);
	result = wait_for(&request, was_woken, &has_slept);
	object_put(&futex->object);
	return result;
}

long futex_wake(uaddr_t word, uint32_t most)
{
	struct futex key, *futex;
	uint32_t woken = 0, found;
	long error = look(word, &found, &key);

	if (error)
		return error;
	futex = find(&key);
	while (futex && woken < most &&
	       !list_is_empty(&futex->object.queue[END_READ].sleepers)) {
		wait_wake(&futex->object.queue[END_READ]);
		woken++;
	}
	return woken;
}

pid_t futex_owner(const struct object *object)
{
	if (object->ops != &futex_ops)
		return 0;
	return CONTAINER_OF(object, struct futex, object)->owner;
}
