/*
 * scan_wide.c - %ls, %lc and %l[ of the scanf family: text of wide characters.
 *
 * The input is UTF-8. A width counts characters, not bytes. A character that a
 * conversion does not accept goes back with all its bytes.
 */
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

#include "libc/stdio/scan.h"

struct character {
	wchar_t wide;
	char bytes[MB_LEN_MAX];
	int count;		/* of bytes */
};

/* The text of a conversion, as struct text of scan.c. */
struct wide_text {
	wchar_t *start;
	size_t length, room;
};

/* The next character, if the width allows one. */
static enum outcome take(struct scan *s, struct character *next)
{
	mbstate_t state = { 0 };
	size_t used;
	int c = scan_next(s);

	next->count = 0;
	if (c == EOF)
		return END_OF_INPUT;
	do {
		char byte = (char)c;

		next->bytes[next->count++] = byte;
		used = mbrtowc(&next->wide, &byte, 1, &state);
		if (used == (size_t)-1)
			return NOT_UTF8;
		if (used != (size_t)-2)
			return DONE;
		s->left++;		/* for the rest of the character */
		c = scan_next(s);
	} while (c != EOF);
	errno = EILSEQ;
	return NOT_UTF8;
}

static void give_back(struct scan *s, const struct character *last)
{
	for (int i = last->count - 1; i >= 0; i--)
		scan_give_back(s, (unsigned char)last->bytes[i]);
	s->left -= last->count - 1;
}

/* The next character of the format, 0 at its end. */
static wchar_t next_of(const char **format)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t used = mbrtowc(&wide, *format, MB_LEN_MAX, &state);

	if (used > MB_LEN_MAX) {		/* an error */
		wide = (unsigned char)**format;
		used = 1;
	}
	*format += used;
	return wide;
}

/* Is the character in the set, which goes to the first ']' behind its begin? */
static bool is_in(const char *set, wchar_t wide)
{
	bool negated = *set == '^';
	const char *at = set + negated, *first = at;

	for (;;) {
		bool may_end = at != first;
		wchar_t low = next_of(&at), high = low;

		if (!low || (low == ']' && may_end))
			return negated;
		if (at[0] == '-' && at[1] && at[1] != ']') {
			at++;
			high = next_of(&at);
		}
		if (low <= wide && wide <= high)
			return !negated;
	}
}

static bool is_accepted(const struct scan *s, char letter, wchar_t wide)
{
	switch (letter) {
	case 's':
		return !iswspace((wint_t)wide);
	case '[':
		return is_in(s->set, wide);
	default:
		return true;
	}
}

static bool put(struct wide_text *text, wchar_t wide)
{
	wchar_t *larger;

	if (!text->start)
		return true;
	if (text->room && text->length == text->room) {
		larger = reallocarray(text->start, text->room * 2,
				      sizeof(*larger));
		if (!larger)
			return false;
		text->start = larger;
		text->room *= 2;
	}
	text->start[text->length++] = wide;
	return true;
}

static enum outcome fill(struct scan *s, struct wide_text *text, char letter)
{
	struct character next;
	enum outcome outcome;
	size_t before = s->taken;

	while ((outcome = take(s, &next)) == DONE) {
		if (!is_accepted(s, letter, next.wide)) {
			give_back(s, &next);
			outcome = MISMATCH;
			break;
		}
		if (!put(text, next.wide))
			return NO_MEMORY;
	}
	if (outcome == NOT_UTF8 || s->taken == before)
		return outcome;
	if (letter == 'c')		/* %5lc and not so many */
		return s->left > 0 ? END_OF_INPUT : DONE;
	return put(text, L'\0') ? DONE : NO_MEMORY;
}

enum outcome scan_wide(struct scan *s, char letter)
{
	struct wide_text text = { scan_target(s), 0, 0 };
	wchar_t **target = NULL;
	enum outcome outcome;

	if (s->allocates && text.start) {
		target = (wchar_t **)(void *)text.start;
		text.room = 16;
		text.start = calloc(text.room, sizeof(*text.start));
		if (!text.start)
			return NO_MEMORY;
	}
	outcome = fill(s, &text, letter);
	if (target && outcome == DONE)
		*target = text.start;
	else if (target)
		free(text.start);
	return outcome;
}
