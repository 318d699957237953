/*
 * thread.h - the control block of a thread, and locks for libc's own use.
 *
 * GS points to the control block; the first word is the block's address. The
 * thread's own variables end where the block begins: tls.c.
 */
#pragma once

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#include "kernel/abi/futex.h"
#include "kernel/abi/sched.h"
#include "libc/internal.h"

struct __pthread {
	struct __pthread *self;		/* what %gs:0 reads */
	unsigned cancel;		/* CANCEL_ bits: cancel.h */
	int tid;			/* 0: not known yet */
	unsigned running;		/* the task id; cleared by the kernel */
	unsigned char fate;		/* 0, or a state below */
#define JOINED		1		/* or waited for */
#define DETACHED	2
#define ENDED		3		/* neither, and past pthread_exit() */
	unsigned char has_left;		/* is in pthread_exit() */
	unsigned char is_async;		/* may be cancelled at any place */
	bool owns_stack;		/* libc made the mapping */
	void *(*start)(void *);
	void *argument;
	void *result;
	void *stack;			/* the mapping, guard page first; or
					   the stack that the program brought */
	size_t stack_bytes;		/* of all of it */
	struct __pthread *next;		/* in the list of all but the first */
	struct __pthread **link;	/* what points here; NULL: not listed */
	struct __pthread *next_ended;
	sigset_t mask;			/* to start with */
	struct __cleanup *cleanups;	/* pushed last */
	int read_locks;			/* held by the thread: rwlock.c */
	struct futex_list locks;	/* robust ones held: robust.c */
	bool locks_are_known;		/* to the kernel */
	/* Mutexes held, by ceiling: ceiling.c. */
	unsigned short ceilings[SCHED_PRIORITY_MOST + 1];
	bool had_ceilings;		/* ever */
	const void *specific[PTHREAD_KEYS_MAX];
};

extern struct __pthread __main_thread;

static inline struct __pthread *__self(void)
{
	struct __pthread *self;

	__asm__("mov %%gs:0, %0" : "=r"(self));
	return self;
}

/* The bytes of each thread's own variables, before its control block, and the
 * alignment of the block: symbols of boot/user.ld, whose addresses are the
 * values. Only the address of a weak symbol may be 0. */
extern const char __tls_bytes[] __attribute__((weak));
extern const char __tls_align[];

static inline size_t __tls_size(void)
{
	return (size_t)__tls_bytes;
}

/* Give the thread's own variables their first values. */
void __tls_fill(struct __pthread *thread);

int __self_tid(void);
/* The number of any thread. Only the first thread of a process, whose number is
 * that of the process, may not know it yet. */
int __tid_of(struct __pthread *thread);
void __become_threaded(void);
void __threads_after_fork(void);
void __cleanup_all(void);
static inline void __cleanup_enter(struct __pthread *self,
	struct __cleanup *cleanup)
{
	cleanup->next = self->cleanups;
	self->cleanups = cleanup;
}

void __keys_destroy(struct __pthread *self);
void __threads_forget(pthread_key_t key);

/* Set the process-shared attribute: 0 or EINVAL. */
static inline int __set_shared(int *to, int shared)
{
	if (shared != PTHREAD_PROCESS_PRIVATE &&
	    shared != PTHREAD_PROCESS_SHARED)
		return EINVAL;
	*to = shared;
	return 0;
}

/* A deadline of clock as one of CLOCK_MONOTONIC; 0 or EINVAL. */
int __deadline_convert(clockid_t clock, const struct timespec *deadline,
	struct timespec *monotonic);

/* Sleep while the word has this value: 0, or the errno value. flags are those
 * of kernel/abi/futex.h: the kind of the word, and FUTEX_OWNER. */
int __futex_wait(unsigned *word, unsigned value, int flags,
	const struct timespec *deadline);
/* The same as a cancellation point. */
int __futex_wait_point(unsigned *word, unsigned value, int flags,
	const struct timespec *deadline);
void __futex_wake(unsigned *word, int most);

/* pthread_cond_timedwait() with a deadline of CLOCK_MONOTONIC, or NULL, for a
 * lock of this FUTEX_ kind that the condition is part of. */
int __cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int kind,
	const struct timespec *monotonic);

/* flags are 0 or FUTEX_INHERIT. With a deadline of CLOCK_MONOTONIC or NULL: 0,
 * ETIMEDOUT, ENOTRECOVERABLE, or EDEADLK. */
int __lock_until(unsigned *word, int flags, const struct timespec *deadline);

static inline bool __lock_is_mine(const unsigned *word)
{
	return (__atomic_load_n(word, __ATOMIC_RELAXED) & FUTEX_OWNER_MASK) ==
	       (unsigned)__self_tid();
}

/* The mutex has the protocol PTHREAD_PRIO_PROTECT. Enter before the lock: 0;
 * EINVAL: the thread's priority is above the ceiling; EPERM. */
int __ceiling_enter(const pthread_mutex_t *mutex);
void __ceiling_leave(int ceiling);

static inline int __inherit_flag(const pthread_mutex_t *mutex)
{
	return mutex->protocol == PTHREAD_PRIO_INHERIT ? FUTEX_INHERIT : 0;
}

/* A word with FUTEX_RULES: robust.c. Lock with a deadline of CLOCK_MONOTONIC,
 * NULL: none, __at_once: no wait. 0; EOWNERDEAD, the mutex is held; EBUSY,
 * ETIMEDOUT, ENOTRECOVERABLE. The caller holds a mutex to unlock. */
extern const struct timespec __at_once;
int __robust_lock(pthread_mutex_t *mutex, const struct timespec *deadline);
void __robust_unlock(pthread_mutex_t *mutex);
