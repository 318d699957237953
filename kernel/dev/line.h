/*
 * line.h - the line discipline: from keys to the input of a program.
 *
 * Knows nothing of tasks, devices or user memory: bytes go in, echo and signals
 * come out through two functions, lines are taken out in pieces. The console
 * and each pseudo-terminal have a line of their own.
 */
#pragma once

#include "kernel/dev/line_screen.h"

#define LINE_CELLS	2048	/* of input not yet read: a power of two */

/* [P] */
struct line {
	struct line_screen screen;	/* with the modes */
	/* [const] A signal for the foreground. */
	void (*signal)(struct line *line, int number);

	/* Counters that only grow: head <= committed <= tail. */
	uint32_t head;			/* next to read */
	uint32_t committed;		/* the line being edited starts here */
	uint32_t tail;			/* next free */
	uint32_t ends;			/* marks for end of file in the ring */
	uint16_t *cells;		/* [const] LINE_CELLS of the owner */
	bool is_stopped;		/* the output: programs wait */
};

/* [own] The cells that a read may take. */
struct line_piece {
	size_t bytes;			/* stored */
	uint32_t cells;			/* for line_consume() */
	uint32_t ends;			/* of them */
	bool is_end;			/* of a line or file: stop here */
};

/* The usual modes: canonical, echo, signals. The caller has set screen.output,
 * signal and cells. */
void line_init(struct line *line);

/* A byte from the keyboard. */
void line_input(struct line *line, uint8_t byte);

/* Would a key that comes now be lost, and is there input for a read? Then more
 * keys must wait for the read. */
bool line_is_full(const struct line *line);

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

static inline bool line_has_mode(const struct line *line, tcflag_t mode)
{
	return line->screen.modes.c_lflag & mode;
}

static inline bool line_is_canonical(const struct line *line)
{
	return line_has_mode(line, ICANON);
}
