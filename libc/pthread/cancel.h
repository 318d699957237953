/* cancel.h - cancellation of threads, between cancel.c and the stubs. */
#pragma once

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

extern unsigned __cancel_asked;	/* of any thread, ever: stubs.c */

#define TEXT_OF_(word)	#word
#define TEXT_OF(word)	TEXT_OF_(word)
