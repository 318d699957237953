/*
 * pic.h - the two 8259 interrupt controllers of a PC.
 */
#pragma once

#include "kernel/lib/types.h"

enum {
	IRQ_TIMER = 0,
	IRQ_KEYBOARD = 1,
	IRQ_CASCADE = 2,	/* where the second controller hangs */
	IRQ_SERIAL = 4,		/* COM1 and COM3 */
	IRQ_MASTER_SPURIOUS = 7,
	IRQ_SLAVE_SPURIOUS = 15,
	IRQ_LINES = 16
};

/* Move the lines to vectors VECTOR_IRQ and up, all masked. */
void pic_init(void);
void pic_unmask(unsigned irq);
/* The handler is done: end the interrupt at the controllers. */
void pic_end_of_interrupt(unsigned irq);
/* Is this interrupt spurious? Then do not handle or end the interrupt: this
 * function has done all that the controllers need. */
bool pic_is_spurious(unsigned irq);
