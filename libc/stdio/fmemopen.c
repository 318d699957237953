/*
 * fmemopen.c - a file in memory of a fixed size.
 *
 * The length is the end of what was written; a zero byte follows while there is
 * room. The bytes arrive at fflush() and fclose(), as those of any file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "libc/stdio/file.h"
#include "libc/stdio/seek.h"

struct memory {
	char *bytes;
	size_t size, length, at;
	bool append, own;
};

static ssize_t memory_read(void *cookie, char *to, size_t n)
{
	struct memory *m = cookie;
	size_t left = m->at < m->length ? m->length - m->at : 0;

	if (n > left)
		n = left;
	memcpy(to, m->bytes + m->at, n);
	m->at += n;
	return (ssize_t)n;
}

static ssize_t memory_write(void *cookie, const char *data, size_t n)
{
	struct memory *m = cookie;
	size_t left;

	if (m->append)
		m->at = m->length;
	left = m->at < m->size ? m->size - m->at : 0;
	if (left == 0) {
		errno = ENOSPC;
		return -1;
	}
	if (n > left)
		n = left;
	if (m->at > m->length)		/* a hole */
		memset(m->bytes + m->length, 0, m->at - m->length);
	memcpy(m->bytes + m->at, data, n);
	m->at += n;
	if (m->at > m->length) {
		m->length = m->at;
		if (m->length < m->size)
			m->bytes[m->length] = '\0';
	}
	return (ssize_t)n;
}

static int memory_seek(void *cookie, off_t *offset, int whence)
{
	struct memory *m = cookie;

	if (__seek_in_memory(offset, whence, m->at, m->length, m->size) < 0)
		return -1;
	m->at = (size_t)*offset;
	return 0;
}

static int memory_close(void *cookie)
{
	struct memory *m = cookie;

	if (m->own)
		free(m->bytes);
	free(m);
	return 0;
}

static const cookie_io_functions_t calls = {
	memory_read, memory_write, memory_seek, memory_close,
};

/* The length of a file that is open so. */
static void begin(struct memory *m, const char *mode)
{
	if (m->own || *mode == 'w')
		m->bytes[0] = '\0';
	m->length = *mode == 'r' ? m->size : strnlen(m->bytes, m->size);
	m->append = *mode == 'a';
	if (m->append)
		m->at = m->length;
}

FILE *fmemopen(void *restrict memory, size_t size, const char *restrict mode)
{
	int flags;
	struct memory *m;
	FILE *file;

	if (size == 0)
		errno = EINVAL;
	if (size == 0 || __file_parse_mode(mode, &flags) < 0)
		return NULL;
	m = malloc(sizeof(*m));
	if (!m)
		return NULL;
	*m = (struct memory){ .bytes = memory, .size = size, .own = !memory };
	if (m->own)
		m->bytes = malloc(size);
	if (!m->bytes)
		goto free_memory;
	begin(m, mode);
	file = fopencookie(m, mode, calls);
	if (file)
		return file;
	if (m->own)
		free(m->bytes);
free_memory:
	free(m);
	return NULL;
}
