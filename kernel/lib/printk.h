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

/* Write one line (the format ends with \n) to the kernel log. Never blocks;
 * an interrupt may call it. */
void printk(const char *format, ...) PRINTF_LIKE(1, 2);
void vprintk(const char *format, va_list args);

/* As in ISO C: at most size bytes with a NUL; returns the whole length. */
int snprintf(char *to, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);
int vsnprintf(char *to, size_t size, const char *format, va_list args);

/*
 * A text that grows in a buffer of fixed size and remembers when it did not
 * fit: for files like /proc/tasks, which are made on demand.
 */
struct text {
	char *bytes;
	size_t size;	/* of the buffer */
	size_t length;	/* of the whole text, also where it did not fit */
};

void text_printf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_vprintf(struct text *text, const char *format, va_list args);

/* Where log lines go, one sink at a time; NULL keeps them in the ring only. */
void printk_set_sink(void (*sink)(const char *bytes, size_t length));

/*
 * From now on do not rely on a printk() that may never go on: for a panic,
 * which can come in the middle of one. Call it before the panic's first line.
 */
void printk_break_in(void);

/* The newest part of the log, oldest first; returns the bytes copied. */
size_t printk_history(char *to, size_t size);
