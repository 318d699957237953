/*
 * clock.h - time from the time-stamp counter, and the one-shot timer.
 */
#pragma once

#include "kernel/lib/types.h"

/* What clock_init() found out. */
struct clock {
	uint64_t start_cycles;		/* the counter at time 0 */
	uint32_t ns_per_cycle;		/* times 2^CLOCK_SHIFT */
	uint32_t cycles_per_ms;
	uint32_t apic_ticks_per_ns;	/* times 2^APIC_SHIFT; 0: no APIC */
};

#define CLOCK_SHIFT	28	/* good from 63 MHz up */
#define APIC_SHIFT	30	/* good up to 4 GHz */

extern struct clock clock;

/*
 * Measure the time-stamp counter and the local APIC's timer against the PIT:
 * a tenth of a millisecond where a port access is quick. The page at APIC_VA
 * must be mapped. Time starts here. cpu_init() comes first.
 */
void clock_init(void);

/* oneshot.c: prepare the local APIC, or the PIT, as the one-shot timer. After
 * clock_init() and pic_init(). */
void oneshot_init(void);
void oneshot_interrupt(void);

/* The local APIC's timer for calibration: it counts down at full speed from
 * the largest value, without an interrupt. */
void apic_timer_start(void);
uint32_t apic_timer_elapsed(void);	/* ticks since apic_timer_start() */

void apic_end_of_interrupt(void);
