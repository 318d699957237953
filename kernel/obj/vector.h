/*
 * vector.h - several parts of user memory as the bytes of one call.
 *
 * For sendmsg(2) and recvmsg(2), and for readv(2) and writev(2). See vector.c.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/uio.h"
#include "kernel/task/task.h"

#define VECTOR_FEW	8

/* The parts of a call under way. [own], on the stack of the calling task. */
struct vector {
	const struct iovec *parts;	/* in `few` or `many`; all are valid */
	size_t bytes;			/* in all parts */
	struct iovec *many;		/* for a long vector, or NULL */
	struct iovec few[VECTOR_FEW];
};

/*
 * Copy `count` parts from the user and check each. 0, or -EINVAL (count is
 * below 0 or over IOV_MAX, or the sum is over SSIZE_MAX), -EFAULT (the vector,
 * or a part, is not in user memory) or -ENOMEM. After a failure there is
 * nothing to free. Never blocks.
 */
int vector_fetch(struct vector *vector, uaddr_t parts_at, int count);
void vector_free(struct vector *vector);

/* Bytes of the parts from byte `at` on, from or to the user. `part` is the
 * first part, and the parts have all of these bytes. 0, or -EFAULT; then some
 * of the bytes may have been copied. */
int vector_copy_in(const struct iovec *part, size_t at, void *to,
		   size_t bytes);
int vector_copy_out(const struct iovec *part, size_t at, const void *from,
		    size_t bytes);

/* ---- The joined range of readv(2) and writev(2) -------------------------- */

/* Outside of user space: a user's own address never lies in the range. */
#define VECTOR_START	USER_HIGHEST
/* The end of the range does not wrap around. A call moves at most so many
 * bytes, and has a short result like any read or write. */
#define VECTOR_MOST	((size_t)-PAGE_SIZE - USER_HIGHEST)

/* vector_fetch(); then the running task has the parts as a joined range, with
 * vector->bytes bytes from VECTOR_START on. Never blocks. */
int vector_begin(struct vector *vector, uaddr_t parts_at, int count);
/* End the joined range, and vector_free(). */
void vector_end(struct vector *vector);

/* Are all of these bytes in the running task's joined range? */
static inline bool vector_has(uaddr_t start, size_t bytes)
{
	const struct vector *vector = task_current()->vector;

	return vector && start >= VECTOR_START &&
	       start - VECTOR_START <= vector->bytes &&
	       bytes <= vector->bytes - (start - VECTOR_START);
}

/* May the bytes of a read or write lie here: in user space, or in the joined
 * range? */
static inline bool vector_range_is_valid(uaddr_t start, size_t bytes)
{
	return user_range_is_valid(start, bytes) || vector_has(start, bytes);
}
