/*
 * futex.h - waiting on a word of memory: the base of libc's mutexes, condition
 * variables and semaphores.
 */
#pragma once

#define FUTEX_WAIT	0	/* sleep if the word still has this value */
#define FUTEX_WAKE	1	/* wake at most `value` sleepers */
#define FUTEX_POST	2	/* a semaphore: add a unit */
#define FUTEX_TAKE	3	/* a semaphore: wait for a unit, then take */

#define FUTEX_LOCK	4	/* a lock: wait for it, then take */
#define FUTEX_UNLOCK	5	/* a lock: release it */

/* In a semaphore's word, beside the number of units, and in a lock's word,
 * beside the owner's id: a thread waits. So a unit may be posted and taken, and
 * the lock released, by the operations above only. */
#define FUTEX_WAITED	0x80000000u
/* In a lock's word: a woken thread has found the lock held. */
#define FUTEX_PASSED_BY	0x40000000u

/* With FUTEX_WAIT: the low bits of the word are the id of the task that will
 * end the wait, so `why` can name the task. */
#define FUTEX_OWNER	0x100
#define FUTEX_OWNER_MASK 0x3fffffff

/* With FUTEX_WAIT: the kind of lock with this word. The kernel uses the kind
 * for the name only. FUTEX_TAKE is for a semaphore, FUTEX_LOCK for a mutex. */
#define FUTEX_KIND(n)		((n) << 12)
#define FUTEX_KIND_OF(operation) ((unsigned)(operation) >> 12)
#define FUTEX_WORD		FUTEX_KIND(0)	/* the program knows */
#define FUTEX_MUTEX		FUTEX_KIND(1)
#define FUTEX_CONDITION		FUTEX_KIND(2)
#define FUTEX_RWLOCK		FUTEX_KIND(3)
#define FUTEX_BARRIER		FUTEX_KIND(4)
#define FUTEX_SEMAPHORE		FUTEX_KIND(5)
#define FUTEX_ONCE		FUTEX_KIND(6)
#define FUTEX_THREAD		FUTEX_KIND(7)	/* until the thread ends */
#define FUTEX_KINDS		8
