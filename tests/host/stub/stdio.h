/*
 * stdio.h - the part of stdio that tests/tap.h needs, for tests with the
 * kernel's headers: the real header brings a different ssize_t along.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

typedef struct _IO_FILE FILE;

extern FILE *stdout;

__attribute__((format(printf, 1, 2)))
int printf(const char *format, ...);
int vprintf(const char *format, va_list args);
int fflush(FILE *file);
