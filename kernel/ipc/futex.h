/* futex.h - waiting on a word of user memory. */
#pragma once

#include "kernel/obj/object.h"

struct page_source;
struct space;

/*
 * A word that tasks wait at. In shared memory `place` is the source of the
 * pages and `address` the offset in bytes; in private memory `place` is the
 * address space and `address` the address there. The futex holds a reference
 * of the source: without the reference, the sleepers could unmap the source,
 * and the memory of the source could become a source of a different user, with
 * the same place. An address space needs no reference, since the sleepers are
 * tasks of the space.
 */
struct futex {
	struct object object;		/* [P] sleepers wait for END_READ */
	struct list_node node;		/* [P] in its bucket, see futex.c */
	uintptr_t place;		/* [P] constant during use */
	uint32_t address;		/* [P] the same */
	struct page_source *source;	/* [P] the same; NULL: private */
};

/* A task that waits at a word: [P], the context of the wait, on the stack of
 * the waiting task. Reports read the struct during the wait. */
struct futex_sleeper {
	uaddr_t word;
	struct wait_queue *queue;
	bool names_owner;		/* the word holds the owner's id */
	bool has_slept;			/* FUTEX_WAIT: any wake ends the wait */
};

/* futex_name.c: for object_ops. */
bool futex_describe(const struct object *object, char *to, size_t size);
void futex_report(const struct object *object, char *to, size_t size);
/* The present value of the word in this space; 0 also if the page is absent. */
uint32_t futex_peek(struct space *space, uaddr_t word);

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

/* Take a unit of the semaphore in this word. Sleeps until a unit is free and
 * the tasks in front have taken theirs. 0, or the errors of futex_wait(). */
long futex_take(uaddr_t word, uint64_t deadline_ns);
/* Add a unit, for the first sleeper if there are sleepers. Never sleeps. 0;
 * -EOVERFLOW: the semaphore has SEM_VALUE_MAX units; -EFAULT, -EINVAL. */
long futex_post(uaddr_t word);

/* The id of the owner that is written in the word that the waiter sleeps on, or
 * 0: the word has no owner. */
pid_t futex_owner(const struct task *waiter);
