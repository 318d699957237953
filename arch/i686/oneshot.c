/*
 * oneshot.c - the timer that fires once: the local APIC's, or else the PIT.
 *
 * The timer serves the deadline of arch_timer_arm(), and the tick of
 * arch_tick(), which repeats while tasks share the processor. The hardware is
 * armed for the earlier time. Both times are kept as readings of the time-stamp
 * counter, so a check needs no conversion; a deadline is converted once, when
 * the deadline is set.
 *
 * The hardware fires early for a time too far away for its counter, or when the
 * measured frequency is slightly wrong. The interrupt looks at the clock and
 * arms again. In most waits the earlier time does not change, and no device is
 * touched.
 *
 * Nearly all interrupts are ticks in user mode, with no deadline before the
 * next tick. For these ticks entry.asm calls oneshot_interrupt_in_user(), and
 * no work is postponed, because no task is inside the kernel.
 *
 * The local APIC sits between the 8259s and the processor: its pin LINT0 has
 * to pass the interrupts of the 8259s. A BIOS sets LINT0 up; a machine started
 * without a BIOS (v86) does not.
 */
#include "arch/arch.h"
#include "arch/i686/clock.h"
#include "arch/i686/cpu.h"
#include "arch/i686/io.h"
#include "arch/i686/paging.h"
#include "arch/i686/pic.h"
#include "arch/i686/processor.h"
#include "kernel/machine.h"

#define APIC_TASK_PRIORITY	0x080
#define APIC_END		0x0b0
#define APIC_SPURIOUS		0x0f0
#define APIC_LVT_TIMER		0x320
#define APIC_LVT_LINT0		0x350
#define APIC_LVT_LINT1		0x360
#define APIC_TIMER_INITIAL	0x380
#define APIC_TIMER_CURRENT	0x390
#define APIC_TIMER_DIVIDE	0x3e0

#define APIC_ENABLED		0x100	/* in the spurious register */
#define LVT_MASKED		0x10000
#define LVT_NMI			0x400
#define LVT_EXTINT		0x700
#define DIVIDE_BY_1		0xb
#define DIVIDE_BY_16		0x3

#define PIT_CHANNEL_0		0x40
#define PIT_COMMAND		0x43
#define PIT_CHANNEL_0_ONE_SHOT	0x30	/* mode 0, low byte then high */
#define PIT_LONGEST		65535u

#define LONGEST_NS		(1ull << 60)	/* to convert */

/* [I] The counter's readings at the deadline and the tick, or FOREVER. */
static uint64_t deadline = FOREVER;
static uint64_t tick = FOREVER;
static uint64_t deadline_given = FOREVER;	/* in ns */

static uint64_t tick_cycles;		/* [const] between two ticks */
static uint32_t tick_apic_count;	/* [const] the same for the APIC */

static volatile uint32_t *apic(uint32_t offset)
{
	return (volatile uint32_t *)(APIC_VA + offset);
}

/* Also switches the APIC on: before, the APIC may ignore all writes. */
void apic_timer_start(void)
{
	*apic(APIC_SPURIOUS) = APIC_ENABLED | VECTOR_SPURIOUS;
	*apic(APIC_LVT_TIMER) = LVT_MASKED | VECTOR_APIC_TIMER;
	*apic(APIC_TIMER_DIVIDE) = DIVIDE_BY_1;
	*apic(APIC_TIMER_INITIAL) = UINT32_MAX;
}

uint32_t apic_timer_elapsed(void)
{
	return UINT32_MAX - *apic(APIC_TIMER_CURRENT);
}

void apic_end_of_interrupt(void)
{
	*apic(APIC_END) = 0;
}

static void apic_init(void)
{
	*apic(APIC_TASK_PRIORITY) = 0;
	*apic(APIC_LVT_LINT0) = LVT_EXTINT;
	*apic(APIC_LVT_LINT1) = LVT_NMI;
	*apic(APIC_TIMER_INITIAL) = 0;	/* calibration left it running */
	*apic(APIC_TIMER_DIVIDE) = DIVIDE_BY_16;
	*apic(APIC_LVT_TIMER) = VECTOR_APIC_TIMER;
}

