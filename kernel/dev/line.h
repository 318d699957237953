/*
 * line.h - the line discipline: from keys to what a program reads.
 *
 * Knows nothing of tasks, devices or user memory: bytes go in, echo and signals
 * come out through two functions, lines are taken out in pieces.
 */
#pragma once

#include "kernel/abi/termios.h"
#include "kernel/lib/types.h"

#define LINE_CELLS	4096	/* of input not yet read: a power of two */

struct line {
	struct termios modes;
	void (*output)(const char *bytes, size_t length);
	void (*signal)(int number);

	/* Counters that only grow: head <= committed <= tail. */
	uint32_t head;			/* next to read */
	uint32_t committed;		/* the line being edited starts here */
	uint32_t tail;			/* next free */
	uint32_t column;		/* of the cursor, as far as we know */
	uint32_t edit_column;		/* where the line began on the screen */
	uint16_t cells[LINE_CELLS];
};

/* What one read may take. */
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
/* Is there anything at all that a read could return? */
bool line_has_input(const struct line *line);

/* Look at up to size bytes; line_consume() then takes them. */
void line_peek(const struct line *line, uint8_t *to, size_t size,
	       struct line_piece *piece);
void line_consume(struct line *line, const struct line_piece *piece);

/* New modes; input that waits is kept, and read as they say. */
void line_set_modes(struct line *line, const struct termios *modes);
void line_flush_input(struct line *line);

static inline bool line_is_canonical(const struct line *line)
{
	return line->modes.c_lflag & ICANON;
}
