/*
 * clock.h - time from the time-stamp counter, and the one-shot timer.
 */
#pragma once

#include "kernel/lib/types.h"

/* [const] the results of clock_init() */
struct clock {
	uint64_t start_cycles;		/* the counter at time 0 */
	uint32_t ns_per_cycle;		/* times 2^CLOCK_SHIFT */
	uint32_t cycles_per_ns;		/* times 2^CLOCK_SHIFT */
	uint32_t cycles_per_ms;
	uint32_t apic_ticks_per_cycle;	/* times 2^APIC_SHIFT; 0: no APIC */
	uint32_t pit_ticks_per_cycle;	/* times 2^32 */
};

#define CLOCK_SHIFT	28	/* good from 63 MHz to 16 GHz */
#define APIC_SHIFT	27	/* good up to 32 ticks in a cycle */

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
/* The same for the APIC's in user mode, and now is the time-stamp counter:
 * entry.asm comes here directly. */
void oneshot_interrupt_in_user(uint64_t now);

/* The local APIC's timer for calibration: it counts down at full speed from
 * the largest value, without an interrupt. */
void apic_timer_start(void);
uint32_t apic_timer_elapsed(void);	/* ticks since apic_timer_start() */

void apic_end_of_interrupt(void);
