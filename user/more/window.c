/*
 * window.c - the part of the text in the window.
 *
 * The last row is the prompt's. Going forward prints more rows, and the
 * terminal moves the earlier rows up, so that the terminal can scroll back. All
 * other moves paint the window anew.
 */
#include <stdio.h>
#include <string.h>
#include <termios.h>

#include "user/more/more.h"

#define ROWS_USUAL	24
#define COLUMNS_USUAL	80

static size_t rows = ROWS_USUAL - 1, columns = COLUMNS_USUAL;
static struct place top;	/* the first row in the window */
static struct place bottom;	/* the first line behind the window */
static size_t shown;		/* rows of text in the window */

/* Ask for the size. The character at the top left stays there. */
void window_measure(int terminal)
{
	struct winsize size;
	size_t at = top.row * columns;

	if (tcgetwinsize(terminal, &size) < 0 || size.ws_row < 2 ||
	    size.ws_col < 1)
		return;
	rows = size.ws_row - 1;
	columns = size.ws_col;
	top.row = at / columns;
}

/* Rows for the text in the window. */
size_t window_rows(void)
{
	return rows;
}

/* The number of the line at the top. */
size_t window_top(void)
{
	return top.line;
}

/* The text behind so many characters; in UTF-8 no character begins with a byte
   10xxxxxx. */
static const char *skip(const char *text, size_t characters)
{
	for (; *text; text++)
		if ((*text & 0xc0) != 0x80 && characters-- == 0)
			break;
	return text;
}

static const char *text_at(struct place at)
{
	return skip(text_line(at.line), at.row * columns);
}

static void step_forward(struct place *at)
{
	at->row++;
	if (*text_at(*at))
		return;
	at->line++;
	at->row = 0;
}

/* Returns false at the beginning of the text. */
static bool step_back(struct place *at)
{
	struct place next;

	if (at->row > 0) {
		at->row--;
		return true;
	}
	if (at->line == 0)
		return false;
	at->line--;
	for (next = *at; step_forward(&next), next.line == at->line; )
		*at = next;
	return true;
}

bool window_is_at_end(void)
{
	return !text_line(bottom.line);
}

void window_forward(size_t wanted)
{
	const char *from, *to;

	for (; wanted > 0 && !window_is_at_end(); wanted--) {
		from = text_at(bottom);
		to = skip(from, columns);
		fwrite(from, 1, to - from, stdout);
		putchar('\n');
		step_forward(&bottom);
		if (shown < rows)
			shown++;
		else
			step_forward(&top);
	}
}

void window_paint(void)
{
	fputs("\033[H\033[2J", stdout);
	bottom = top;
	shown = 0;
	window_forward(rows);
}

void window_go(struct place to)
{
	top = to;
	window_paint();
}

void window_back(size_t wanted)
{
	struct place to = top;
	size_t moved = 0;

	while (moved < wanted && step_back(&to))
		moved++;
	if (moved > 0)
		window_go(to);
}

/* In the last row; NULL removes the prompt. A long text shows its end. */
void window_prompt(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	fputs("\r\033[K", stdout);
	if (length >= columns)
		text += length - columns + 1;
	if (text)
		printf("\033[7m%s\033[m", text);
	fflush(stdout);
}
