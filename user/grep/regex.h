/* regex.h - the regular expressions of grep. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct regex;

enum syntax { BASIC, EXTENDED, FIXED };

enum {
	IGNORE_CASE = 1,	/* letters match both cases */
	WHOLE_WORD = 2,		/* no word character before or behind */
	WHOLE_LINE = 4,		/* from the start to the end */
};

/*
 * Compiles a pattern of length bytes. Ends the program with a message if the
 * pattern is malformed.
 */
struct regex *regex_compile(const char *pattern, size_t length,
			    enum syntax syntax, int flags);

/*
 * Looks for the leftmost longest match in text[from] to text[length - 1].
 * Returns true and sets start and end if there is one. The text before from
 * counts for ^ and for words.
 */
bool regex_find(struct regex *regex, const char *text, size_t length,
		size_t from, size_t *start, size_t *end);
