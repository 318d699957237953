/*
 * screen.c - a text screen in memory that understands escape sequences.
 *
 * A character in the last column leaves the cursor behind the character, on the
 * same line; the next character goes to the next line first. So 80 characters
 * and a newline take one line, as on a VT100.
 */
#include "arch/i686/screen.h"
#include "kernel/lib/string.h"

#define ESC		0x1b
#define TAB_STOPS	8
#define WHITE		7
#define BLACK		0
#define BRIGHT		8

/* ANSI colours begin with red, VGA colours with blue. */
static const uint8_t vga_colour[8] = { 0, 4, 2, 6, 1, 5, 3, 7 };

static uint16_t cell(const struct screen *screen, char c)
{
	uint8_t front = vga_colour[screen->foreground & 7] |
			(screen->foreground & BRIGHT);
	uint8_t back = vga_colour[screen->background & 7];

	if (screen->is_inverse) {
		uint8_t swap = front & 7;

		front = back;
		back = swap;
	}
	return (uint8_t)c | front << 8 | back << 12;
}

/* Clear the cells from index `from` up to `to`, in the current colours. */
static void clear(struct screen *screen, unsigned from, unsigned to)
{
	uint16_t blank = cell(screen, ' ');

	while (from < to)
		screen->cells[from++] = blank;
}

static unsigned cursor_cell(const struct screen *screen)
{
	return screen->row * SCREEN_COLUMNS +
	       MIN(screen->column, SCREEN_COLUMNS - 1);
}

static void line_feed(struct screen *screen)
{
	if (screen->row < SCREEN_ROWS - 1) {
		screen->row++;
		return;
	}
	memmove(screen->cells, screen->cells + SCREEN_COLUMNS,
		(SCREEN_CELLS - SCREEN_COLUMNS) * sizeof(uint16_t));
	clear(screen, SCREEN_CELLS - SCREEN_COLUMNS, SCREEN_CELLS);
}

static void put(struct screen *screen, char c)
{
	if (screen->column >= SCREEN_COLUMNS) {
		screen->column = 0;
		line_feed(screen);
	}
	screen->cells[cursor_cell(screen)] = cell(screen, c);
	screen->column++;
}

static void put_control(struct screen *screen, char c)
{
	switch (c) {
	case '\b':
		if (screen->column > 0)
			screen->column--;
		return;
	case '\t':
		screen->column = MIN(ALIGN_UP(screen->column + 1, TAB_STOPS),
				     SCREEN_COLUMNS - 1);
		return;
	case '\n':
		line_feed(screen);
		return;
	case '\r':
		screen->column = 0;
		return;
	case ESC:
		screen->escape = ESCAPE_SEEN;
		return;
	}
}

/* A number of the sequence; a missing number or 0 counts as `otherwise`. */
static unsigned number(const struct screen *screen, unsigned index,
		       unsigned otherwise)
{
	if (index >= screen->number_count || screen->numbers[index] == 0)
		return otherwise;
	return screen->numbers[index];
}

static void place(struct screen *screen, int row, int column)
{
	screen->row = MAX(0, MIN(row, SCREEN_ROWS - 1));
	screen->column = MAX(0, MIN(column, SCREEN_COLUMNS - 1));
}

/* J: 0 to the end, 1 from the start, 2 all; K the same within the line. */
static void clear_part(struct screen *screen, unsigned start, unsigned end)
{
	unsigned here = cursor_cell(screen);

	switch (number(screen, 0, 0)) {
	case 0:
		clear(screen, here, end);
		return;
	case 1:
		clear(screen, start, here + 1);
		return;
	case 2:
	case 3:
		clear(screen, start, end);
		return;
	}
}

static void reset_colours(struct screen *screen)
{
	screen->foreground = WHITE;
	screen->background = BLACK;
	screen->is_inverse = false;
}

static void set_colour(struct screen *screen, unsigned code)
{
	if (code == 0)
		reset_colours(screen);
	else if (code == 1)
		screen->foreground |= BRIGHT;
	else if (code == 22)
		screen->foreground &= ~BRIGHT;
	else if (code == 7)
		screen->is_inverse = true;
	else if (code == 27)
		screen->is_inverse = false;
	else if (code >= 30 && code <= 37)
		screen->foreground = (screen->foreground & BRIGHT) |
				     (code - 30);
	else if (code == 39)
		screen->foreground = (screen->foreground & BRIGHT) | WHITE;
	else if (code >= 40 && code <= 47)
		screen->background = code - 40;
	else if (code == 49)
		screen->background = BLACK;
	else if (code >= 90 && code <= 97)
		screen->foreground = BRIGHT | (code - 90);
}

