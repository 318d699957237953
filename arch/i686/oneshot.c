/*
 * oneshot.c - the timer that fires once: the local APIC's, or else the PIT.
 *
 * A deadline too far away for the counter fires early; so does one that the
 * measured frequency misses by a hair. The caller looks at the clock and arms
 * again. The deadline in the hardware is remembered: arming the same one again,
 * which most waits do, touches no device.
 *
 * The local APIC sits between the 8259s and the processor: its pin LINT0 has
 * to let their interrupts through. A BIOS sets that up, a machine started
 * without one (v86) does not.
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

#define PIT_TICKS_PER_NS	5124678ull	/* times 2^32 */
#define PIT_CHANNEL_0		0x40
#define PIT_COMMAND		0x43
#define PIT_CHANNEL_0_ONE_SHOT	0x30	/* mode 0, low byte then high */
#define PIT_LONGEST_NS		54000000u	/* of 16 bits */

static uint64_t armed_ns = FOREVER;	/* the deadline in the hardware */

static volatile uint32_t *apic(uint32_t offset)
{
	return (volatile uint32_t *)(APIC_VA + offset);
}

/* Also switches the APIC on: before that it may ignore all writes. */
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
 * Division by 16 makes the range 68 s at 1 GHz, so nanoseconds are counted in
 * sixteens too: ticks per ns is then ticks per sixteen. A count of 0 would
 * stop the timer.
 */
static void apic_arm(uint64_t delay_ns)
{
	uint32_t sixteens = delay_ns / 16;
	uint64_t ticks;

	if (UNLIKELY(delay_ns / 16 > UINT32_MAX))
		sixteens = UINT32_MAX;
	ticks = (sixteens * (uint64_t)clock.apic_ticks_per_ns >>
		 APIC_SHIFT) + 1;
	*apic(APIC_TIMER_INITIAL) =
		UNLIKELY(ticks >> 32) ? UINT32_MAX : (uint32_t)ticks;
}

static void pit_arm(uint64_t delay_ns)
{
	uint32_t ns = MIN(delay_ns, (uint64_t)PIT_LONGEST_NS);
	uint32_t ticks = (ns * PIT_TICKS_PER_NS >> 32) + 1;

	outb(PIT_COMMAND, PIT_CHANNEL_0_ONE_SHOT);
	outb(PIT_CHANNEL_0, ticks & 0xff);
	outb(PIT_CHANNEL_0, ticks >> 8);
}

static bool has_apic_timer(void)
{
	return clock.apic_ticks_per_ns != 0;
}

void oneshot_init(void)
{
	if (cpu_features.apic)
		apic_init();
	if (has_apic_timer())
		return;
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

void arch_timer_arm(uint64_t deadline_ns)
{
	uint64_t now_ns;
	uint64_t delay_ns;
	uint32_t flags;

	if (deadline_ns == armed_ns)
		return;
	flags = arch_irq_save();
	armed_ns = deadline_ns;
	if (deadline_ns == FOREVER) {
		disarm();
	} else {
		now_ns = arch_now_ns();
		delay_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
		if (has_apic_timer())
			apic_arm(delay_ns);
		else
			pit_arm(delay_ns);
	}
	arch_irq_restore(flags);
}

/* The hardware is idle now: forget what it was armed with, first of all. */
void oneshot_interrupt(void)
{
	armed_ns = FOREVER;
	machine_timer_interrupt();
}
