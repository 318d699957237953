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
	struct timer *parent;		/* in the leftist heap, see timer.c */
	struct timer *left;
	struct timer *right;
	uint8_t rank;			/* 0: not started */
};

void timer_init(struct timer *timer, void (*expired)(struct timer *timer));
/* Start, or move, the timer. */
void timer_start(struct timer *timer, uint64_t deadline_ns);
/* Nothing happens to a timer that is not started. */
void timer_stop(struct timer *timer);

static inline bool timer_is_started(const struct timer *timer)
{
	return timer->rank != 0;
}

/* Deferred work: call the due timers, and arm the hardware for the next. If
 * many are due, some of them are left for the next interrupt. */
void timer_run(void);
/* The earliest deadline, or FOREVER. */
uint64_t timer_next_ns(void);

/* A time in ns that comes so much later; FOREVER: after the end of time. */
static inline uint64_t time_add_ns(uint64_t time_ns, uint64_t ns)
{
	return time_ns + ns < ns ? FOREVER : time_ns + ns;
}

/*
 * Count the expiries of a repeated timer: *due_ns, and then every interval_ns
 * (0: never again). Returns how many were due up to now_ns, and moves *due_ns
 * to the first expiry after now_ns (FOREVER: there is none).
 */
uint64_t timer_count_expiries(uint64_t *due_ns, uint64_t interval_ns,
			      uint64_t now_ns);
