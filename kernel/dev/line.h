/*
 * line.h - the line discipline: from keys to the input of a program.
 *
 * Knows nothing of tasks, devices or user memory: bytes go in, echo and signals
 * come out through two functions, lines are taken out in pieces.
 */
#pragma once

#include "kernel/abi/termios.h"
#include "kernel/lib/types.h"

#define LINE_CELLS	4096	/* of input not yet read: a power of two */

enum line_escape { ESCAPE_NONE, ESCAPE_SEEN, ESCAPE_BRACKET };

/* [P] */
struct line {
	struct termios modes;
	/* [const] */
	void (*output)(const char *bytes, size_t length);
	/* [const] */
	void (*signal)(int number);

	/* Counters that only grow: head <= committed <= tail. */
	uint32_t head;			/* next to read */
	uint32_t committed;		/* the line being edited starts here */
	uint32_t tail;			/* next free */
	uint32_t column;		/* of the cursor, as far as we know */
	uint32_t columns;		/* of the window; 0: not known */
	enum line_escape escape;	/* in the written bytes */
	uint32_t edit_column;		/* where the line began on the screen */
	uint16_t cells[LINE_CELLS];
};

/* [own] The cells that a read may take. */
struct line_piece {
	size_t bytes;			/* stored */
	uint32_t cells;			/* for line_consume() */
	bool is_end;			/* of a line or file: stop here */
};

/* The usual modes: canonical, echo, signals. */
void line_init(struct line *line, void (*output)(const char *, size_t),
	       void (*signal)(int number));

/* A byte from the keyboard. */
void line_input(struct line *line, uint8_t byte);

/* Bytes for the screen, changed as c_oflag says. */
void line_output(struct line *line, const char *bytes, size_t length);

/* Would a read of `bytes` bytes return now, if time played no part? */
bool line_is_readable(const struct line *line, size_t bytes);
/* Is there any byte or mark for a read? */
bool line_has_input(const struct line *line);

/* Look at up to size bytes; line_consume() then takes them. */
void line_peek(const struct line *line, uint8_t *to, size_t size,
	       struct line_piece *piece);
void line_consume(struct line *line, const struct line_piece *piece);

/* Set new modes; waiting input is kept, and read by the new modes. */
void line_set_modes(struct line *line, const struct termios *modes);
void line_flush_input(struct line *line);

static inline bool line_is_canonical(const struct line *line)
{
	return line->modes.c_lflag & ICANON;
}
