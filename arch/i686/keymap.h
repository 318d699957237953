/*
 * keymap.h - from the scan codes of a PS/2 keyboard to the bytes of a terminal.
 */
#pragma once

#include "kernel/lib/types.h"

#define KEY_BYTES	8	/* the most bytes of a key */

/* [I] the state of the keyboard between two scan codes */
struct keymap {
	bool left_shift, right_shift, control, alt;
	bool capitals;		/* caps lock is on */
	bool is_extended;	/* the prefix E0 came */
	uint8_t skip;		/* bytes left of the Pause key's sequence */
};

/* Translate a byte of scan code set 1, with the US layout. Returns the number
 * of bytes put into `to`, which has room for KEY_BYTES. */
size_t keymap_decode(struct keymap *map, uint8_t code, char *to);
