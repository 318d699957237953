/*
 * printk.h - formatted text for the kernel log and for buffers.
 *
 * Formats: %d %i %u %x %X %o %c %s %p %% with width, 0, -, precision and the
 * lengths l, ll, z; also # + space, and * for the width. No floating point:
 * the kernel does not touch the FPU.
 */
#pragma once

#include <stdarg.h>

#include "kernel/lib/types.h"

/* Write a line (the format ends with \n) to the kernel log. Never blocks; an
 * interrupt may call printk(). */
void printk(const char *format, ...) PRINTF_LIKE(1, 2);

/* As in ISO C: at most size bytes with a NUL; returns the whole length. */
int snprintf(char *to, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);
int vsnprintf(char *to, size_t size, const char *format, va_list args);

/* Each byte that is not printable ASCII becomes a '?': for each text that a
 * program chose and the kernel prints. A name must not begin a new line in the
 * log, nor move the cursor of a terminal. */
void make_printable(char *s);
bool is_printable(char c);	/* the rule of it */

/*
 * [own] A text that grows in a buffer of fixed size. A length above the size
 * shows that the text did not fit.
 */
struct text {
	char *bytes;
	size_t size;	/* of the buffer */
	size_t length;	/* of the whole text, also beyond the buffer */
};

void text_printf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

/* Set the only sink of log lines; NULL keeps lines in the ring only. */
void printk_set_sink(void (*sink)(const char *bytes, size_t length));

/*
 * From now on do not rely on an interrupted printk(), which may never go on:
 * for a panic in the middle of a printk(). Call this before the panic's first
 * line.
 */
void printk_break_in(void);
