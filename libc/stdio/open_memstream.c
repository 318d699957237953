/*
 * open_memstream.c - text that grows in memory while the program writes.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "libc/stdio/file.h"
#include "libc/stdio/seek.h"

struct growing {
	char **text;		/* of the caller: told at each flush */
	size_t *size;
	char *bytes;
	size_t room, length, at;
};

/* A byte more than the text: the zero at its end. */
static int grow(struct growing *g, size_t length)
{
	size_t room = g->room * 2 > length + 1 ? g->room * 2 : length + 1;
	char *bytes;

	if (length < g->room)
		return 0;
	bytes = realloc(g->bytes, room);
	if (!bytes)
		return -1;
	memset(bytes + g->room, 0, room - g->room);
	g->bytes = *g->text = bytes;
	g->room = room;
	return 0;
}

static ssize_t growing_write(void *cookie, const char *data, size_t n)
{
	struct growing *g = cookie;

	if (n > INT_MAX - g->at) {
		errno = EFBIG;
		return -1;
	}
	if (grow(g, g->at + n) < 0)
		return -1;
	memcpy(g->bytes + g->at, data, n);
	g->at += n;
	if (g->at > g->length)
		g->length = g->at;
	*g->text = g->bytes;
	*g->size = g->at;
	return (ssize_t)n;
}

static int growing_seek(void *cookie, off_t *offset, int whence)
{
	struct growing *g = cookie;

	if (__seek_in_memory(offset, whence, g->at, g->length, INT_MAX) < 0)
		return -1;
	g->at = (size_t)*offset;
	*g->size = g->at < g->length ? g->at : g->length;
	return 0;
}

static int growing_close(void *cookie)
{
	free(cookie);		/* the text is the caller's */
	return 0;
}

FILE *open_memstream(char **text, size_t *size)
{
	const cookie_io_functions_t calls = {
		NULL, growing_write, growing_seek, growing_close,
	};
	struct growing *g = calloc(1, sizeof(*g));
	FILE *file;

	if (!g)
		return NULL;
	g->text = text;
	g->size = size;
	*size = 0;
	if (grow(g, 63) < 0)
		goto free_growing;
	file = fopencookie(g, "w", calls);
	if (file)
		return file;
	free(g->bytes);
free_growing:
	free(g);
	return NULL;
}
