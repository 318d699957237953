/*
 * oneshot.c - arch/i686/oneshot.c: no deadline and no tick is missed.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub -Wno-int-to-pointer-cast
 * link: tests/host/stub/kernel.c
 *
 * The shipped driver with timers that are words in memory here. The model is a
 * counter that fires once, when the written time has passed: a counter of an
 * APIC, at many frequencies, or of the PIT. Deadlines, ticks and pauses come at
 * random; the driver's clock runs only between its calls.
 */
#define arch_cycles	unused_arch_cycles
#include "tests/host/stub/host.h"
#undef arch_cycles
#define outb		unused_outb
#include "arch/i686/io.h"
#undef outb
#include "arch/i686/clock.h"
#include "arch/i686/cpu.h"
#include "arch/i686/paging.h"
#include "arch/i686/pic.h"
#include "kernel/machine.h"

#define STEPS		20000
#define SIXTEENTHS	16
#define UNTOUCHED	0xdeadbeefu

static uint64_t now;			/* cycles */
static uint64_t fires_at = FOREVER;	/* the hardware */
static uint32_t registers[0x400 / 4];
static unsigned pit_bytes, pit_count;
static double ticks_per_cycle, cycles_per_ns;

static uint64_t deadline_wanted = FOREVER, tick_wanted = FOREVER;
static uint64_t deadline_ns;		/* as given */
static bool is_wrong;

struct cpu_features cpu_features;
struct clock clock;

static void note_wrong(bool wrong, const char *what)
{
	if (wrong && !is_wrong)
		printf("# %s\n", what);
	is_wrong |= wrong;
}

/* ---- Stubs below the driver --------------------------------------------- */

static uint64_t arch_cycles(void)
{
	return now;
}

uint64_t arch_now_ns(void)
{
	return now / cycles_per_ns;
}

uint64_t arch_ns_to_cycles(uint64_t ns)
{
	return ns * cycles_per_ns;
}

void pic_unmask(unsigned line)
{
	(void)line;
}

static void outb(uint16_t port, uint8_t value)
{
	if (port == 0x43) {
		pit_bytes = pit_count = 0;
		fires_at = FOREVER;
		return;
	}
	pit_count |= value << 8 * pit_bytes++;
	if (pit_bytes == 2)
		fires_at = now + pit_count / ticks_per_cycle;
}

#undef APIC_VA
#define APIC_VA		((uintptr_t)registers)
#include "arch/i686/oneshot.c"

/* The APIC gets the values that the driver wrote. */
static void look_at_apic(void)
{
	uint32_t *count = &registers[APIC_TIMER_INITIAL / 4];

	if (*count != UNTOUCHED)
		fires_at = *count ? now + *count * SIXTEENTHS / ticks_per_cycle
				  : FOREVER;
	*count = UNTOUCHED;
}

/* ---- The functions under test -------------------------------------------- */

/* A little early is allowed: whoever has deadlines looks at the clock. */
void machine_timer_interrupt(void)
{
	note_wrong(deadline_wanted == FOREVER, "a deadline that nobody has");
	note_wrong(deadline_wanted > now + now / 1000000 + 100,
		   "a deadline is early");
	deadline_wanted = arch_now_ns() < deadline_ns ? FOREVER - 2 : FOREVER;
}

void machine_tick(void)
{
	note_wrong(tick_wanted == FOREVER, "it ticks, switched off");
	note_wrong(tick_wanted > now, "a tick is early");
	tick_wanted = now + TICK_NS * cycles_per_ns;
}

void machine_tick_interrupt(void)
{
	machine_tick();
}

/* ---- Time passes --------------------------------------------------------- */

/* Late by more than a step of the hardware, and by the time with interrupts
   masked. */
static bool is_long_past(uint64_t wanted)
{
	return now > wanted && now - wanted > 3 * SIXTEENTHS /
		ticks_per_cycle + now / 1000000 + 100;
}

