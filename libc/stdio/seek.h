/* seek.h - the place in a stream that lies in memory. */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <sys/types.h>

/* lseek(2) for a stream of `length` units at the place `at`: *offset becomes
 * the new place, from 0 to `most`. 0, or -1 and EINVAL. */
static inline int __seek_in_memory(off_t *offset, int whence, size_t at,
	size_t length, size_t most)
{
	off_t from = whence == SEEK_END ? (off_t)length
		: whence == SEEK_CUR ? (off_t)at : 0;

	if (whence < SEEK_SET || whence > SEEK_END || *offset < -from ||
	    *offset > (off_t)most - from) {
		errno = EINVAL;
		return -1;
	}
	*offset += from;
	return 0;
}
