/* internal.h - what files of libc know of each other and nobody else does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern char **__argv;		/* as the kernel gave it: start.asm */

void __atexit_run(void);
void __stdio_exit(void);
char **__environ_find(const char *name, size_t length);
