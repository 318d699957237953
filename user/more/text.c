/*
 * text.c - the lines of the text, as shown.
 *
 * A line is read at its first use, and kept: the text may come through a pipe,
 * which cannot be read twice and need not have an end. Tabs become blanks and
 * control characters ^X, so that each character takes one column.
 */
#include <err.h>
#include <program.h>
#include <stdlib.h>
#include <string.h>

#include "user/more/more.h"

#define TAB_STOPS	8

static char **names;		/* of the files still to read */
static FILE *file;
static const char *file_name;
static char **lines;
static size_t count;
static int status;

void text_open(char **files)
{
	static char dash[] = "-", *standard_input[] = { dash, NULL };

	names = *files ? files : standard_input;
}

/* 1 if a file has been read badly or not at all. */
int text_status(void)
{
	return status;
}

static bool open_next(void)
{
	while (*names) {
		file_name = *names++;
		file = strcmp(file_name, "-") == 0 ? stdin
						   : fopen(file_name, "r");
		if (file)
			return true;
		warn("%s", file_name);
		status = 1;
	}
	return false;
}

static void close_file(void)
{
	if (ferror(file)) {
		warn("%s", file_name);
		status = 1;
	}
	if (file != stdin)
		fclose(file);
	file = NULL;
}

/* A line in memory of its own, ready to show. */
static char *expand(const char *line, size_t length)
{
	char *text = need(malloc(length * TAB_STOPS + 1)), *to = text;
	size_t column = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = line[i];

		if (c == '\t') {
			do
				*to++ = ' ';
			while (++column % TAB_STOPS);
			continue;
		}
		if (c < ' ' || c == 127) {
			*to++ = '^';
			c ^= 64;
			column++;
		}
		*to++ = c;
		column += (c & 0xc0) != 0x80;
	}
	*to++ = '\0';
	return need(realloc(text, to - text));
}

static void keep(char *line)
{
	lines = grow(lines, count, sizeof(*lines));
	lines[count++] = line;
}

static bool read_line(void)
{
	static char *line;
	static size_t size;
	ssize_t length;

	while (file || open_next()) {
		length = getline(&line, &size, file);
		if (length > 0) {
			length -= line[length - 1] == '\n';
			keep(expand(line, length));
			return true;
		}
		close_file();
	}
	return false;
}

/* The line of this number, counted from 0; NULL behind the last line. */
const char *text_line(size_t number)
{
	while (number >= count)
		if (!read_line())
			return NULL;
	return lines[number];
}

/* Returns how many lines there are. */
size_t text_read_all(void)
{
	while (read_line())
		;
	return count;
}
