/*
 * field.c - the words that an expansion makes: splitting and file names.
 *
 * The expansion hands over one character at a time. A field is built as a
 * pattern: a quoted character with a meaning in patterns gets a backslash. At
 * the end of the field the pattern is matched against file names, or the
 * backslashes are removed and the field is a plain word.
 *
 * Fields are cut while the text arrives, and only in unquoted text of an
 * expansion. Blanks of IFS (space, tab, newline) separate fields in any number;
 * any other character of IFS, together with the blanks around, ends exactly one
 * field. So with IFS=' :' the value "a : b::c" makes the fields a, b, an empty
 * field, and c.
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "user/sh/sh.h"

static void field_add(struct expansion *e, char *word)
{
	if (e->count + 1 >= e->capacity) {
		int capacity = e->capacity ? e->capacity * 2 : 8;
		char **list = arena_alloc(e->arena, capacity * sizeof(char *));

		if (e->count)
			memcpy(list, e->list, e->count * sizeof(char *));
		e->list = list;
		e->capacity = capacity;
	}
	e->list[e->count++] = word;
	e->list[e->count] = NULL;
}

/* A pattern without its backslashes. */
char *field_plain(struct arena *arena, const char *pattern)
{
	char *plain = arena_alloc(arena, strlen(pattern) + 1);
	char *to = plain;

	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			pattern++;
		*to++ = *pattern;
	}
	return plain;
}

/* The file names that match, sorted; a pattern without a match is a word. */
static bool add_matches(struct expansion *e)
{
	glob_t found;
	size_t i;

	if (options.noglob || glob(e->field.data, 0, NULL, &found))
		return false;
	for (i = 0; i < found.gl_pathc; i++)
		field_add(e, arena_text(e->arena, found.gl_pathv[i],
			strlen(found.gl_pathv[i])));
	globfree(&found);
	return i > 0;
}

/* The field is complete. */
void field_end(struct expansion *e)
{
	text_add(&e->field, "", 0);
	if (!e->matches || !add_matches(e))
		field_add(e, field_plain(e->arena, e->field.data));
	e->field.length = 0;
	e->present = e->bracket = e->matches = false;
}

/* A character of a field, not a separator. */
void field_char(struct expansion *e, char c, bool quoted)
{
	if (quoted && strchr("*?[]\\-!^", c))
		text_char(&e->field, '\\');
	else if (c == '*' || c == '?' || (c == ']' && e->bracket))
		e->matches = true;
	else if (c == '[')
		e->bracket = true;
	text_char(&e->field, c);
	e->present = true;
	e->after_blank = false;
}

static void separate(struct expansion *e, char c)
{
	bool blank = c == ' ' || c == '\t' || c == '\n';

	if (e->present) {
		field_end(e);
		e->after_blank = blank;
	} else if (!blank) {
		if (!e->after_blank)
			field_end(e);
		e->after_blank = false;
	}
}

/* Add a value: split into fields, unless quoted or in an unsplit place. */
void field_value(struct expansion *e, const char *value, int how)
{
	bool quoted = how & (HOW_QUOTED | HOW_HERE);
	const char *ifs = variable_get("IFS");

	if (!ifs)
		ifs = " \t\n";
	if (quoted || e->mode != EXPAND_FIELDS)
		ifs = "";
	for (; *value; value++) {
		if (strchr(ifs, *value))
			separate(e, *value);
		else if (*value == '\\' && e->mode != EXPAND_PATTERN)
			field_char(e, '\\', true);
		else
			field_char(e, *value, quoted);
	}
}
