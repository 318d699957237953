/*
 * lock.h - record locks and flock(): advisory locks on files. See lock.c.
 *
 * All functions need [P]; only lock_take() may sleep.
 */
#pragma once

#include "kernel/obj/file.h"
#include "kernel/task/process.h"

/* [P] The locks of a file. References: one for each lock and each call. */
struct locks {
	struct object object;		/* tasks wait for END_READ */
	struct object *file;		/* [const] open while there are locks */
	struct list_node hash_next;
	struct list held;		/* by start */
	uint32_t count;			/* of held locks */
	struct list waiting;		/* calls, by priority and arrival */
	struct list_node changed;	/* waiting calls need a look */
	uint32_t changes;		/* so far */
};

/* [P] A held lock; or [own] the lock that a call wants. */
struct lock {
	struct list_node node;		/* in locks->held */
	struct list_node of_process;	/* in process->locks */
	struct locks *locks;
	const void *owner;		/* process, or open file of flock(2) */
	struct process *process;	/* the owner; NULL: flock(2) */
	off_t start, end;		/* the first and the last byte */
	short type;			/* F_RDLCK, F_WRLCK, F_UNLCK */
};

/* [own] A call under way, zeroed first: the context of its attempts. */
struct lock_call {
	struct lock want;
	struct open_file *file;
	int fd;
	struct task *task;		/* that waits */
	uint8_t priority;		/* of the task, at first */
	struct list_node waiting;	/* [P] in locks->waiting */
	struct list_node reached;	/* by the search for a deadlock */
	uint32_t seen;			/* [P] by the last look: changes */
	bool is_free;			/* [P] no held lock is in the way */
};

static inline bool lock_is_record(const struct lock *lock)
{
	return lock->process;
}

/*
 * Make call->want a lock of call->file in place of what it covers; F_UNLCK: end
 * the locks there. The caller sets file, fd, and of `want` type, start, end,
 * owner, process. 0, -EAGAIN (a lock is in the way, and the call may not wait),
 * -EDEADLK, -ENOLCK (no memory, or too many locks of the user or in the file),
 * -EBADF (fd has been closed meanwhile), -EINTR (a signal).
 */
long lock_take(struct lock_call *call, bool may_wait);
/* Copy the first lock that is in the way of call->want; false: none. */
bool lock_find_blocker(struct lock_call *call, struct lock *blocker);

/* For object_ops.leave and .close of the files that have locks. */
void lock_leave(struct open_file *file);
void lock_close(struct open_file *file);
/* The process ends, and so do its record locks. */
void lock_process_ends(struct process *process);
/* The deferred work of PENDING_LOCKS: wake calls that can have their locks. */
void locks_look(void);

/* ---- lock_range.c ------------------------------------------------------- */

/* Can the two locks not exist together? */
bool lock_conflicts(const struct lock *a, const struct lock *b);
/* The next held lock behind `held` (NULL: the first) that blocks the wanted
 * lock, or NULL. */
struct lock *lock_blocker(const struct lock *want, struct lock *held);
/* No lock blocks the wanted lock: let it replace what it covers. 0, or -ENOLCK
 * without a change. */
int lock_put(const struct lock *want);
/* End a held lock. */
void lock_free(struct lock *lock);
