/*
 * key.c - the order of two lines.
 *
 * A key names a part of the line: from a field (and character) to a second
 * field. Lines are compared by the first key, then by the next, and in the end
 * by all their bytes, so that the result does not depend on the order of the
 * input.
 */
#include "user/sort/sort.h"

#include <ctype.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>

struct ordering {
	bool skip_start, skip_end;	/* blanks in front of either end */
	bool fold_case, numeric, reverse;
};

struct key {
	size_t first_field, first_character;	/* from 1 */
	size_t last_field, last_character;	/* 0: to the end */
	struct ordering ordering;
	bool own_ordering;
};

static struct key keys[16];
static size_t key_count;
static struct ordering global;
static char field_separator;	/* 0: blanks in front of a field */
static bool keys_only;

/* Only b has two meanings: behind the start of a key, and behind its end. */
static bool set_option(struct ordering *ordering, char option, bool *skip)
{
	switch (option) {
	case 'b': *skip = true; return true;
	case 'f': ordering->fold_case = true; return true;
	case 'n': ordering->numeric = true; return true;
	case 'r': ordering->reverse = true; return true;
	}
	return false;
}

void set_ordering(char option)
{
	set_option(&global, option, &global.skip_start);
	global.skip_end = global.skip_start;
}

void set_separator(char separator)
{
	field_separator = separator;
}

void set_keys_only(void)
{
	keys_only = true;
}

static const char *read_position(const char *text, size_t *field,
				 size_t *character, struct key *key,
				 bool *skip)
{
	char *end;

	*field = strtoul(text, &end, 10);
	if (end == text || *field == 0)
		errx(2, "bad key");
	if (*end == '.')
		*character = strtoul(end + 1, &end, 10);
	while (set_option(&key->ordering, *end, skip)) {
		key->own_ordering = true;
		end++;
	}
	return end;
}

void add_key(const char *definition)
{
	struct key *key = &keys[key_count];

	if (++key_count == sizeof(keys) / sizeof(keys[0]))
		errx(2, "too many keys");
	key->first_character = 1;
	definition = read_position(definition, &key->first_field,
				   &key->first_character, key,
				   &key->ordering.skip_start);
	if (*definition == ',')
		definition = read_position(definition + 1, &key->last_field,
					   &key->last_character, key,
					   &key->ordering.skip_end);
	if (*definition || key->first_character == 0)
		errx(2, "bad key");
}

/* The end of the field at text. */
static const char *field_end(const char *text)
{
	if (field_separator) {
		const char *end = strchr(text, field_separator);

		return end ? end : text + strlen(text);
	}
	text += strspn(text, " \t");
	return text + strcspn(text, " \t");
}

static const char *field_start(const char *line, size_t field)
{
	while (--field && *line) {
		line = field_end(line);
		if (field_separator && *line)
			line++;
	}
	return line;
}

static const char *skip(const char *text, size_t characters)
{
	while (characters-- && *text)
		text++;
	return text;
}

static struct span find_key(const char *line, const struct key *key,
			    const struct ordering *ordering)
{
	struct span span;

	span.start = field_start(line, key->first_field);
	if (ordering->skip_start)
		span.start += strspn(span.start, " \t");
	span.start = skip(span.start, key->first_character - 1);
	if (key->last_field == 0) {
		span.end = span.start + strlen(span.start);
		return span;
	}
	span.end = field_start(line, key->last_field);
	if (key->last_character == 0) {
		span.end = field_end(span.end);
	} else {
		if (ordering->skip_end)
			span.end += strspn(span.end, " \t");
		span.end = skip(span.end, key->last_character);
	}
	if (span.end < span.start)
		span.end = span.start;
	return span;
}

static int compare_text(struct span a, struct span b, bool fold_case)
{
	for (; a.start < a.end && b.start < b.end; a.start++, b.start++) {
		unsigned char x = *a.start, y = *b.start;

		if (fold_case) {
			x = toupper(x);
			y = toupper(y);
		}
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.start < a.end) - (b.start < b.end);
}

static int compare_key(const char *a, const char *b, const struct key *key)
{
	const struct ordering *ordering =
		key->own_ordering ? &key->ordering : &global;
	struct span span_a = find_key(a, key, ordering);
	struct span span_b = find_key(b, key, ordering);
	int result = ordering->numeric ? compare_numbers(span_a, span_b) :
		compare_text(span_a, span_b, ordering->fold_case);

	return ordering->reverse ? -result : result;
}

/* Without keys and options the bytes of the lines decide alone. */
static bool bytes_decide(void)
{
	return key_count == 0 && !global.skip_start && !global.fold_case &&
	       !global.numeric;
}

int compare_lines(const char *a, const char *b)
{
	static const struct key whole_line = {
		.first_field = 1, .first_character = 1,
	};
	int result = 0;

	if (!bytes_decide()) {
		if (key_count == 0)
			result = compare_key(a, b, &whole_line);
		for (size_t i = 0; i < key_count && result == 0; i++)
			result = compare_key(a, b, &keys[i]);
		if (result || keys_only)
			return result;
	}
	result = strcmp(a, b);
	return global.reverse ? -result : result;
}
