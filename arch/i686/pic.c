/*
 * pic.c - the two 8259 interrupt controllers of a PC.
 *
 * At reset the interrupts use the vectors of processor exceptions, so the
 * driver moves the vectors. A line may go away before the processor asks for
 * the vector. Then the controller answers with the lowest line, 7, but does not
 * note the line as in service. The end of such an interrupt would end a real
 * interrupt in progress.
 */
#include "arch/i686/io.h"
#include "arch/i686/pic.h"
#include "arch/i686/processor.h"

#define MASTER_COMMAND	0x20
#define MASTER_DATA	0x21
#define SLAVE_COMMAND	0xa0
#define SLAVE_DATA	0xa1

#define ICW1_START	0x11	/* edge triggered, cascaded, ICW4 follows */
#define ICW4_8086	0x01
#define OCW2_END	0x20	/* of the interrupt with the highest priority */
#define OCW3_READ_SERVICE 0x0b	/* the next read gives what is in service */

static uint16_t masked = 0xffff;	/* [I] one bit per line */

static void write_masks(void)
{
	outb(MASTER_DATA, masked & 0xff);
	outb(SLAVE_DATA, masked >> 8);
}

void pic_init(void)
{
	outb(MASTER_COMMAND, ICW1_START);
	io_wait();
	outb(SLAVE_COMMAND, ICW1_START);
	io_wait();
	outb(MASTER_DATA, VECTOR_IRQ);
	io_wait();
	outb(SLAVE_DATA, VECTOR_IRQ + 8);
	io_wait();
	outb(MASTER_DATA, 1 << IRQ_CASCADE);
	io_wait();
	outb(SLAVE_DATA, IRQ_CASCADE);
	io_wait();
	outb(MASTER_DATA, ICW4_8086);
	io_wait();
	outb(SLAVE_DATA, ICW4_8086);
	io_wait();
	masked = 0xffff & ~(1u << IRQ_CASCADE);
	write_masks();
}

void pic_unmask(unsigned irq)
{
	masked &= ~(1u << irq);
	write_masks();
}

void pic_end_of_interrupt(unsigned irq)
{
	if (irq >= 8)
		outb(SLAVE_COMMAND, OCW2_END);
	outb(MASTER_COMMAND, OCW2_END);
}

bool pic_is_spurious(unsigned irq)
{
	if (irq == IRQ_MASTER_SPURIOUS) {
		outb(MASTER_COMMAND, OCW3_READ_SERVICE);
		return !(inb(MASTER_COMMAND) & 0x80);
	}
	if (irq != IRQ_SLAVE_SPURIOUS)
		return false;
	outb(SLAVE_COMMAND, OCW3_READ_SERVICE);
	if (inb(SLAVE_COMMAND) & 0x80)
		return false;
	/* The master has seen a real interrupt on its cascade line. */
	outb(MASTER_COMMAND, OCW2_END);
	return true;
}
