/* cancel.h - cancellation of threads: cancel.c, and the points. */
#pragma once

#include "libc/pthread/thread.h"

/* The field `cancel` of a thread. A thread ends at the next cancellation point
 * if the field is CANCEL_ASKED alone. */
#define CANCEL_ASKED	1
#define CANCEL_OFF	2

/* The signal of cancel.c, below SIGRTMIN. No thread blocks it for long. */
#define SIGNAL_CANCEL	33
#define CANCEL_SET	((sigset_t)1 << (SIGNAL_CANCEL - 1))

/* A stub of stubs.c that is a cancellation point. */
#define POINT_BYTES	64	/* its place */
#define POINT_CALLED	23	/* the address behind the call */
#define POINT_AGAIN	35	/* from here on, before the call again */

/* INT_MAX after the first pthread_cancel(), else 0: stubs.c. No semaphore has
 * more units: <semaphore.h>. */
extern int __cancel_asked;

/* Only a program that calls pthread_cancel() has this function. */
_Noreturn void __cancel_now(void) __attribute__((weak));

static inline bool __shall_end(const struct __pthread *thread)
{
	return __atomic_load_n(&thread->cancel, __ATOMIC_SEQ_CST) ==
	       CANCEL_ASKED;
}

/* For a function that is a cancellation point, and may return without a system
 * call that is. */
static inline void __point(void)
{
	if (__cancel_asked && __shall_end(__self()))
		__cancel_now();
}

#define TEXT_OF_(word)	#word
#define TEXT_OF(word)	TEXT_OF_(word)