/*
 * Division by 16 makes the range 68 s at 1 GHz, so cycles are counted in
 * sixteens too. A count of 0 would stop the timer.
 */
static uint32_t apic_count(uint64_t cycles)
{
	uint32_t sixteens = MIN(cycles / 16, (uint64_t)UINT32_MAX);
	uint64_t ticks = (sixteens * (uint64_t)clock.apic_ticks_per_cycle >>
			  APIC_SHIFT) + 1;

	return MIN(ticks, (uint64_t)UINT32_MAX);
}

static void pit_arm(uint64_t cycles)
{
	uint32_t low = MIN(cycles, (uint64_t)UINT32_MAX);
	uint32_t ticks = ((uint64_t)low * clock.pit_ticks_per_cycle >> 32) + 1;

	ticks = MIN(ticks, PIT_LONGEST);
	outb(PIT_COMMAND, PIT_CHANNEL_0_ONE_SHOT);
	outb(PIT_CHANNEL_0, ticks & 0xff);
	outb(PIT_CHANNEL_0, ticks >> 8);
}

static bool has_apic_timer(void)
{
	return clock.apic_ticks_per_cycle != 0;
}

void oneshot_init(void)
{
	tick_cycles = arch_ns_to_cycles(TICK_NS);
	if (cpu_features.apic)
		apic_init();
	if (has_apic_timer()) {
		tick_apic_count = apic_count(tick_cycles);
		return;
	}
	/* Whatever a BIOS left in channel 0 must not tick. */
	outb(PIT_COMMAND, PIT_CHANNEL_0_ONE_SHOT);
	pic_unmask(IRQ_TIMER);
}

static void disarm(void)
{
	if (has_apic_timer())
		*apic(APIC_TIMER_INITIAL) = 0;
	else
		outb(PIT_COMMAND, PIT_CHANNEL_0_ONE_SHOT);
}

static void arm(uint64_t next)
{
	uint64_t now = arch_cycles(), delay = next > now ? next - now : 0;

	if (next == FOREVER)
		disarm();
	else if (has_apic_timer())
		*apic(APIC_TIMER_INITIAL) = apic_count(delay);
	else
		pit_arm(delay);
}

void arch_timer_arm(uint64_t deadline_ns)
{
	uint64_t before, now_ns;
	uint32_t flags;

	if (deadline_ns == deadline_given)
		return;
	flags = arch_irq_save();
	before = MIN(tick, deadline);
	deadline_given = deadline = deadline_ns;
	if (deadline_ns != FOREVER) {
		now_ns = arch_now_ns();
		deadline = arch_cycles();
		if (deadline_ns > now_ns)
			deadline += arch_ns_to_cycles(MIN(deadline_ns - now_ns,
						     LONGEST_NS));
	}
	if (MIN(tick, deadline) != before)
		arm(MIN(tick, deadline));
	arch_irq_restore(flags);
}

void arch_tick(bool on)
{
	uint32_t flags = arch_irq_save();

	tick = on ? arch_cycles() + tick_cycles : FOREVER;
	arm(MIN(tick, deadline));
	arch_irq_restore(flags);
}

void oneshot_interrupt(void)
{
	uint64_t now = arch_cycles();

	if (now >= tick) {
		tick = now + tick_cycles;
		machine_tick_interrupt();
	}
	if (now >= deadline) {
		deadline = deadline_given = FOREVER;
		machine_timer_interrupt();
	}
	arm(MIN(tick, deadline));
}

void oneshot_interrupt_in_user(uint64_t now)
{
	uint64_t next = now + tick_cycles;

	apic_end_of_interrupt();
	if (now < tick || next >= deadline) {
		oneshot_interrupt();
		return;
	}
	tick = next;
	*apic(APIC_TIMER_INITIAL) = tick_apic_count;
	machine_tick();
}
