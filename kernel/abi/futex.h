/*
 * futex.h - waiting on a word of memory: the base of libc's mutexes, condition
 * variables and semaphores.
 */
#pragma once

#define FUTEX_WAIT	0	/* sleep if the word still has this value */
#define FUTEX_WAKE	1	/* wake at most `value` sleepers */
#define FUTEX_POST	2	/* a semaphore: add a unit */
#define FUTEX_TAKE	3	/* a semaphore: wait for a unit, then take */

/* In a semaphore's word, beside the number of units: a thread waits, so a unit
 * may be posted and taken by FUTEX_POST and FUTEX_TAKE only. */
#define FUTEX_WAITED	0x80000000u

/* With FUTEX_WAIT: the low bits of the word are the id of the task with the
 * lock, so `why` can name the task. */
#define FUTEX_OWNER	0x100
#define FUTEX_OWNER_MASK 0x3fffffff

/* With FUTEX_WAIT: the kind of lock with this word. The kernel uses the kind
 * for the name only. FUTEX_TAKE is for a semaphore. */
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
