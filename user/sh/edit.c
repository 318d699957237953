/*
 * edit.c - type and edit a line at a terminal.
 *
 * The terminal is switched to raw: every key arrives at once and is not shown.
 * After each key draw.c draws the line again.
 *
 * Two signals matter while the editor waits for a key. SIGWINCH says that the
 * window has another size, SIGCHLD that a job has ended. Both are blocked
 * except during the wait (keys.c), so no signal is missed between two keys.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "user/sh/edit.h"

static struct text cut;		/* cut by ctrl+K, U and W, for ctrl+Y */

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

/* Most keys add a character at the end: show the character at once. */
static void insert(struct editor *e, char c)
{
	bool at_end = e->cursor == e->line->length;

	text_insert(e->line, e->cursor++, &c, 1);
	if (at_end && fits(e))
		put(&c, 1);
	else
		draw(e);
}

/* Remove the text between two places; kept: ctrl+Y brings the text back. */
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

/* A signal came while we waited for a key. */
static void look_around(struct editor *e)
{
	jobs_look();
	if (terminal_columns() == e->columns)
		return;
	measure(e);
	put("\r\033[J", 4);	/* rows that the terminal made of the line */
	draw(e);
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
			draw_whole(e);
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
		case KEY_SIGNAL:
			look_around(e);
			break;
		default:
			edit_key(e, key);
		}
	}
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

static const int watched[] = { SIGWINCH, SIGCHLD };

#define WATCHED (sizeof(watched) / sizeof(watched[0]))

struct watch {
	struct sigaction actions[WATCHED];
	sigset_t mask;
};

static void note(int number)
{
	(void)number;
}

/* From here on these signals only wake the wait for a key. A trap keeps its own
   handler, which wakes the wait too. */
static void begin_watch(struct watch *old)
{
	struct sigaction new = { .sa_handler = note, .sa_flags = SA_RESTART };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < WATCHED; i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, &old->mask);
	for (i = 0; i < WATCHED; i++) {
		sigaction(watched[i], NULL, &old->actions[i]);
		if (old->actions[i].sa_handler == SIG_DFL)
			sigaction(watched[i], &new, NULL);
	}
}

static void end_watch(const struct watch *old)
{
	size_t i;

	for (i = 0; i < WATCHED; i++)
		sigaction(watched[i], &old->actions[i], NULL);
	sigprocmask(SIG_SETMASK, &old->mask, NULL);
}

/*
 * Read a line into the text, without the newline. EDIT_UNABLE: the input is no
 * terminal, nothing was printed or read.
 */
enum edit_result edit_line(const char *prompt, struct text *line)
{
	struct editor e = { .line = line };
	enum edit_result result;
	const char *last;
	struct termios old;
	struct watch watch;

	begin_watch(&watch);
	if (!set_raw(&old)) {
		end_watch(&watch);
		return EDIT_UNABLE;
	}
	last = strrchr(prompt, '\n');	/* only the last row is drawn again */
	e.whole_prompt = last ? last + 1 : prompt;
	put(prompt, e.whole_prompt - prompt);
	text_clear(line);
	measure(&e);
	put(e.prompt, strlen(e.prompt));
	result = edit(&e);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	end_watch(&watch);
	if (result == EDIT_LINE)	/* from here on ctrl+C is a signal */
		put("\n", 1);
	free(e.kept);
	return result;
}
