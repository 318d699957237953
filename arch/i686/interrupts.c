/*
 * interrupts.c - from an interrupt vector to its driver.
 *
 * All handlers run with interrupts masked, and no handler switches tasks:
 * handlers put bytes into rings and note work. The interrupt is ended before
 * the trap code may switch. Otherwise the next task would run with the line
 * closed.
 */
#include "arch/i686/clock.h"
#include "arch/i686/drivers.h"
#include "arch/i686/pic.h"
#include "arch/i686/processor.h"

static void (*const handlers[IRQ_LINES])(void) = {
	[IRQ_TIMER] = oneshot_interrupt,
	[IRQ_KEYBOARD] = keyboard_interrupt,
	[IRQ_SERIAL] = serial_interrupt,
};

void interrupt_dispatch(unsigned vector)
{
	unsigned irq = vector - VECTOR_IRQ;

	if (vector == VECTOR_APIC_TIMER) {
		oneshot_interrupt();
		apic_end_of_interrupt();
		return;
	}
	/* The local APIC's spurious interrupt must not be ended either. */
	if (irq >= IRQ_LINES || pic_is_spurious(irq))
		return;
	if (handlers[irq])
		handlers[irq]();
	bus_interrupt(irq);
	pic_end_of_interrupt(irq);
}
