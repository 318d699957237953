/* futex.h - waiting on a word of user memory. */
#pragma once

#include "kernel/obj/object.h"
#include "kernel/task/inherit.h"

struct futex_bucket;
struct page_source;
struct space;

/* Where a word lies. In shared memory `base` is the source of the pages and
 * `address` the offset in bytes; in private memory `base` is the address space
 * and `address` the address there. [own], or part of a futex. */
struct futex_place {
	const void *base;		/* NULL: the futex is not in use */
	uint32_t address;
	struct page_source *source;	/* NULL: private */
};

/*
 * A word that tasks wait at. The futex holds a reference of the source: without
 * the reference, the sleepers could unmap the source, and the memory of the
 * source could become a source of a different user, with the same place. An
 * address space needs no reference, since the sleepers are tasks of the space.
 */
struct futex {
	struct object object;		/* [P] sleepers wait for END_READ */
	struct list_node node;		/* [P] in its bucket, see futex.c */
	struct futex_place place;	/* [P] constant during use */
	struct loan loan;		/* [P] of a lock: to its owner */
};

/* [own]: where a word lies, and the futex there. */
struct futex_search {
	struct futex_place place;
	struct futex_bucket *bucket;	/* of the places with this hash */
	struct futex *futex;		/* NULL: no task waits there */
};

static inline struct wait_queue *futex_queue(struct futex *futex)
{
	return &futex->object.queue[END_READ];
}

/* A task that waits at a word: [P], the context of the wait, on the stack of
 * the waiting task. Reports read the struct during the wait. */
struct futex_sleeper {
	uaddr_t word;
	struct wait_request request;	/* for a unit of the futex */
	struct loan *loan;		/* FUTEX_INHERIT: of the lock; or NULL:
					 * futex_lock.c */
	bool names_owner;		/* the word holds the owner's id */
	bool has_unit;			/* a semaphore: a post gave a unit */
	bool has_slept;			/* a lock: was woken at least once */
	bool was_owner;			/* a lock: waits for itself */
};

static inline struct futex *futex_of(const struct futex_sleeper *sleeper)
{
	return CONTAINER_OF((struct object *)sleeper->request.object,
			    struct futex, object);
}

/* Find the place of the word, and its futex. 0; -EFAULT: the address; -EINVAL:
 * the address is not aligned. */
long futex_find(uaddr_t word, struct futex_search *search);
/* Initialise the sleeper, with a reference of the word's futex. 0, -ENOMEM, or
 * as futex_find(). */
long futex_enter(struct futex_sleeper *sleeper, uaddr_t word, int kind,
		 uint64_t deadline_ns);
void futex_leave(struct futex_sleeper *sleeper);

/* The word at the place of a sleeper's futex, wherever the page is mapped now:
 * for a sleeper whose wait has ended. False: the place is gone, or its page has
 * to come from a disk. */
bool futex_load(const struct futex_sleeper *sleeper, uint32_t *value);
bool futex_store(const struct futex_sleeper *sleeper, uint32_t value);

/* futex_name.c: for object_ops. */
bool futex_describe(const struct object *object, char *to, size_t size);
void futex_report(const struct object *object, char *to, size_t size);
/* The present value of the word in this space; 0 also if the page is absent. */
uint32_t futex_peek(struct space *space, uaddr_t word);
/* The id of the owner that is written in the word that the waiter sleeps on, or
 * 0: the word has no owner. */
pid_t futex_owner(const struct task *waiter);

/*
 * If the word still holds `value`, sleep until futex_wake(). The flags of
 * futex(2): the kind; FUTEX_OWNER: the low bits of the word are the id of the
 * owning task. deadline_ns counts from boot, FOREVER: none. 0; -EAGAIN: the
 * value has changed; -EINTR: a signal; -ETIMEDOUT: the deadline; -EFAULT: the
 * address; -EINVAL: the address is not aligned; -ENOMEM.
 */
long futex_wait(uaddr_t word, uint32_t value, unsigned flags,
		uint64_t deadline_ns);
/* Wake up to `most` sleepers; how many there were, or -EFAULT, -EINVAL. */
long futex_wake(uaddr_t word, uint32_t most);

/* Take a unit of the semaphore in this word. Without a unit, sleep until a post
 * gives the task a unit. 0, or the errors of futex_wait(). */
long futex_take(uaddr_t word, uint64_t deadline_ns);
/* Add a unit, for the first sleeper if there are sleepers. Never sleeps. 0;
 * -EOVERFLOW: the semaphore has SEM_VALUE_MAX units; -EFAULT, -EINVAL. */
long futex_post(uaddr_t word);

/* The kind of a word with a lock: beside the kinds of kernel/abi/futex.h. */
#define FUTEX_KIND_LOCK	FUTEX_KINDS

/* Take the lock in this word. Sleeps until the lock is free or handed over. The
 * flag is FUTEX_INHERIT. 0; -ENOTRECOVERABLE: see FUTEX_OWNER_DIED; -EDEADLK:
 * see FUTEX_INHERIT; or the errors of futex_wait(). */
long futex_lock(uaddr_t word, unsigned flags, uint64_t deadline_ns);
/* Release the lock in this word, for the first sleeper if there are sleepers.
 * Never sleeps. 0; -EFAULT, -EINVAL. */
long futex_unlock(uaddr_t word);
/* The running task ends: if it owns the lock in this word, release the lock and
 * set FUTEX_OWNER_DIED. Never sleeps. 0; -EFAULT, -EINVAL. */
long futex_abandon(uaddr_t word);
