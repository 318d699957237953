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
 * The words of semaphores and locks have rules that the kernel knows:
 * futex_semaphore.c and futex_lock.c.
 *
 * The kernel believes no value. Whatever user memory holds, the worst is a
 * sleep that the owner of the memory has asked for. H. Franke, R. Russell,
 * "Fuss, Futexes and Furwocks", 2002.
 */
#include "kernel/ipc/futex.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/region.h"
#include "kernel/obj/enders.h"
#include "kernel/obj/object.h"
#include "kernel/task/process.h"

#define BUCKET_BITS	8
#define BUCKETS		(1u << BUCKET_BITS)

/* The futexes of the places with the same hash. The first futex is part of the
 * bucket: most buckets never need to allocate a second futex. */
struct futex_bucket {
	struct futex first;		/* [P] place 0: not in use */
	struct list others;		/* [P] */
};

static struct pool futex_pool = POOL("futex", sizeof(struct futex));
static struct futex_bucket buckets[BUCKETS];

static const struct futex_sleeper *sleeper_of(const struct task *task)
{
	return task->wait.context;
}

static void futex_destroy(struct object *object)
{
	struct futex *futex = CONTAINER_OF(object, struct futex, object);

	ASSERT(!futex->loan.holder);
	if (futex->place.source)
		page_source_put(futex->place.source);
	futex->place.base = NULL;
	if (!list_is_linked(&futex->node))
		return;			/* the futex inside the bucket */
	list_remove(&futex->node);
	pool_free(&futex_pool, futex);
}

static void futex_enders(const struct object *object,
			 const struct task *waiter, struct enders *set);

#define OPS(name) {					\
	.kind = name, .describe = futex_describe,	\
	.report = futex_report,				\
	.enders = futex_enders,				\
	.destroy = futex_destroy,			\
}

/* One table for each kind, in the order of kernel/abi/futex.h; the last is
 * FUTEX_KIND_LOCK. */
static const struct object_ops futex_ops[FUTEX_KINDS + 1] = {
	OPS("futex"), OPS("mutex"), OPS("condition"), OPS("rwlock"),
	OPS("barrier"), OPS("semaphore"), OPS("once"), OPS("thread"),
	OPS("mutex"),
};

/* The kernel gives a unit or a lock to a sleeper of its choice. A bit each. */
#define GIVEN_KINDS	(1u << FUTEX_KIND_LOCK | \
			 1u << FUTEX_KIND_OF(FUTEX_SEMAPHORE))

/* ---- Which futex -------------------------------------------------------- */

static int locate(uaddr_t word, struct futex_place *place)
{
	struct space *space = process_current()->space;
	const struct region *region;

	if (word % sizeof(uint32_t) != 0)
		return -EINVAL;
	region = region_find(space, word);
	if (!region)
		return -EFAULT;
	place->source = NULL;
	place->base = space;
	place->address = word;
	if (region->flags & REGION_SHARED) {
		/* A task that may only read the word of others would sleep
		 * among their tasks, and get their units and locks. */
		if (!(region->prot & PROT_WRITE))
			return -EFAULT;
		place->source = region->source;
		place->base = region->source;
		place->address += region->source_page * PAGE_SIZE -
				  region->start;
	}
	return 0;
}

static struct futex_bucket *bucket_of(const struct futex_place *place)
{
	return &buckets[hash_secretly(BUCKET_BITS, place->address,
				      (uintptr_t)place->base, 0)];
}

static bool is_at(const struct futex *futex, const struct futex_place *place)
{
	return futex->place.base == place->base &&
	       futex->place.address == place->address;
}

static struct futex *find_at(struct futex_bucket *bucket,
			     const struct futex_place *place)
{
	struct futex *futex;

	if (is_at(&bucket->first, place))
		return &bucket->first;
	if (!bucket->others.head.next)
		return NULL;
	LIST_FOR_EACH(futex, &bucket->others, node)
		if (is_at(futex, place))
			return futex;
	return NULL;
}

long futex_find(uaddr_t word, struct futex_search *search)
{
	long error = locate(word, &search->place);

	if (error)
		return error;
	search->bucket = bucket_of(&search->place);
	search->futex = find_at(search->bucket, &search->place);
	return 0;
}

/* A new futex with one reference, or NULL. */
static struct futex *create(const struct futex_search *search, int kind)
{
	struct futex_bucket *bucket = search->bucket;
	struct futex *futex = &bucket->first;

	if (futex->place.base) {
		futex = pool_alloc(&futex_pool);
		if (!futex)
			return NULL;
		if (!bucket->others.head.next)
			list_init(&bucket->others);
		list_append(&bucket->others, &futex->node);
	}
	futex->place = search->place;
	if (futex->place.source)
		page_source_get(futex->place.source);
	object_init(&futex->object, &futex_ops[kind]);
	futex_queue(futex)->is_chosen = GIVEN_KINDS >> kind & 1;
	if (trace_is_on(TRACE_OPEN))
		object_trace(&futex->object);
	return futex;
}

