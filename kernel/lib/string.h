/*
 * string.h - memory and strings, as in ISO C, plus two bounded copies.
 */
#pragma once

#include "kernel/lib/types.h"

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t limit);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t limit);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

/* The compiler knows these two functions: a few words need no call. (Tests on
 * the host use the host's functions.) */
#ifndef HOST_TEST
#define memcpy(to, from, bytes)	__builtin_memcpy(to, from, bytes)
#define memset(to, byte, bytes)	__builtin_memset(to, byte, bytes)
#endif

/* Copy, always with a NUL; a longer string is cut. Returns strlen(from). */
size_t strlcpy(char *to, const char *from, size_t size);

/* The number at s, in decimal or with 0x in hexadecimal; stops behind the last
 * digit. */
unsigned long parse_number(const char *s);
