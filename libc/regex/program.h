/*
 * program.h - what regcomp() makes of a pattern, and regexec() runs.
 *
 * A pattern becomes instructions for a small machine, as Ken Thompson described
 * ("Regular expression search algorithm", 1968). Jumps are relative, so that a
 * part of a program can be copied: x{3} is x three times.
 */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

/* Bounds: memory and time stay in proportion to them. */
#define MOST_INSTRUCTIONS	20000
#define MOST_SLOTS		(1 << 20)	/* instructions * groups * 2 */
#define MOST_DEPTH		250		/* parentheses in parentheses */
#define MOST_THREADS		5000		/* with back references */
#define DUP_MAX			255

enum code {
	BYTE,		/* this byte */
	SET,		/* a byte of the set */
	LINE_BEGIN, LINE_END,
	SPLIT,		/* go on at both places */
	JUMP,
	SAVE,		/* the place in the text is a border of a group */
	BACK,		/* the text of a group again */
	FOUND,
};

struct instruction {
	uint8_t code;
	uint8_t byte;
	int32_t value;		/* set, distance, border or group */
	int32_t other;		/* SPLIT: the second distance */
};

struct set {
	uint32_t bits[8];
};

struct __regex_program {
	struct instruction *code;
	int length, room;
	struct set *sets;
	int set_count, set_room;
	int groups;		/* and the whole match is group 0 */
	int flags;
	bool has_back;
};

static inline bool set_has(const struct set *set, unsigned char c)
{
	return set->bits[c >> 5] >> (c & 31) & 1;
}
