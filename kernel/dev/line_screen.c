/*
 * line_screen.c - the line discipline: what the screen shows.
 *
 * Output and echo go through the same function, which counts the columns. If
 * the width of the window is known, a longer line goes on in the next row.
 * Terminals move the cursor behind the last column in different ways. So echo
 * moves the cursor to the next row at once, and erasing goes back up. A column
 * counts on from the first row.
 */
#include "kernel/dev/line_screen.h"
#include "kernel/lib/string.h"

#define TO_NEXT_ROW	" \r"
#define TO_LAST_COLUMN	"\033[A\033[999C\033[K"	/* of the row above, wiped */

static bool has_mode(const struct line_screen *screen, tcflag_t mode)
{
	return screen->modes.c_lflag & mode;
}

static bool is_control(uint8_t byte)
{
	return byte < ' ' || byte == DELETE;
}

/* Does the byte belong to an escape sequence, which takes no column? */
static bool is_in_escape(struct line_screen *screen, uint8_t byte)
{
	switch (screen->escape) {
	case ESCAPE_NONE:
		screen->escape = byte == '\033' ? ESCAPE_SEEN : ESCAPE_NONE;
		return false;
	case ESCAPE_SEEN:
		screen->escape = byte == '[' ? ESCAPE_BRACKET : ESCAPE_NONE;
		return true;
	case ESCAPE_BRACKET:
		if (byte >= '@' && byte <= '~')
			screen->escape = ESCAPE_NONE;
		if (byte == 'H')	/* most often the first column */
			screen->column = 0;
		return true;
	}
	return false;
}

static void track_column(struct line_screen *screen, uint8_t byte)
{
	if (is_in_escape(screen, byte))
		return;
	if (byte == '\t')
		screen->column = (screen->column / TAB_STOPS + 1) * TAB_STOPS;
	else if (byte == '\r' || byte == '\n')
		screen->column = 0;
	else if (byte == '\b')
		screen->column -= screen->column > 0;
	else if (!is_control(byte) && !line_is_continuation(byte))
		screen->column++;
}

/* What OPOST makes of a control character: at most TAB_STOPS bytes. */
static size_t process(struct line_screen *screen, char byte, char *to)
{
	tcflag_t modes = screen->modes.c_oflag;
	size_t n = 0;

	if (byte == '\r' && modes & ONOCR && screen->column == 0)
		return 0;
	if (byte == '\n' && modes & ONLCR)
		to[n++] = '\r';
	else if (byte == '\r' && modes & OCRNL)
		byte = '\n';
	if (byte == '\t' && (modes & TABDLY) == TAB3) {
		n = TAB_STOPS - screen->column % TAB_STOPS;
		memset(to, ' ', n);
	} else {
		to[n++] = byte;
	}
	track_column(screen, byte);
	return n;
}

void line_output(struct line_screen *screen, const char *bytes, size_t length)
{
	bool processes = screen->modes.c_oflag & OPOST;
	char buffer[128];
	size_t filled = 0;

	for (; length > 0; bytes++, length--) {
		if (filled + TAB_STOPS > sizeof(buffer)) {
			screen->output(screen, buffer, filled);
			filled = 0;
		}
		if (processes && is_control(*bytes)) {
			filled += process(screen, *bytes, buffer + filled);
			continue;
		}
		buffer[filled++] = *bytes;
		track_column(screen, *bytes);
	}
	if (filled > 0)
		screen->output(screen, buffer, filled);
}

/* ---- Echo --------------------------------------------------------------- */

/* Is the cursor at the start of a row that continues a line? */
static bool is_row_start(const struct line_screen *screen)
{
	return screen->columns > 0 && screen->column > 0 &&
	       screen->column % screen->columns == 0;
}

/* ctrl+C shows as ^C; tab and newline go to the screen unchanged. */
void line_echo(struct line_screen *screen, uint8_t byte)
{
	char text[2] = { '^', byte ^ 0x40 };

	if (!has_mode(screen, ECHO) &&
	    !(byte == '\n' && has_mode(screen, ECHONL)))
		return;
	if (has_mode(screen, ECHOCTL) && is_control(byte) && byte != '\t' &&
	    byte != '\n')
		line_output(screen, text, 2);
	else
		line_output(screen, (const char *)&byte, 1);
	if (is_row_start(screen))
		screen->output(screen, TO_NEXT_ROW, sizeof(TO_NEXT_ROW) - 1);
}

uint32_t line_width(const struct line_screen *screen, uint8_t byte)
{
	if (byte == '\t')
		return TAB_STOPS - screen->column % TAB_STOPS;
	if (is_control(byte))
		return has_mode(screen, ECHOCTL) ? 2 : 0;
	return line_is_continuation(byte) ? 0 : 1;
}

static void wipe_column(struct line_screen *screen, const char *with)
{
	if (!is_row_start(screen)) {
		line_output(screen, with, strlen(with));
		return;
	}
	screen->output(screen, TO_LAST_COLUMN, sizeof(TO_LAST_COLUMN) - 1);
	screen->column--;
}

void line_wipe(struct line_screen *screen, uint32_t columns, bool are_blank)
{
	while (columns-- > 0)
		wipe_column(screen, are_blank ? "\b" : "\b \b");
}
