/*
 * lock_range.c - the locks of a file as ranges of bytes.
 *
 * The ranges of one owner never overlap: a new lock replaces what it covers.
 * So unlocking the middle of a range leaves two locks, and a lock beside a lock
 * of the same type becomes one with it. All memory that a change needs is taken
 * first: a refused change leaves the old locks.
 */
#include "kernel/fs/lock.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/mm/heap.h"
#include "kernel/task/user.h"

static struct pool lock_pool = POOL_COUNTED("lock", sizeof(struct lock),
					    ACCOUNT_LOCKS);

bool lock_conflicts(const struct lock *a, const struct lock *b)
{
	return a->owner != b->owner && lock_is_record(a) == lock_is_record(b) &&
	       (a->type == F_WRLCK || b->type == F_WRLCK) &&
	       a->start <= b->end && b->start <= a->end;
}

struct lock *lock_blocker(const struct lock *want, struct lock *held)
{
	struct list *list = &want->locks->held;
	struct list_node *node = held ? held->node.next : list->head.next;

	for (; node != &list->head && want->type != F_UNLCK;
	     node = node->next) {
		held = LIST_ENTRY(node, struct lock, node);
		if (held->start > want->end)
			break;
		if (lock_conflicts(want, held))
			return held;
	}
	return NULL;
}

/* ---- Changes ------------------------------------------------------------ */

void lock_free(struct lock *lock)
{
	struct locks *locks = lock->locks;

	list_remove(&lock->node);
	locks->count--;
	if (lock_is_record(lock))
		list_remove(&lock->of_process);
	pool_free(&lock_pool, lock);
	object_put(&locks->object);
}

/* Keep the list in the order of the starts. */
static void insert_lock(struct lock *lock)
{
	struct list_node *head = &lock->locks->held.head, *at = head->next;

	while (at != head &&
	       LIST_ENTRY(at, struct lock, node)->start < lock->start)
		at = at->next;
	list_insert_before(at, &lock->node);
}

/* Fill in a new lock, which is as `like` but for its range. */
static void add_lock(struct lock *lock, const struct lock *like, off_t start,
		     off_t end)
{
	*lock = *like;
	list_node_init(&lock->node);
	list_node_init(&lock->of_process);
	lock->start = start;
	lock->end = end;
	insert_lock(lock);
	lock->locks->count++;
	if (lock_is_record(lock))
		list_append(&lock->process->locks, &lock->of_process);
	object_get(&lock->locks->object);
}

/* Take the range of `want` away from a lock of the same owner; both ends of
 * the lock may remain: then the right end becomes the spare lock. */
static void cut_lock(struct lock *lock, const struct lock *want,
		     struct lock *spare)
{
	if (lock->start < want->start) {
		if (lock->end > want->end)
			add_lock(spare, lock, want->end + 1, lock->end);
		lock->end = want->start - 1;
	} else if (lock->end > want->end) {
		lock->start = want->end + 1;
		list_remove(&lock->node);
		insert_lock(lock);
	} else {
		lock_free(lock);
	}
}

/* Do the ranges overlap, or lie side by side (by `gap` 1)? */
static bool is_near(const struct lock *a, const struct lock *b, off_t gap)
{
	return a->start <= MIN(b->end, OFF_MAX - gap) + gap &&
	       b->start <= MIN(a->end, OFF_MAX - gap) + gap;
}

/* Let the lock replace what it covers. */
static void replace(const struct lock *want, struct lock *new,
		    struct lock *spare)
{
	off_t start = want->start, end = want->end;
	struct lock *lock, *after;

	LIST_FOR_EACH_SAFE(lock, after, &want->locks->held, node) {
		bool is_same = lock->type == want->type;

		if (lock->owner != want->owner || !is_near(lock, want, is_same))
			continue;
		if (is_same) {
			start = MIN(start, lock->start);
			end = MAX(end, lock->end);
			lock_free(lock);
		} else {
			cut_lock(lock, want, spare);
		}
	}
	if (new)
		add_lock(new, want, start, end);
}

/* Does the wanted range lie inside a lock of the owner, of a different type? */
static bool is_inside(const struct lock *want)
{
	const struct lock *lock;

	LIST_FOR_EACH(lock, &want->locks->held, node)
		if (lock->owner == want->owner && lock->type != want->type &&
		    lock->start < want->start && lock->end > want->end)
			return true;
	return false;
}

/* Each change goes through all locks of the file in one stretch, so the users
 * together may have only so many. */
static bool has_room(const struct lock *want, uint32_t more)
{
	return !more || want->locks->count + more <= FILE_LOCKS_MAX ||
	       user_is_root(process_current());
}

static void free_unused(struct lock *lock)
{
	if (lock)
		pool_free(&lock_pool, lock);
}

int lock_put(const struct lock *want)
{
	bool has_new = want->type != F_UNLCK, has_spare = is_inside(want);
	bool may = has_room(want, has_new + has_spare);
	struct lock *new = may && has_new ? pool_alloc(&lock_pool) : NULL;
	struct lock *spare = may && has_spare ? pool_alloc(&lock_pool) : NULL;

	if (has_new == !!new && has_spare == !!spare) {
		replace(want, new, spare);
		return 0;
	}
	free_unused(new);
	free_unused(spare);
	return -ENOLCK;
}
