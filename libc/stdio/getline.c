/* getline.c - lines of any length, in memory that grows. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "libc/stdio/file.h"

static bool make_room(char **line, size_t *size, size_t needed)
{
	size_t larger = *size < 64 ? 128 : *size * 2;
	char *moved;

	if (*line && needed <= *size)
		return true;
	if (needed > SSIZE_MAX) {
		errno = EOVERFLOW;
		return false;
	}
	if (larger < needed)
		larger = needed;
	moved = realloc(*line, larger);
	if (!moved)
		return false;
	*line = moved;
	*size = larger;
	return true;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter,
	FILE *restrict file)
{
	FILE_ENTER(file);
	unsigned char *found = NULL;
	size_t used = 0;

	if (!line || !size) {
		errno = EINVAL;
		return -1;
	}
	if (!*line)
		*size = 0;
	while (!found) {
		size_t held = file->read_end - file->read_at;

		if (held == 0) {
			if (__file_fill(file) == EOF)
				break;
			file->read_at--;
			continue;
		}
		found = memchr(file->read_at, delimiter, held);
		if (found)
			held = found + 1 - file->read_at;
		if (!make_room(line, size, used + held + 1)) {
			file->flags |= FILE_ERROR;
			return -1;
		}
		memcpy(*line + used, file->read_at, held);
		file->read_at += held;
		used += held;
	}
	if (used == 0 || (!found && file->flags & FILE_ERROR))
		return -1;
	(*line)[used] = '\0';
	return (ssize_t)used;
}

ssize_t getline(char **restrict line, size_t *restrict size,
	FILE *restrict file)
{
	return getdelim(line, size, '\n', file);
}
