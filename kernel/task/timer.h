/*
 * timer.h - functions called at a given time: the deadlines of all waits.
 *
 * The earliest timer is armed in the hardware, one shot; when there is none
 * the machine gets no tick. Starting and stopping cost O(log n). [P]
 */
#pragma once

#include "kernel/lib/types.h"

struct timer {				/* [P] */
	uint64_t deadline_ns;		/* since boot; FOREVER: not started */
	void (*expired)(struct timer *timer);	/* with [P]; may not sleep */
	struct timer *child;		/* pairing heap: first child, */
	struct timer *sibling;		/* next child of the same parent, */
	struct timer **link;		/* and address of the pointer to this */
};

void timer_init(struct timer *timer, void (*expired)(struct timer *timer));
/* Start, or move, the timer. */
void timer_start(struct timer *timer, uint64_t deadline_ns);
/* Nothing happens to a timer that is not started. */
void timer_stop(struct timer *timer);

static inline bool timer_is_started(const struct timer *timer)
{
	return timer->link != NULL;
}

/* Deferred work: call all due timers, and arm the hardware for the next. */
void timer_run(void);
/* The earliest deadline, or FOREVER. */
uint64_t timer_next_ns(void);
