/*
 * tty.h - the console, /dev/console.
 */
#pragma once

#include "kernel/lib/types.h"

/* Make the console, and register the name in /dev. */
void tty_init(void);

/* The console gives no answers: never ask for the size of the window. */
void tty_is_dumb(void);

/* A sink for printk(): the screen wants a return with each newline. Works
 * before tty_init(), and from interrupts. */
void tty_write_log(const char *bytes, size_t length);
