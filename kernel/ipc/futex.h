/* futex.h - waiting on a word of user memory. */
#pragma once

#include "kernel/lib/types.h"

struct task;

/*
 * Sleep until somebody wakes this word, provided it still holds `value`;
 * has_owner: its low bits are the id of the task that holds what it guards.
 * 0, -EAGAIN when the word has another value, -EINTR, -ETIMEDOUT, -EFAULT,
 * -EINVAL (not aligned), -ENOMEM.
 */
long futex_wait(uaddr_t word, uint32_t value, bool has_owner,
		uint64_t deadline_ns);
/* Wake up to `most` sleepers; how many there were, or -EFAULT, -EINVAL. */
long futex_wake(uaddr_t word, uint32_t most);

/* Take a unit of the semaphore in this word, sleeping until there is one and
 * all who came before have theirs. 0, or as futex_wait(). */
long futex_take(uaddr_t word, uint64_t deadline_ns);
/* The same without a deadline, and fast. */
long futex_await(uaddr_t word);
/* Add a unit; a sleeper gets it. 0, -EOVERFLOW, -EFAULT, -EINVAL. */
long futex_post(uaddr_t word);

/* The task that holds what this one waits for in the futex that it waits for,
 * as the word says, or 0. */
pid_t futex_owner(const struct task *waiter);
