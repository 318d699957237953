/*
 * pci.c - the devices on the PCI bus, and the interrupts that they share.
 *
 * Each function of a device has 256 bytes of configuration: which device it is,
 * where the registers of the device lie, and which interrupt line the device
 * pulls. The firmware has filled in places and lines before the kernel starts,
 * so the kernel only reads. A configuration word is reached through two ports:
 * the address goes to the first port, then the word is at the second port.
 *
 * A line is level triggered, and several devices may share a line. So each
 * handler of the line runs, and each handler asks its device whether the device
 * has pulled the line; asking also lets the line go.
 *
 * PCI Local Bus Specification 3.0, chapter 6 and section 3.2.2.3.
 */
#include "arch/arch.h"
#include "arch/i686/drivers.h"
#include "arch/i686/io.h"
#include "arch/i686/pic.h"

#define CONFIG_ADDRESS	0xcf8
#define CONFIG_DATA	0xcfc
#define CONFIG_ENABLE	0x80000000u

#define PLACES		(256 * 32)	/* buses, and devices on each bus */
#define PLACES_OF_BUS	32

/* Offsets of configuration words. */
#define WORD_ID		0x00		/* device << 16 | vendor */
#define WORD_COMMAND	0x04
#define WORD_BAR0	0x10		/* the first range of registers */
#define WORD_INTERRUPT	0x3c

#define NO_DEVICE	0xffffffffu
#define COMMAND_PORTS	0x01		/* answer to ports */
#define COMMAND_MASTER	0x04		/* may read and write memory */
#define BAR_IS_PORTS	0x01

static struct bus_interrupt *handlers[IRQ_LINES];	/* [I] */

static uint32_t config_read(unsigned place, unsigned word)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE | place << 11 | word);
	return inl(CONFIG_DATA);
}

static void config_write(unsigned place, unsigned word, uint32_t value)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE | place << 11 | word);
	outl(CONFIG_DATA, value);
}

/* The firmware numbers the buses without gaps: a bus without any device is
 * behind the last. Of each device, the first function counts. */
static unsigned find_place(uint32_t wanted)
{
	bool bus_is_empty = true;
	unsigned place;
	uint32_t id;

	for (place = 0; place < PLACES; place++) {
		id = config_read(place, WORD_ID);
		if (id == wanted)
			return place;
		bus_is_empty &= id == NO_DEVICE;
		if (place % PLACES_OF_BUS < PLACES_OF_BUS - 1)
			continue;
		if (bus_is_empty)
			break;
		bus_is_empty = true;
	}
	return PLACES;
}

bool arch_bus_find(uint16_t vendor, uint16_t device, struct bus_device *found)
{
	unsigned place = find_place((uint32_t)device << 16 | vendor);
	uint32_t bar;

	if (place == PLACES)
		return false;
	bar = config_read(place, WORD_BAR0);
	found->irq = config_read(place, WORD_INTERRUPT);
	if (!(bar & BAR_IS_PORTS) || found->irq >= IRQ_LINES)
		return false;
	found->port = bar & ~3u;
	config_write(place, WORD_COMMAND, config_read(place, WORD_COMMAND) |
		     COMMAND_PORTS | COMMAND_MASTER);
	return true;
}

void arch_bus_attach(unsigned irq, struct bus_interrupt *interrupt)
{
	uint32_t flags = arch_irq_save();

	interrupt->next = handlers[irq];
	handlers[irq] = interrupt;
	pic_unmask(irq);
	arch_irq_restore(flags);
}

void bus_interrupt(unsigned irq)
{
	struct bus_interrupt *interrupt;

	for (interrupt = handlers[irq]; interrupt; interrupt = interrupt->next)
		interrupt->run(interrupt);
}

uint32_t arch_port_read(uint16_t port, unsigned bytes)
{
	return bytes == 1 ? inb(port) : bytes == 2 ? inw(port) : inl(port);
}

void arch_port_write(uint16_t port, unsigned bytes, uint32_t value)
{
	if (bytes == 1)
		outb(port, value);
	else if (bytes == 2)
		outw(port, value);
	else
		outl(port, value);
}