static void set_colours(struct screen *screen)
{
	if (screen->number_count == 0)
		reset_colours(screen);
	for (unsigned i = 0; i < screen->number_count; i++)
		set_colour(screen, screen->numbers[i]);
}

static void set_mode(struct screen *screen, char final)
{
	if (screen->is_private && number(screen, 0, 0) == 25)
		screen->cursor_is_hidden = final == 'l';
}

static void run_sequence(struct screen *screen, char final)
{
	int count = number(screen, 0, 1);
	unsigned line = screen->row * SCREEN_COLUMNS;

	switch (final) {
	case 'A':
		place(screen, screen->row - count, screen->column);
		return;
	case 'B':
		place(screen, screen->row + count, screen->column);
		return;
	case 'C':
		place(screen, screen->row, screen->column + count);
		return;
	case 'D':
		place(screen, screen->row, screen->column - count);
		return;
	case 'G':
		place(screen, screen->row, count - 1);
		return;
	case 'H':
	case 'f':
		place(screen, count - 1, (int)number(screen, 1, 1) - 1);
		return;
	case 'J':
		clear_part(screen, 0, SCREEN_CELLS);
		return;
	case 'K':
		clear_part(screen, line, line + SCREEN_COLUMNS);
		return;
	case 'm':
		set_colours(screen);
		return;
	case 'h':
	case 'l':
		set_mode(screen, final);
		return;
	}
}

/* Begin the next number, at 0. */
static void next_number(struct screen *screen)
{
	if (screen->number_count < ESCAPE_NUMBERS)
		screen->numbers[screen->number_count] = 0;
	screen->number_count++;
}

static void add_digit(struct screen *screen, char digit)
{
	uint16_t *at;

	if (screen->number_count == 0)
		next_number(screen);
	if (screen->number_count > ESCAPE_NUMBERS)
		return;
	at = &screen->numbers[screen->number_count - 1];
	*at = MIN(*at * 10 + digit - '0', 9999);
}

/* The byte behind ESC. */
static void begin_escape(struct screen *screen, char c)
{
	screen->escape = c == '[' ? ESCAPE_BRACKET : ESCAPE_NONE;
	screen->number_count = 0;
	screen->is_private = false;
	if (c == '7') {
		screen->saved_row = screen->row;
		screen->saved_column = screen->column;
	} else if (c == '8') {
		screen->row = screen->saved_row;
		screen->column = screen->saved_column;
	}
}

/* One byte of an escape sequence; a final byte is from @ to ~. */
static void take_escape(struct screen *screen, char c)
{
	if (screen->escape == ESCAPE_SEEN) {
		begin_escape(screen, c);
		return;
	}
	if (c >= '0' && c <= '9') {
		add_digit(screen, c);
	} else if (c == ';') {
		if (screen->number_count == 0)
			next_number(screen);
		if (screen->number_count <= ESCAPE_NUMBERS)
			next_number(screen);
	} else if (c == '?') {
		screen->is_private = true;
	} else if (c >= '@' && c <= '~') {
		screen->escape = ESCAPE_NONE;
		screen->number_count = MIN(screen->number_count,
					   ESCAPE_NUMBERS);
		run_sequence(screen, c);
	} else if (c < ' ') {
		screen->escape = ESCAPE_NONE;
	}
}

void screen_init(struct screen *screen, uint16_t *cells)
{
	memset(screen, 0, sizeof(*screen));
	screen->cells = cells;
	reset_colours(screen);
	clear(screen, 0, SCREEN_CELLS);
}

void screen_write(struct screen *screen, const char *bytes, size_t length)
{
	for (; length > 0; bytes++, length--) {
		if (screen->escape != ESCAPE_NONE)
			take_escape(screen, *bytes);
		else if ((uint8_t)*bytes >= ' ' && *bytes != 0x7f)
			put(screen, *bytes);
		else
			put_control(screen, *bytes);
	}
}
