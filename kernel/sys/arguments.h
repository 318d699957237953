/* arguments.h - argv and envp on their way from one program to the next. */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/lib/types.h"

/* [own] */
struct arguments {
	char *pages[ARG_MAX / PAGE_SIZE];
	uint32_t bytes;			/* of all strings with their NULs */
	uint32_t argc, envc;
};

/* Fetch both vectors (0: empty). 0, -EFAULT, -E2BIG, -ENOMEM; on an error
 * nothing is kept. */
int arguments_fetch(struct arguments *arguments, uaddr_t argv, uaddr_t envp);
/* A single argument, the name of the program, for the first process. 0 or
 * -ENOMEM. */
int arguments_from_kernel(struct arguments *arguments, const char *name);
void arguments_free(struct arguments *arguments);
/* Write them below `top` in the current space; the new stack pointer, or 0. */
uaddr_t arguments_store(struct arguments *arguments, uaddr_t top);
