/* process_memory.h - copies into the memory of a process that does not run. */
#pragma once

#include "kernel/lib/types.h"

struct process;

/* The memory of the running process cannot be read. */
#define PROCESS_UNREADABLE	1

/*
 * Copy bytes to the address in the process, from the memory of the running
 * process. The user of `to` pays for pages that come in. 0, -EFAULT (a bad
 * address in `to`), -ENOMEM (no page for `to`) or PROCESS_UNREADABLE: after an
 * error, a part may be copied. [P]
 */
int process_pass(const struct process *to, uaddr_t at, uaddr_t from,
		 size_t bytes);
/* The same from the memory of the kernel: 0, -EFAULT or -ENOMEM. [P] */
int process_write(const struct process *to, uaddr_t at, const void *from,
		  size_t bytes);
/* Bring in the missing pages, ready for a write of so many bytes. 0, -EFAULT or
 * -ENOMEM. [P] */
int process_make_ready(const struct process *process, uaddr_t at, size_t bytes);
