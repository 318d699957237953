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
#define FUTEX_LIST	6	/* `word` is the thread's struct futex_list */

/* In a semaphore's word, beside the number of units, and in a lock's word,
 * beside the owner's id: a thread waits. So a unit may be posted and taken, and
 * the lock released, by the operations above only. */
#define FUTEX_WAITED	0x80000000u
/* In a lock's word: a woken thread has found the lock held. */
#define FUTEX_PASSED_BY	0x40000000u
/* In a lock's word: an owner ended without a release, and no later owner has
 * repaired the data yet. FUTEX_UNLOCK makes such a lock useless for ever: its
 * owner is FUTEX_NO_OWNER, and each FUTEX_LOCK ends with ENOTRECOVERABLE. */
#define FUTEX_OWNER_DIED 0x20000000u
#define FUTEX_NO_OWNER	FUTEX_OWNER_MASK
/* In a lock's word, always: the kernel keeps the bit. libc knows by this bit
 * that a lock without an owner is not taken by one instruction. */
#define FUTEX_RULES	0x10000000u

/* With FUTEX_WAIT: the low bits of the word are the id of the task that will
 * end the wait, so `why` can name the task. */
#define FUTEX_OWNER	0x100
#define FUTEX_OWNER_MASK 0x0fffffff

/* With FUTEX_LOCK: the owner runs at the priority of the threads that wait, and
 * a lock that would wait for itself, through a chain of owners, is EDEADLK. */
#define FUTEX_INHERIT	0x200

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

/*
 * The locks that a thread holds. When the thread ends, or its process begins a
 * new program, the kernel sets FUTEX_OWNER_DIED in their words and lets the
 * next thread go on. A node is two words in the memory of the lock; the first
 * is the address of the next node, 0 in the last.
 */
struct futex_list {
	unsigned first;		/* the address of a node; 0: none */
	unsigned pending;	/* a node about to enter or leave; or 0 */
	int to_word;		/* from a node to its lock's word, in bytes */
};
#define FUTEX_LIST_MOST	4096	/* the kernel looks at so many nodes */
