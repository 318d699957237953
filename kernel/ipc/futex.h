/* futex.h - waiting on a word of user memory. */
#pragma once

#include "kernel/lib/types.h"

struct object;

/*
 * Sleep until somebody wakes this word, provided it still holds `value`; the
 * owner (0: unknown) is for /proc/waits. 0, -EAGAIN when the word has another
 * value, -EINTR, -ETIMEDOUT, -EFAULT, -EINVAL (not aligned), -ENOMEM.
 */
long futex_wait(uaddr_t word, uint32_t value, pid_t owner,
		uint64_t deadline_ns);
/* Wake up to `most` sleepers; how many there were, or -EFAULT, -EINVAL. */
long futex_wake(uaddr_t word, uint32_t most);

/* The task that holds what this object guards, as its sleepers said, or 0. */
pid_t futex_owner(const struct object *object);
