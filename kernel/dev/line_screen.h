/*
 * line_screen.h - the line discipline: what the screen shows.
 *
 * Output and echo go to the screen, changed as the modes say. [P]
 */
#pragma once

#include "kernel/abi/termios.h"
#include "kernel/lib/types.h"

#define DELETE		0x7f
#define TAB_STOPS	8

enum line_escape { ESCAPE_NONE, ESCAPE_SEEN, ESCAPE_BRACKET };

/* [P] */
struct line_screen {
	struct termios modes;		/* of the whole line discipline */
	/* [const] Bytes for the screen. */
	void (*output)(struct line_screen *screen, const char *bytes,
		       size_t length);
	uint32_t column;		/* of the cursor, as far as we know */
	uint32_t columns;		/* of the window; 0: not known */
	enum line_escape escape;	/* in the written bytes */
};

/* A byte that continues a character of UTF-8. */
static inline bool line_is_continuation(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

/* Bytes for the screen, changed as c_oflag says. */
void line_output(struct line_screen *screen, const char *bytes, size_t length);
/* Show a key, if the modes say so. */
void line_echo(struct line_screen *screen, uint8_t byte);
/* The columns that the key takes on the screen, for a key that comes now. */
uint32_t line_width(const struct line_screen *screen, uint8_t byte);
/* Wipe so many columns in front of the cursor; a tab left them blank. */
void line_wipe(struct line_screen *screen, uint32_t columns, bool are_blank);
