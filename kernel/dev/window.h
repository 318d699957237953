/*
 * window.h - the size of the terminal's window.
 *
 * Knows nothing of tasks or devices: the question goes out through a function,
 * the bytes of the keyboard pass through window_filter().
 */
#pragma once

#include "kernel/abi/termios.h"
#include "kernel/lib/types.h"

#define WINDOW_HELD	12	/* bytes: ESC [ 9999 ; 9999 R */

struct window {
	struct winsize size;		/* [P] */
	bool is_known;			/* [P] the size is no guess */
	/* [const] */
	void (*output)(const char *bytes, size_t length);
	bool is_dumb;			/* [const] no answers */
	unsigned unanswered;		/* [P] questions */
	uint64_t asked_ns;		/* [P] the last question */
	uint8_t held[WINDOW_HELD];	/* [P] may become an answer */
	unsigned held_count;		/* [P] */
	unsigned numbers[2];		/* [P] of the answer: row and column */
	unsigned number_count;		/* [P] */
};

/* A window of 25 rows of 80 columns, until the terminal says otherwise. */
void window_init(struct window *window,
		 void (*output)(const char *bytes, size_t length));

/* Ask the terminal for the size, if there is hope for an answer and the last
 * question is a second old. */
void window_ask(struct window *window, uint64_t now_ns);

/*
 * A byte came from the terminal. Stores the typed bytes in `keys` and
 * returns their number: 0 if the byte is part of an answer, or may be. A whole
 * answer changes window->size.
 */
size_t window_filter(struct window *window, uint8_t byte,
		     uint8_t keys[WINDOW_HELD + 1]);

/* The bytes held back were typed after all: nothing came behind them. */
size_t window_release(struct window *window, uint8_t keys[WINDOW_HELD]);
