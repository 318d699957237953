/*
 * machine.h - the machine for compiled regular expressions.
 *
 * An instruction is a state, and the machine may be in many states at once.
 * Jumps are relative, so that code can be moved and copied.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum op {
	CHARACTER,	/* take this byte */
	SET,		/* take a byte of the set */
	SPLIT,		/* go on at both places */
	JUMP,
	LINE_START,	/* go on only at the start of the line, ... */
	LINE_END,
	WORD_START,
	WORD_END,
	WORD_EDGE,	/* at either of the two */
	NO_WORD_EDGE,
	MATCH,
};

struct instruction {
	enum op op;
	unsigned char character;
	uint8_t set[256 / 8];
	int to, or;		/* relative to this instruction */
};

/* The current states of the machine. */
struct states {
	size_t *list;
	size_t count;
};

struct regex {
	struct instruction *code;
	size_t count, room;
	int flags;
	struct states now, next;
	size_t *seen;		/* the step at which a state was last added */
	size_t step;
};
