/*
 * edit.c - type and edit a line at a terminal.
 *
 * The terminal is switched to raw: every key arrives at once and is not shown.
 * So the line is drawn here, after each key anew: prompt, text, rest of the
 * row erased, cursor put in its place. A line longer than the row is shown in
 * part, the part that the cursor is in. Only the escape sequences that every
 * terminal knows are used: ESC[K erases to the end of the row, ESC[nC moves
 * right, ESC[2J with ESC[H clears.
 *
 * In UTF-8 a character is one column; its bytes
 * behind the first, 10xxxxxx, are stepped over.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "user/sh/keys.h"

struct editor {
	struct text *line;
	size_t cursor;		/* byte before which the next is inserted */
	size_t shown;		/* first byte that is in the window */
	const char *prompt;
	size_t prompt_columns;
	size_t columns;		/* of the terminal */
	int back;		/* history line in the editor, 0: the new one */
	char *kept;		/* the new line while an old one is shown */
	bool tabbed;		/* the last key was tab */
};

static struct text cut;		/* what ctrl+K, U and W took, for ctrl+Y */

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

static size_t step_left(struct editor *e, size_t at)
{
	while (at && !begins(e->line->data[--at]))
		;
	return at;
}

static size_t step_right(struct editor *e, size_t at)
{
	while (at < e->line->length && !begins(e->line->data[++at]))
		;
	return at;
}

static size_t word_left(struct editor *e)
{
	size_t at = e->cursor;

	while (at && e->line->data[at - 1] == ' ')
		at--;
	while (at && e->line->data[at - 1] != ' ')
		at--;
	return at;
}

static size_t word_right(struct editor *e)
{
	size_t at = e->cursor;

	while (at < e->line->length && e->line->data[at] == ' ')
		at++;
	while (at < e->line->length && e->line->data[at] != ' ')
		at++;
	return at;
}

static void put(const char *text, size_t length)
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

static size_t window(struct editor *e)
{
	size_t used = e->prompt_columns + 1;

	return e->columns > used + 8 ? e->columns - used : 8;
}

/* Move the window so that the cursor is in it. */
static void scroll(struct editor *e)
{
	const char *text = e->line->data;

	if (text_columns(text, e->line->length) <= window(e))
		e->shown = 0;
	if (e->cursor < e->shown)
		e->shown = e->cursor;
	while (text_columns(text + e->shown, e->cursor - e->shown) > window(e))
		e->shown = step_right(e, e->shown);
}

/* The prompt and all of the line that fits, then the cursor. */
static void draw(struct editor *e)
{
	struct text out = { 0 };
	size_t end, column;
	char move[24];

	scroll(e);
	end = e->shown;
	while (end < e->line->length && text_columns(e->line->data + e->shown,
	    end - e->shown) < window(e))
		end = step_right(e, end);
	text_char(&out, '\r');
	text_add(&out, e->prompt, strlen(e->prompt));
	text_add(&out, e->line->data + e->shown, end - e->shown);
	text_add(&out, "\033[K", 3);
	column = e->prompt_columns + text_columns(e->line->data + e->shown,
		e->cursor - e->shown);
	snprintf(move, sizeof(move), column ? "\r\033[%zuC" : "\r", column);
	if (e->cursor != end)
		text_add(&out, move, strlen(move));
	put(out.data, out.length);
	text_free(&out);
}

/* Show at once what most keys do: add a character at the end. */
static void insert(struct editor *e, char c)
{
	bool at_end = e->cursor == e->line->length;

	text_insert(e->line, e->cursor++, &c, 1);
	if (at_end && !e->shown && text_columns(e->line->data,
	    e->line->length) < window(e))
		put(&c, 1);
	else
		draw(e);
}

/* Remove the text between two places; kept: ctrl+Y brings it back. */
static void erase(struct editor *e, size_t from, size_t to, bool keep)
{
	if (keep && to > from) {
		text_clear(&cut);
		text_add(&cut, e->line->data + from, to - from);
	}
	text_remove(e->line, from, to - from);
	e->cursor = from;
	draw(e);
}

static void move(struct editor *e, size_t to)
{
	e->cursor = to;
	draw(e);
}

static void yank(struct editor *e)
{
	if (cut.length)
		text_insert(e->line, e->cursor, cut.data, cut.length);
	move(e, e->cursor + cut.length);
}

