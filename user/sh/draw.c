/*
 * draw.c - show the line in the editor.
 *
 * Prompt, text, rest of the row erased, cursor put in its place. Of a line
 * longer than the row, the part with the cursor is shown; < or > mark the rest:
 *
 *	$ <e middle of a long li>
 *
 * The whole line never takes more than one row during editing. So the way a
 * terminal breaks rows does not matter, nor does a new size of its window. The
 * complete line is written out in full.
 *
 * The escape sequences are known to every terminal: ESC[K erases to the end of
 * the row, ESC[nC moves right. Nothing is written into the last column, where
 * terminals differ. In UTF-8 a character is one column; its bytes behind the
 * first, 10xxxxxx, are stepped over.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "user/sh/edit.h"

#define COLUMNS_USUAL	80
#define COLUMNS_MIN	6	/* prompt, <, a character, >, and the last */
#define SHORT_PROMPT	"$ "	/* where the prompt is too long */
#define ROOM_WANTED	10	/* columns for the line */

void put(const char *text, size_t length)
{
	ssize_t done;

	while (length) {
		done = write(STDERR_FILENO, text, length);
		if (done <= 0)
			return;
		text += done;
		length -= done;
	}
}

static bool begins(char c)
{
	return (c & 0xc0) != 0x80;
}

/* Columns of a text, without escape sequences such as colours. */
static size_t text_columns(const char *text, size_t length)
{
	size_t columns = 0, i;

	for (i = 0; i < length; i++) {
		if (text[i] == ESCAPE && i + 1 < length && text[i + 1] == '[')
			for (i += 2; i < length && text[i] < '@'; i++)
				;
		else
			columns += begins(text[i]);
	}
	return columns;
}

size_t step_left(struct editor *e, size_t at)
{
	while (at && !begins(e->line->data[--at]))
		;
	return at;
}

size_t step_right(struct editor *e, size_t at)
{
	while (at < e->line->length && !begins(e->line->data[++at]))
		;
	return at;
}

size_t terminal_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return COLUMNS_USUAL;
	return size.ws_col < COLUMNS_MIN ? COLUMNS_MIN : size.ws_col;
}

/* How much room there is in this window. */
void measure(struct editor *e)
{
	e->columns = terminal_columns();
	e->prompt = e->whole_prompt;
	e->prompt_columns = text_columns(e->prompt, strlen(e->prompt));
	if (e->prompt_columns + ROOM_WANTED <= e->columns)
		return;
	e->prompt = SHORT_PROMPT;
	e->prompt_columns = strlen(SHORT_PROMPT);
}

/* Columns for the line, < and > among them. */
static size_t room(struct editor *e)
{
	return e->columns - 1 - e->prompt_columns;
}

static size_t columns_between(struct editor *e, size_t from, size_t to)
{
	return text_columns(e->line->data + from, to - from);
}

/* Is all of the line shown? */
bool fits(struct editor *e)
{
	return columns_between(e, 0, e->line->length) <= room(e);
}

/* Choose the first byte to show, so that the cursor is in the window. */
static void scroll(struct editor *e)
{
	size_t left = e->cursor;
	size_t marks = 2 + (e->cursor < e->line->length);	/* and a byte */

	if (fits(e)) {
		e->shown = 0;
		return;
	}
	if (e->cursor <= e->shown) {
		while (left && columns_between(e, left, e->cursor) <
		       room(e) / 2)
			left = step_left(e, left);
		e->shown = left;
	}
	while (columns_between(e, e->shown, e->cursor) + marks > room(e))
		e->shown = step_right(e, e->shown);
}

/* The end of the shown part. */
static size_t shown_end(struct editor *e)
{
	size_t most = room(e) - (e->shown > 0), end = e->shown;

	if (columns_between(e, end, e->line->length) <= most)
		return e->line->length;
	while (columns_between(e, e->shown, end) < most - 1)
		end = step_right(e, end);
	return end;
}

/* The prompt, the part of the line in the window, then the cursor. */
void draw(struct editor *e)
{
	struct text out = { 0 };
	size_t end, column;
	char move[24];

	scroll(e);
	end = shown_end(e);
	text_char(&out, '\r');
	text_add(&out, e->prompt, strlen(e->prompt));
	if (e->shown)
		text_char(&out, '<');
	text_add(&out, e->line->data + e->shown, end - e->shown);
	if (end < e->line->length)
		text_char(&out, '>');
	text_add(&out, "\033[K", 3);
	column = e->prompt_columns + (e->shown > 0) +
		columns_between(e, e->shown, e->cursor);
	snprintf(move, sizeof(move), column ? "\r\033[%zuC" : "\r", column);
	if (e->cursor != e->line->length)
		text_add(&out, move, strlen(move));
	put(out.data, out.length);
	text_free(&out);
}

/* The complete line, in as many rows as the terminal needs. */
void draw_whole(struct editor *e)
{
	bool is_at_end = e->cursor == e->line->length;

	e->cursor = e->line->length;
	if (fits(e)) {
		if (!is_at_end)
			draw(e);
		return;
	}
	put("\r\033[K", 4);
	put(e->prompt, strlen(e->prompt));
	put(e->line->data, e->line->length);
}
