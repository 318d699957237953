/*
 * keys.c - the keys of a terminal: one byte, or an escape sequence.
 *
 * Bytes are read one at a time, so keys typed ahead stay in the terminal for
 * the next program. The arrows are ESC [ A to ESC [ D. Most other keys are
 * ESC [ number ~. A modifier is a second number: ctrl and the right arrow are
 * ESC [ 1 ; 5 C.
 */
#include <errno.h>
#include <signal.h>
#include <sys/select.h>
#include <unistd.h>

#include "user/sh/keys.h"

/* Wait for a byte, with SIGWINCH and SIGCHLD let in. False: a signal came. */
static bool wait_for_byte(void)
{
	sigset_t mask;
	fd_set set;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, SIGWINCH);
	sigdelset(&mask, SIGCHLD);
	FD_ZERO(&set);
	FD_SET(STDIN_FILENO, &set);
	return pselect(STDIN_FILENO + 1, &set, NULL, NULL, NULL, &mask) >= 0 ||
		errno != EINTR;
}

static int read_byte(void)
{
	unsigned char c;
	ssize_t got;

	if (!wait_for_byte())
		return interrupted(false) ? KEY_INTERRUPTED : KEY_SIGNAL;
	got = read(STDIN_FILENO, &c, 1);
	if (got < 0 && errno == EINTR)
		return KEY_INTERRUPTED;
	return got == 1 ? c : KEY_END_OF_INPUT;
}

/* The next byte of an escape sequence, which a signal does not interrupt. */
static int read_rest(void)
{
	int c;

	do
		c = read_byte();
	while (c == KEY_SIGNAL);
	return c;
}

/* ESC [ number ~ */
static int numbered_key(int number)
{
	switch (number) {
	case 1: case 7: return KEY_HOME;
	case 3: return KEY_DELETE;
	case 4: case 8: return KEY_END;
	default: return KEY_UNKNOWN;
	}
}

/* Behind ESC. Alt with a letter is ESC and the letter. */
static int read_escape(void)
{
	int c = read_rest(), number = 0;
	bool modified = false;

	if (c == 'b' || c == 'f')
		return c == 'b' ? KEY_WORD_LEFT : KEY_WORD_RIGHT;
	if (c != '[' && c != 'O')
		return KEY_UNKNOWN;
	while ((c = read_rest()) == ';' || (c >= '0' && c <= '9')) {
		if (c == ';')
			modified = true;
		else if (!modified && number < 1000)
			number = number * 10 + c - '0';
	}
	switch (c) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return modified ? KEY_WORD_RIGHT : KEY_RIGHT;
	case 'D': return modified ? KEY_WORD_LEFT : KEY_LEFT;
	case 'H': return KEY_HOME;
	case 'F': return KEY_END;
	case '~': return numbered_key(number);
	default: return KEY_UNKNOWN;
	}
}

/* The next key: a byte, or a KEY_... number. */
int read_key(void)
{
	int key = read_byte();

	return key == ESCAPE ? read_escape() : key;
}
