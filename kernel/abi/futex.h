/*
 * futex.h - waiting on a word of memory: what libc builds mutexes, condition
 * variables and semaphores of.
 */
#pragma once

#define FUTEX_WAIT	0	/* sleep if the word still has this value */
#define FUTEX_WAKE	1	/* wake at most `value` sleepers */
#define FUTEX_POST	2	/* a semaphore: add a unit */
#define FUTEX_TAKE	3	/* a semaphore: wait for a unit and take it */

/* In a semaphore's word, beside the number of units: somebody waits, so a unit
 * may be posted and taken by FUTEX_POST and FUTEX_TAKE only. */
#define FUTEX_WAITED	0x80000000u

/* With FUTEX_WAIT: the low bits of the word are the id of the task that holds
 * what we wait for, so that `why` can tell. */
#define FUTEX_OWNER	0x100
#define FUTEX_OWNER_MASK 0x3fffffff
