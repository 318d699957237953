/* keys.h - the keys of a terminal, for edit.c. */
#pragma once

#include "user/sh/sh.h"

#define CONTROL(letter)	((letter) & 31)
#define ESCAPE		27
#define DELETE		127

/* Keys that arrive as several bytes. */
enum {
	KEY_END_OF_INPUT = -1,
	KEY_INTERRUPTED = -2,
	KEY_SIGNAL = -3,	/* a signal, not that of ctrl+C */
	KEY_UP = 1000, KEY_DOWN, KEY_RIGHT, KEY_LEFT, KEY_HOME, KEY_END,
	KEY_DELETE, KEY_WORD_LEFT, KEY_WORD_RIGHT, KEY_UNKNOWN,
};

int read_key(void);
