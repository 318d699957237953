/*
 * open_wmemstream.c - wide text that grows in memory.
 *
 * A stream carries bytes: the characters come as UTF-8, and become wchar_t
 * again here. A character can lie across two writes.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libc/stdio/file.h"
#include "libc/stdio/seek.h"

struct wide {
	wchar_t **text;		/* of the caller: told at each flush */
	size_t *size;
	wchar_t *characters;
	size_t room, length, at;
	mbstate_t state;
};

/* Room for a character more, and for the zero at the end. */
static int grow(struct wide *w, size_t length)
{
	size_t room = w->room * 2 > length + 2 ? w->room * 2 : length + 2;
	wchar_t *characters;

	if (length + 1 < w->room)
		return 0;
	characters = realloc(w->characters, room * sizeof(*characters));
	if (!characters)
		return -1;
	wmemset(characters + w->room, L'\0', room - w->room);
	w->characters = *w->text = characters;
	w->room = room;
	return 0;
}

static ssize_t wide_write(void *cookie, const char *bytes, size_t n)
{
	struct wide *w = cookie;
	size_t done = 0;

	while (done < n) {
		size_t used;

		if (grow(w, w->at) < 0)
			return -1;
		used = mbrtowc(w->characters + w->at, bytes + done, n - done,
			       &w->state);
		if (used == (size_t)-1)
			return -1;
		if (used == (size_t)-2)
			break;
		done += used ? used : 1;
		w->at++;
	}
	if (w->at > w->length)
		w->length = w->at;
	*w->size = w->at;
	return (ssize_t)n;
}

/* The offsets count characters. */
static int wide_seek(void *cookie, off_t *offset, int whence)
{
	struct wide *w = cookie;

	if (__seek_in_memory(offset, whence, w->at, w->length,
			     INT_MAX / sizeof(wchar_t)) < 0 ||
	    grow(w, (size_t)*offset) < 0)
		return -1;
	w->at = (size_t)*offset;
	memset(&w->state, 0, sizeof(w->state));
	*w->size = w->at < w->length ? w->at : w->length;
	return 0;
}

static int wide_close(void *cookie)
{
	free(cookie);		/* the text is the caller's */
	return 0;
}

FILE *open_wmemstream(wchar_t **text, size_t *size)
{
	const cookie_io_functions_t calls = {
		NULL, wide_write, wide_seek, wide_close,
	};
	struct wide *w = calloc(1, sizeof(*w));
	FILE *file;

	if (!w)
		return NULL;
	w->text = text;
	w->size = size;
	*size = 0;
	if (grow(w, 31) < 0)
		goto free_wide;
	file = fopencookie(w, "w", calls);
	if (file)
		return file;
	free(w->characters);
free_wide:
	free(w);
	return NULL;
}
