/*
 * machine.h - the machine that a regular expression is compiled for.
 *
 * An instruction is a state, and the machine may be in many at once. Jumps are
 * relative, so that a piece of code can be moved and copied.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum op {
	CHARACTER,	/* take this byte */
	SET,		/* take a byte that is in the set */
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

/* The states that the machine is in. */
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