long futex_enter(struct futex_sleeper *sleeper, uaddr_t word, int kind,
		 uint64_t deadline_ns)
{
	struct futex_search search;
	struct futex *futex;
	long error = futex_find(word, &search);

	if (error)
		return error;
	futex = search.futex;
	if (futex)
		object_get(&futex->object);
	else
		futex = create(&search, kind);
	if (!futex)
		return -ENOMEM;
	sleeper->word = word;
	sleeper->names_owner = sleeper->was_owner = false;
	sleeper->has_unit = sleeper->has_slept = false;
	sleeper->request.queue = futex_queue(futex);
	sleeper->request.object = &futex->object;
	sleeper->request.deadline_ns = deadline_ns;
	sleeper->request.event = WAIT_UNIT;
	sleeper->request.is_deaf = false;
	return 0;
}

void futex_leave(struct futex_sleeper *sleeper)
{
	object_put((struct object *)sleeper->request.object);
}

/* ---- The word of a sleeper ---------------------------------------------- */

/* Is the address of a private word still the place of the futex? */
static bool is_there(const struct futex *futex)
{
	struct futex_search search;

	return futex_find(futex->place.address, &search) == 0 &&
	       search.futex == futex;
}

/* Load the word of shared memory, or store it. */
static bool access_shared(const struct futex_place *place, uint32_t *value,
			  bool is_store)
{
	struct page_source *source = place->source;
	frame_t frame = source->ops->page(source, place->address / PAGE_SIZE,
					  PAGE_WRITE);
	uint32_t *word;

	if (frame <= PAGE_WAIT)
		return false;
	word = (uint32_t *)((char *)frame_open(frame) +
			    place->address % PAGE_SIZE);
	if (is_store)
		*word = *value;
	else
		*value = *word;
	frame_close(frame);
	return true;
}

bool futex_load(const struct futex_sleeper *sleeper, uint32_t *value)
{
	const struct futex *futex = futex_of(sleeper);

	if (futex->place.source)
		return access_shared(&futex->place, value, false);
	return is_there(futex) &&
	       fetch_user_word(futex->place.address, value);
}

bool futex_store(const struct futex_sleeper *sleeper, uint32_t value)
{
	const struct futex *futex = futex_of(sleeper);

	if (futex->place.source)
		return access_shared(&futex->place, &value, true);
	return is_there(futex) && store_user_word(futex->place.address, value);
}

/* ---- A word with an expected value -------------------------------------- */

/* The attempt after a wake. */
static long was_woken(void *context)
{
	(void)context;
	return 0;
}

long futex_wait(uaddr_t word, uint32_t value, unsigned flags,
		uint64_t deadline_ns)
{
	struct futex_sleeper sleeper;
	pid_t owner = flags & FUTEX_OWNER ? value & FUTEX_OWNER_MASK : 0;
	uint32_t found;
	long result;

	if (word % sizeof(word) != 0)
		return -EINVAL;
	if (!fetch_user_word(word, &found))
		return -EFAULT;
	if (found != value)
		return -EAGAIN;
	result = futex_enter(&sleeper, word, FUTEX_KIND_OF(flags), deadline_ns);
	if (result)
		return result;
	if (owner)
		trace(TRACE_OWNER, sleeper.request.object, owner, 0);
	sleeper.names_owner = owner > 0;
	result = wait_for(&sleeper.request, was_woken, &sleeper);
	futex_leave(&sleeper);
	return result;
}

long futex_wake(uaddr_t word, uint32_t most)
{
	struct futex_search search;
	long error = futex_find(word, &search);

	if (error || !search.futex)
		return error;
	return wait_wake_many(futex_queue(search.futex), most, 0);
}

/* ---- The tasks that could end a wait ------------------------------------ */

/* Add the process of the region if the region shows this page of its source. */
static void add_sharer(struct enders *set, const struct region *region,
		       uint32_t page)
{
	if (region && region->flags & REGION_SHARED &&
	    page >= region->source_page &&
	    page - region->source_page <
	    (region->end - region->start) / PAGE_SIZE)
		enders_add_process(set, process_find(region->space->process));
}

/* Add the processes that map the word as shared memory. There may be thousands
 * of mappings: a mark keeps the place of the walk while other tasks run. */
static void add_sharers(struct enders *set, const struct task *waiter)
{
	struct region mark = { .space = NULL };
	uaddr_t word = sleeper_of(waiter)->word;
	const struct region *region;
	struct page_source *source;
	uint32_t page;

	region = region_find(waiter->process->space, word);
	if (!region || !(region->flags & REGION_SHARED) || !region->source)
		return;
	page = region->source_page + (word - region->start) / PAGE_SIZE;
	source = region->source;
	page_source_get(source);
	list_prepend(&source->regions, &mark.viewer);
	while (source_pass_view(source, &mark)) {
		add_sharer(set, source_view_before(source, &mark), page);
		if (set->may_pause)
			sched_point();
	}
	list_remove(&mark.viewer);
	page_source_put(source);
}

/* Only the owner releases a mutex, and no task can when the owner has ended. A
 * semaphore or condition may be posted by every task that can write the
 * word. */
static void futex_enders(const struct object *object,
			 const struct task *waiter, struct enders *set)
{
	pid_t owner = futex_owner(waiter);

	(void)object;
	if (!owner) {
		enders_add_process(set, waiter->process);
		add_sharers(set, waiter);
	} else if (id_task(owner) && id_task(owner)->process) {
		enders_add_task(set, owner);
	} else {
		set->ended = owner;
	}
}
