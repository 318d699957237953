/*
 * keymap.h - from the scan codes of a PS/2 keyboard to the bytes of a terminal.
 */
#pragma once

#include "kernel/lib/types.h"

#define KEY_BYTES	8	/* the most that one key gives */

struct keymap {
	bool left_shift, right_shift, control, alt;
	bool capitals;		/* caps lock is on */
	bool is_extended;	/* the prefix E0 came */
	uint8_t skip;		/* bytes left of the Pause key's sequence */
};

/* Take one byte of scan code set 1. Returns how many bytes it gave, into `to`
 * of at least KEY_BYTES. US layout. */
size_t keymap_decode(struct keymap *map, uint8_t code, char *to);
