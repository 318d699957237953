/* crash.h - where in its source a program was. */
#pragma once

#include "kernel/lib/types.h"

struct process;

/* "main+0x12 (prog.c:9)" for an address in the program's text, from the symbol
 * table in its file; empty when there is none. */
void crash_describe(const struct process *process, uaddr_t address, char *to,
		    size_t size);
