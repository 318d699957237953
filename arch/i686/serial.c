/*
 * serial.c - the serial ports: COM1 the terminal, COM2 the log, COM3 the host,
 * COM4 the trace.
 *
 * Output is polled: an emulated UART is ready at once, and when the host does
 * not read, the kernel should wait. Input comes by interrupt. COM1 and COM3
 * share a line whose controller sees edges only: when COM1 asks while COM3 is
 * being served, no new edge comes. So the handler repeats until both UARTs are
 * quiet.
 *
 * When the kernel has no room for host input, the port's interrupt is switched
 * off with one byte in hand. The UART fills up, and QEMU holds back the rest.
 */
#include "arch/arch.h"
#include "arch/i686/drivers.h"
#include "arch/i686/io.h"
#include "arch/i686/pic.h"
#include "kernel/machine.h"

/* Registers, from the port's base. */
#define DATA		0
#define INTERRUPTS	1	/* which may come */
#define REASON		2	/* read: why one came */
#define FIFO		2	/* write */
#define LINE		3
#define MODEM		4
#define STATUS		5
#define SCRATCH		7

#define INTERRUPT_INPUT		0x01
#define REASON_NONE		0x01
#define FIFO_ON			0xc7	/* cleared, interrupt at 14 bytes */
#define FIFO_BYTES		16
#define LINE_8N1		0x03
#define LINE_DIVISOR		0x80
#define MODEM_READY		0x0b	/* DTR, RTS, and OUT2: interrupts */
#define STATUS_INPUT		0x01
#define STATUS_OUTPUT_EMPTY	0x20

/* Looks at a full UART until the UART counts as stuck; then each byte gets one
 * look until the UART has room again. Minutes in an emulator. */
#define MOST_POLLS	200000000u

struct uart {
	uint16_t port;		/* [const] */
	bool is_present;	/* [const] */
	bool is_stuck;		/* [P] the host did not read */
	bool input_held;	/* [I] held_byte is yet to be handed up */
	uint8_t held_byte;	/* [I] */
};

static struct uart com1 = { .port = 0x3f8 };
static struct uart com2 = { .port = 0x2f8 };
static struct uart com3 = { .port = 0x3e8 };
static struct uart com4 = { .port = 0x2e8 };

static bool has_input(const struct uart *uart)
{
	return inb(uart->port + STATUS) & STATUS_INPUT;
}

/* 115200 bits per second. */
static void uart_init(struct uart *uart)
{
	uint16_t port = uart->port;

	outb(port + SCRATCH, 0x5a);
	if (inb(port + SCRATCH) != 0x5a)
		return;
	outb(port + INTERRUPTS, 0);
	outb(port + LINE, LINE_DIVISOR);
	outb(port + DATA, 1);
	outb(port + INTERRUPTS, 0);
	outb(port + LINE, LINE_8N1);
	/* Switching the FIFO on would drop an early byte. */
	if (has_input(uart)) {
		uart->held_byte = inb(port + DATA);
		uart->input_held = true;
	}
	outb(port + FIFO, FIFO_ON);
	outb(port + MODEM, MODEM_READY);
	uart->is_present = true;
}

void serial_init(void)
{
	uart_init(&com1);
	uart_init(&com2);
	uart_init(&com3);
	uart_init(&com4);
}

/* Wait until the output FIFO is empty; false: the UART is stuck. */
static bool uart_is_ready(struct uart *uart)
{
	uint32_t polls = uart->is_stuck ? 1 : MOST_POLLS;

	for (; polls > 0; polls--) {
		if (inb(uart->port + STATUS) & STATUS_OUTPUT_EMPTY) {
			uart->is_stuck = false;
			return true;
		}
	}
	uart->is_stuck = true;
	return false;
}

static void uart_write(struct uart *uart, const char *bytes, size_t length)
{
	size_t i = 0;
	size_t end;

	if (!uart->is_present)
		return;
	while (i < length && uart_is_ready(uart)) {
		end = MIN(length, i + FIFO_BYTES);
		for (; i < end; i++)
			outb(uart->port + DATA, bytes[i]);
	}
}

void serial_console_write(const char *bytes, size_t length)
{
	uart_write(&com1, bytes, length);
}

void arch_log_write(const char *bytes, size_t length)
{
	uart_write(&com2, bytes, length);
}

void arch_host_write(const char *bytes, size_t length)
{
	uart_write(&com3, bytes, length);
}

bool arch_host_is_present(void)
{
	return com3.is_present;
}

void arch_trace_write(const char *bytes, size_t length)
{
	uart_write(&com4, bytes, length);
}

bool arch_trace_is_present(void)
{
	return com4.is_present;
}

void serial_input_init(void)
{
	if (com1.is_present)
		outb(com1.port + INTERRUPTS, INTERRUPT_INPUT);
	if (com3.is_present)
		outb(com3.port + INTERRUPTS, INTERRUPT_INPUT);
	if (com1.is_present || com3.is_present)
		pic_unmask(IRQ_SERIAL);
	if (com1.input_held)
		machine_console_input(com1.held_byte);
	arch_host_input_resume();
}

static void take_console_input(void)
{
	while (has_input(&com1))
		machine_console_input(inb(com1.port + DATA));
}

/* Hand bytes up until there are no more, or no room. */
static void take_host_input(void)
{
	uint8_t byte;

	while (!com3.input_held && has_input(&com3)) {
		byte = inb(com3.port + DATA);
		if (machine_host_input(byte))
			continue;
		com3.held_byte = byte;
		com3.input_held = true;
		outb(com3.port + INTERRUPTS, 0);
	}
}

/* Reading the reason acknowledges what is not input. */
static bool wants_service(const struct uart *uart)
{
	return uart->is_present &&
	       !(inb(uart->port + REASON) & REASON_NONE);
}

/* A UART that never stops asking must not stop the machine. */
void serial_interrupt(void)
{
	for (unsigned rounds = 0; rounds < 1000; rounds++) {
		bool first = wants_service(&com1);
		bool second = wants_service(&com3);

		if (!first && !second)
			return;
		if (first)
			take_console_input();
		if (second)
			take_host_input();
	}
}

/* The held byte first, then the bytes in the FIFO. Switching the interrupt on
 * again makes the edge for later bytes. */
void arch_host_input_resume(void)
{
	uint32_t flags = arch_irq_save();

	if (com3.input_held && machine_host_input(com3.held_byte)) {
		com3.input_held = false;
		outb(com3.port + INTERRUPTS, INTERRUPT_INPUT);
		take_host_input();
	}
	arch_irq_restore(flags);
}
