/*
 * screen.h - a text screen in memory that understands escape sequences.
 */
#pragma once

#include "kernel/lib/types.h"

#define SCREEN_ROWS	25
#define SCREEN_COLUMNS	80
#define SCREEN_CELLS	(SCREEN_ROWS * SCREEN_COLUMNS)
#define ESCAPE_NUMBERS	4

enum escape_state { ESCAPE_NONE, ESCAPE_SEEN, ESCAPE_BRACKET };

/* [P] */
struct screen {
	uint16_t *cells;	/* character, and colours in the high byte */
	uint8_t row;
	uint8_t column;		/* SCREEN_COLUMNS: the line is full */
	uint8_t saved_row, saved_column;	/* [P] by ESC 7 */
	uint8_t foreground, background;		/* ANSI order, bright from 8 */
	bool is_inverse;
	bool cursor_is_hidden;

	/* The escape sequence in progress. */
	uint8_t escape;				/* enum escape_state */
	bool is_private;			/* begins with ? */
	uint8_t number_count;
	uint16_t numbers[ESCAPE_NUMBERS];
};

/* Clear the cells and put the cursor into the corner. */
void screen_init(struct screen *screen, uint16_t *cells);

/*
 * Show bytes. Control characters: BEL (ignored), BS, TAB, LF (down), CR. Of
 * the ANSI sequences ESC [ ... : A B C D (move), G (column), H f (place), J K
 * (clear), m (colours), ? 25 h l (cursor); and ESC 7, ESC 8 (save and restore
 * the place of the cursor). All further sequences are ignored.
 */
void screen_write(struct screen *screen, const char *bytes, size_t length);
