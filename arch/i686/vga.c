/*
 * vga.c - the text screen of a VGA card: 80 columns, 25 rows.
 *
 * The card shows its memory, so drawing is writing there. The cursor is the
 * card's own. Without a card nothing answers at the address, and the kernel
 * draws nothing.
 */
#include "arch/arch.h"
#include "arch/i686/drivers.h"
#include "arch/i686/io.h"
#include "arch/i686/screen.h"

#define TEXT_MEMORY_PA		0xb8000u
#define CRTC_INDEX		0x3d4
#define CRTC_DATA		0x3d5
#define CRTC_CURSOR_START	0x0a
#define CRTC_CURSOR_HIGH	0x0e
#define CRTC_CURSOR_LOW		0x0f
#define CURSOR_OFF		0x20
#define CURSOR_LINE		14	/* of 16: an underline */

static struct screen screen;
static bool is_present;
static uint32_t cursor_shown;		/* what the card has been told */

static void crtc_write(uint8_t index, uint8_t value)
{
	outb(CRTC_INDEX, index);
	outb(CRTC_DATA, value);
}

static uint32_t cursor_wanted(void)
{
	if (screen.cursor_is_hidden)
		return UINT32_MAX;
	return screen.row * SCREEN_COLUMNS +
	       MIN(screen.column, SCREEN_COLUMNS - 1);
}

/* A port access is slow in an emulator: only when something changed. */
static void show_cursor(void)
{
	uint32_t wanted = cursor_wanted();

	if (wanted == cursor_shown)
		return;
	if (wanted == UINT32_MAX || cursor_shown == UINT32_MAX)
		crtc_write(CRTC_CURSOR_START,
			   CURSOR_LINE | (screen.cursor_is_hidden ?
					  CURSOR_OFF : 0));
	cursor_shown = wanted;
	if (wanted == UINT32_MAX)
		return;
	crtc_write(CRTC_CURSOR_HIGH, wanted >> 8);
	crtc_write(CRTC_CURSOR_LOW, wanted & 0xff);
}

static bool memory_answers(volatile uint16_t *memory)
{
	memory[0] = 0x0755;
	memory[1] = 0x07aa;
	return memory[0] == 0x0755 && memory[1] == 0x07aa;
}

void vga_init(void)
{
	uint16_t *memory = phys_to_virt(TEXT_MEMORY_PA);

	is_present = memory_answers(memory);
	if (!is_present)
		return;
	screen_init(&screen, memory);
	cursor_shown = UINT32_MAX;
	show_cursor();
}

/* The terminal is both: a serial line and the screen. */
void arch_console_write(const char *bytes, size_t length)
{
	serial_console_write(bytes, length);
	if (!is_present)
		return;
	screen_write(&screen, bytes, length);
	show_cursor();
}
