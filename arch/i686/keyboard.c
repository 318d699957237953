/*
 * keyboard.c - the PS/2 keyboard behind its i8042 controller.
 *
 * The controller has translated to scan code set 1 since the AT; the driver
 * only sets the bit again. Every wait is bounded: a machine without a
 * controller reads as 0xff, and boots without a keyboard.
 */
#include "arch/i686/drivers.h"
#include "arch/i686/io.h"
#include "arch/i686/keymap.h"
#include "arch/i686/pic.h"
#include "kernel/machine.h"

#define DATA			0x60
#define STATUS			0x64
#define COMMAND			0x64

#define STATUS_OUTPUT		0x01	/* a byte for us */
#define STATUS_BUSY		0x02	/* our last byte is not taken yet */
#define STATUS_MOUSE		0x20	/* the byte is the mouse's */

#define COMMAND_READ_MODE	0x20
#define COMMAND_WRITE_MODE	0x60
#define COMMAND_DISABLE_MOUSE	0xa7
#define COMMAND_ENABLE		0xae
#define MODE_INTERRUPT		0x01
#define MODE_MOUSE_INTERRUPT	0x02
#define MODE_DISABLED		0x10
#define MODE_TRANSLATE		0x40
#define KEYBOARD_ENABLE_SCANNING 0xf4
#define KEYBOARD_ACKNOWLEDGE	0xfa

#define MOST_POLLS		10000

#define KEY_SCROLL_LOCK		0x46

static struct keymap keymap;

/* Wait until the bits of the status have these values. */
static bool wait_status(uint8_t bits, uint8_t values)
{
	for (unsigned polls = 0; polls < MOST_POLLS; polls++) {
		if ((inb(STATUS) & bits) == values)
			return true;
	}
	return false;
}

static void drop_input(void)
{
	for (unsigned i = 0; i < 64 && inb(STATUS) & STATUS_OUTPUT; i++)
		inb(DATA);
}

static bool send(uint16_t port, uint8_t byte)
{
	if (!wait_status(STATUS_BUSY, 0))
		return false;
	outb(port, byte);
	return true;
}

static int receive(void)
{
	if (!wait_status(STATUS_OUTPUT, STATUS_OUTPUT))
		return -1;
	return inb(DATA);
}

/* The controller's own settings; false when no controller answers. */
static bool set_mode(void)
{
	int mode;

	if (!send(COMMAND, COMMAND_READ_MODE))
		return false;
	mode = receive();
	if (mode < 0)
		return false;
	mode |= MODE_INTERRUPT | MODE_TRANSLATE;
	mode &= ~(MODE_MOUSE_INTERRUPT | MODE_DISABLED);
	return send(COMMAND, COMMAND_WRITE_MODE) && send(DATA, mode);
}

void keyboard_init(void)
{
	if (inb(STATUS) == 0xff)
		return;
	drop_input();
	send(COMMAND, COMMAND_DISABLE_MOUSE);
	if (!set_mode())
		return;
	send(COMMAND, COMMAND_ENABLE);
	send(DATA, KEYBOARD_ENABLE_SCANNING);
	/* The answer may be late: the interrupt handler ignores answers. */
	pic_unmask(IRQ_KEYBOARD);
}

/* An acknowledgement is no key, but would read as the release of 0x7a. */
static void take_code(uint8_t code)
{
	char bytes[KEY_BYTES];
	size_t length;

	if (code == KEYBOARD_ACKNOWLEDGE)
		return;
	if (code == KEY_SCROLL_LOCK)
		machine_report_wanted();
	length = keymap_decode(&keymap, code, bytes);
	for (size_t i = 0; i < length; i++)
		machine_console_input(bytes[i]);
}

void keyboard_interrupt(void)
{
	for (unsigned i = 0; i < 64; i++) {
		uint8_t status = inb(STATUS);

		if (!(status & STATUS_OUTPUT))
			return;
		if (status & STATUS_MOUSE)
			inb(DATA);
		else
			take_code(inb(DATA));
	}
}