static void set_deadline(uint64_t ns)
{
	deadline_ns = ns;
	deadline_wanted = ns == FOREVER ? FOREVER :
		ns > LONGEST_NS ? FOREVER - 1 :
		MAX(now, (uint64_t)(ns * cycles_per_ns));
	arch_timer_arm(ns);
	look_at_apic();
}

static void fire(void)
{
	now = fires_at + host_random(50);
	fires_at = FOREVER;
	if (has_apic_timer() && host_random(2))
		oneshot_interrupt_in_user(now);
	else
		oneshot_interrupt();
	look_at_apic();
	if (deadline_wanted == FOREVER - 2)	/* early: the same again */
		set_deadline(deadline_ns);
}

static void pass_until(uint64_t end)
{
	while (fires_at <= end)
		fire();
	now = MAX(now, end);
	note_wrong(is_long_past(deadline_wanted), "a deadline is missed");
	note_wrong(is_long_past(tick_wanted), "a tick is missed");
}

static uint64_t random_deadline(void)
{
	uint64_t ns = arch_now_ns();

	switch (host_random(8)) {
	case 0:
		return FOREVER;
	case 1:
		return ns - MIN(ns, host_random(1000));	/* past already */
	case 2:
		return ns + 400000000000000ull;		/* 4.6 days */
	case 3:
		return FOREVER - 1 - host_random(1000);
	}
	return ns + host_random(20000000);
}

static void set_tick(void)
{
	bool on = tick_wanted == FOREVER;

	tick_wanted = on ? now + TICK_NS * cycles_per_ns : FOREVER;
	arch_tick(on);
	look_at_apic();
}

static bool run(double tsc_hz, double timer_hz, bool has_apic)
{
	cycles_per_ns = tsc_hz / 1e9;
	ticks_per_cycle = timer_hz / tsc_hz;
	clock.cycles_per_ns = cycles_per_ns * (1 << CLOCK_SHIFT);
	clock.apic_ticks_per_cycle = has_apic ?
		ticks_per_cycle * (1 << APIC_SHIFT) : 0;
	clock.pit_ticks_per_cycle = ticks_per_cycle * 4294967296.0;
	cpu_features.apic = has_apic;
	deadline = deadline_given = tick = FOREVER;
	deadline_wanted = tick_wanted = fires_at = FOREVER;
	is_wrong = false;
	registers[APIC_TIMER_INITIAL / 4] = UNTOUCHED;
	oneshot_init();
	look_at_apic();
	for (int step = 0; step < STEPS && !is_wrong; step++) {
		switch (host_random(4)) {
		case 0:
			set_deadline(random_deadline());
			break;
		case 1:
			if (host_random(4) == 0)
				set_tick();
			break;
		default:
			pass_until(now + host_random(30000000) *
				   cycles_per_ns);
		}
	}
	return !is_wrong;
}

/* A wait of days on a machine without further work. */
static bool wait_long(double tsc_hz, double timer_hz, bool has_apic)
{
	uint64_t ns;

	if (!run(tsc_hz, timer_hz, has_apic))
		return false;
	if (tick_wanted != FOREVER)
		set_tick();
	ns = arch_now_ns() + 90000000000000ull;
	set_deadline(ns);
	while (deadline_wanted != FOREVER && !is_wrong)
		fire();
	return !is_wrong && now >= (ns - 100) * cycles_per_ns * 0.999999;
}

int main(void)
{
	ok(run(1e9, 1e9, true), "apic_that_counts_as_the_clock_misses_some");
	ok(run(2.6e9, 1e9, true), "slower_apic_misses_some");
	ok(run(4e9, 25e6, true), "much_slower_apic_misses_some");
	ok(run(100e6, 1e9, true), "faster_apic_misses_some");
	ok(run(1e9, 1193182, false), "pit_misses_some");
	ok(run(4e9, 1193182, false), "pit_of_a_fast_machine_misses_some");
	ok(wait_long(1e9, 1e9, true), "apic_does_not_wait_for_days");
	ok(wait_long(2.6e9, 1193182, false), "pit_does_not_wait_for_days");
	return tap_done();
}