static void set_line(struct editor *e, const char *text)
{
	text_clear(e->line);
	text_add(e->line, text, strlen(text));
	e->shown = 0;
	move(e, e->line->length);
}

/* Go `step` lines back in the history, or forward to the new line. */
static void browse(struct editor *e, int step)
{
	const char *line = history_get(e->back + step);

	if (e->back + step < 0 || (e->back + step > 0 && !line))
		return;
	if (e->back == 0) {
		free(e->kept);
		e->kept = copy_text(e->line->data);
	}
	e->back += step;
	set_line(e, e->back ? line : e->kept);
}

static void clear_screen(struct editor *e)
{
	put("\033[H\033[2J", 7);
	draw(e);
}

/* ctrl+D: the end of the input on an empty line, else delete. */
static bool end_or_delete(struct editor *e)
{
	if (!e->line->length)
		return true;
	erase(e, e->cursor, step_right(e, e->cursor), false);
	return false;
}

static void move_key(struct editor *e, int key)
{
	switch (key) {
	case CONTROL('A'): case KEY_HOME: move(e, 0); break;
	case CONTROL('E'): case KEY_END: move(e, e->line->length); break;
	case CONTROL('B'): case KEY_LEFT:
		move(e, step_left(e, e->cursor));
		break;
	case CONTROL('F'): case KEY_RIGHT:
		move(e, step_right(e, e->cursor));
		break;
	case KEY_WORD_LEFT: move(e, word_left(e)); break;
	case KEY_WORD_RIGHT: move(e, word_right(e)); break;
	case CONTROL('P'): case KEY_UP: browse(e, 1); break;
	case CONTROL('N'): case KEY_DOWN: browse(e, -1); break;
	}
}

static void edit_key(struct editor *e, int key)
{
	size_t end = e->line->length;

	switch (key) {
	case CONTROL('H'): case DELETE:
		erase(e, step_left(e, e->cursor), e->cursor, false);
		break;
	case KEY_DELETE:
		erase(e, e->cursor, step_right(e, e->cursor), false);
		break;
	case CONTROL('K'): erase(e, e->cursor, end, true); break;
	case CONTROL('U'): erase(e, 0, e->cursor, true); break;
	case CONTROL('W'): erase(e, word_left(e), e->cursor, true); break;
	case CONTROL('Y'): yank(e); break;
	case CONTROL('L'): clear_screen(e); break;
	case '\t':
		e->cursor = complete(e->line, e->cursor, e->tabbed);
		draw(e);
		break;
	default:
		if (key >= ' ' && key < 256)
			insert(e, key);
		else
			move_key(e, key);
	}
	e->tabbed = key == '\t';
}

/* Keys until the line is complete. */
static enum edit_result edit(struct editor *e)
{
	int key;

	for (;;) {
		key = read_key();
		switch (key) {
		case '\r':
		case '\n':
			if (e->cursor != e->line->length)
				move(e, e->line->length);
			return EDIT_LINE;
		case CONTROL('C'):
		case KEY_INTERRUPTED:
			put("^C", 2);
			return EDIT_INTERRUPT;
		case CONTROL('D'):
			if (!end_or_delete(e))
				break;
			return EDIT_END;
		case KEY_END_OF_INPUT:
			return EDIT_END;
		default:
			edit_key(e, key);
		}
	}
}

static size_t terminal_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 10)
		return 80;
	return size.ws_col;
}

static bool set_raw(struct termios *old)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, old))
		return false;
	raw = *old;
	raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

/*
 * Read a line into the text, without its newline. EDIT_UNABLE: this is no
 * terminal, nothing was printed or read.
 */
enum edit_result edit_line(const char *prompt, struct text *line)
{
	struct editor e = { .line = line, .prompt = prompt };
	enum edit_result result;
	const char *last;
	struct termios old;

	if (!set_raw(&old))
		return EDIT_UNABLE;
	last = strrchr(prompt, '\n');	/* only the last row is drawn again */
	if (last) {
		put(prompt, last + 1 - prompt);
		e.prompt = last + 1;
	}
	text_clear(line);
	e.prompt_columns = text_columns(e.prompt, strlen(e.prompt));
	e.columns = terminal_columns();
	put(e.prompt, strlen(e.prompt));
	result = edit(&e);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	if (result == EDIT_LINE)	/* from here on ctrl+C is a signal */
		put("\n", 1);
	free(e.kept);
	return result;
}
