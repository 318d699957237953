/*
 * sys/strace.h - watching the system calls of other processes. Parley's own.
 */
#pragma once

#include "kernel/abi/strace.h"

/*
 * Returns a descriptor. A read returns whole records of system calls, struct
 * call_record, and the end of the file when no process is watched any more.
 * flags: O_CLOEXEC, O_NONBLOCK. EINVAL, EMFILE, ENOMEM.
 */
int strace_open(int flags);

/*
 * From now on this process, and every child it makes, is watched through the
 * descriptor, also after exec. A watched process waits while the watcher does
 * not read. EBADF; EINVAL: not such a descriptor; EBUSY: watched already.
 */
int strace_attach(int fd);

/* A line of the table of system calls; a name NULL: there is no such call. */
struct system_call {
	const char *name;
	const char *result;		/* its type */
	const char *arguments;		/* "int fd, OUT(void) buffer, ..." */
};

extern const struct system_call system_calls[];
extern const unsigned system_call_count;
