/*
 * clock.c - time from the time-stamp counter.
 *
 * The counter is measured once against the PIT, whose frequency is the same on
 * every PC. Channel 2 counts down from n; its output, visible at port 0x61,
 * rises at the end of the count. Both ends of the window are single port
 * accesses, and each access lies between two readings of the counter. So the
 * largest possible error is known: when the error is more than the tolerance, a
 * longer window is measured. On an emulator that counts instructions, the first
 * window of 0.1 ms is enough. Slow or interrupted port accesses need a longer
 * window.
 *
 * Reading the time afterwards is two multiplications, no division.
 */
#include "arch/arch.h"
#include "arch/i686/clock.h"
#include "arch/i686/cpu.h"
#include "arch/i686/io.h"

#define PIT_HZ			1193182u
#define PIT_CHANNEL_2		0x42
#define PIT_COMMAND		0x43
#define PIT_CHANNEL_2_ONE_SHOT	0xb0	/* mode 0, low byte then high */

#define PORT_B			0x61
#define PORT_B_GATE		0x01	/* channel 2 counts */
#define PORT_B_SPEAKER		0x02
#define PORT_B_OUTPUT		0x20	/* channel 2 is through */

#define FIRST_WINDOW		120	/* PIT ticks: 0.1 ms */
#define LONGEST_WINDOW		60000	/* 50 ms */
#define TOLERANCE		2000	/* one part in so many */
#define MOST_POLLS		10000000

struct clock clock;

/* [own] A measurement. The cycles are right to within half the doubt. */
struct window {
	uint32_t pit_ticks;
	uint32_t cycles;
	uint32_t doubt;
	uint32_t apic_cycles;		/* cycles of the APIC's own window */
	uint32_t apic_ticks;
};

/*
 * Only the low words of the counter are needed. The output rose after
 * `earlier`, where the last look but one began, and before `end`.
 */
static void measure(struct window *window, uint32_t pit_ticks)
{
	uint32_t start, started, earlier, look, end;
	uint32_t polls = 0;

	outb(PIT_COMMAND, PIT_CHANNEL_2_ONE_SHOT);
	outb(PIT_CHANNEL_2, pit_ticks & 0xff);
	if (cpu_features.apic)
		apic_timer_start();
	start = arch_cycles();
	outb(PIT_CHANNEL_2, pit_ticks >> 8);
	started = earlier = look = arch_cycles();
	while (!(inb(PORT_B) & PORT_B_OUTPUT) && ++polls < MOST_POLLS) {
		earlier = look;
		look = arch_cycles();
	}
	end = arch_cycles();
	window->pit_ticks = pit_ticks;
	window->doubt = (started - start) + (end - earlier);
	window->cycles = (end - start) - window->doubt / 2;
	if (!cpu_features.apic)
		return;
	/* As after the start: the counter right behind the access. */
	window->apic_ticks = apic_timer_elapsed();
	window->apic_cycles = (uint32_t)arch_cycles() - start;
}

/* Measure until the doubt is small enough against the whole. */
static void measure_well(struct window *window)
{
	uint32_t ticks = FIRST_WINDOW;

	for (;;) {
		measure(window, ticks);
		if (window->doubt <= window->cycles / TOLERANCE ||
		    ticks == LONGEST_WINDOW)
			return;
		ticks = MIN(ticks * 4, (uint32_t)LONGEST_WINDOW);
	}
}

void clock_init(void)
{
	struct window window;
	uint64_t window_ns;

	outb(PORT_B, (inb(PORT_B) & ~PORT_B_SPEAKER) | PORT_B_GATE);
	measure_well(&window);
	window_ns = window.pit_ticks * NSEC_PER_SEC / PIT_HZ;
	clock.ns_per_cycle = (window_ns << CLOCK_SHIFT) / window.cycles;
	clock.cycles_per_ns = ((uint64_t)window.cycles << CLOCK_SHIFT) /
			      window_ns;
	clock.cycles_per_ms = window.cycles * 1000000ull / window_ns;
	clock.pit_ticks_per_cycle =
		((uint64_t)window.pit_ticks << 32) / window.cycles;
	if (cpu_features.apic)
		clock.apic_ticks_per_cycle =
			((uint64_t)window.apic_ticks << APIC_SHIFT) /
			window.apic_cycles;
	clock.start_cycles = arch_cycles();
}

/* value * factor / 2^CLOCK_SHIFT */
static inline uint64_t scale(uint64_t value, uint32_t factor)
{
	uint32_t high = value >> 32;
	uint32_t low = value;

	return ((uint64_t)high * factor << (32 - CLOCK_SHIFT)) +
	       ((uint64_t)low * factor >> CLOCK_SHIFT);
}

uint64_t arch_cycles_to_ns(uint64_t cycles)
{
	return scale(cycles, clock.ns_per_cycle);
}

uint64_t arch_ns_to_cycles(uint64_t ns)
{
	return scale(ns, clock.cycles_per_ns);
}

uint64_t arch_now_ns(void)
{
	return arch_cycles_to_ns(arch_cycles() - clock.start_cycles);
}
