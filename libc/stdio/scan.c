/*
 * scan.c - the scanf family: text parsed by a format.
 *
 * Input is read by the character, and at most one character is pushed back, as
 * C demands. So the start of a number without digits ("0x" and then a blank) is
 * consumed, and the conversion fails.
 *
 * Each argument is a pointer, so %n$ (an argument by its number) reads the list
 * from the beginning.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libc/stdio/scan.h"

static void skip_blanks(struct scan *s)
{
	int c;

	s->left = INT_MAX;
	do {
		c = scan_next(s);
	} while (isspace(c));
	scan_give_back(s, c);
}

void *scan_target(struct scan *s)
{
	if (s->suppress)
		return NULL;
	if (s->number > 0) {
		va_end(s->arguments);
		va_copy(s->arguments, s->first);
	}
	while (--s->number > 0)
		(void)va_arg(s->arguments, void *);
	return va_arg(s->arguments, void *);
}

/* ---- Numbers ------------------------------------------------------------ */

static void store_integer(struct scan *s, uint64_t number)
{
	void *to = scan_target(s);

	if (!to)
		return;
	switch (s->length) {
	case CHAR:
		*(unsigned char *)to = (unsigned char)number;
		break;
	case SHORT:
		*(unsigned short *)to = (unsigned short)number;
		break;
	case LONG:
		*(unsigned long *)to = (unsigned long)number;
		break;
	case LONG_LONG:
	case LONG_DOUBLE:
		*(unsigned long long *)to = number;
		break;
	default:
		*(unsigned int *)to = (unsigned int)number;
		break;
	}
}

/* The 0 or 0x in front; the result is the next character. *any: the 0 was a
   digit. */
static int read_prefix(struct scan *s, int c, int *base, bool *any)
{
	if (c != '0' || (*base != 0 && *base != 16)) {
		if (*base == 0)
			*base = 10;
		return c;
	}
	c = scan_next(s);
	if (c == 'x' || c == 'X') {
		*base = 16;
		return scan_next(s);
	}
	*any = true;
	if (*base == 0)
		*base = 8;
	return c;
}

static enum outcome read_integer(struct scan *s, int base)
{
	uint64_t number = 0;
	bool negative, any = false;
	int c = scan_next(s);

	if (c == EOF)
		return END_OF_INPUT;
	negative = c == '-';
	if (c == '-' || c == '+')
		c = scan_next(s);
	c = read_prefix(s, c, &base, &any);
	for (; scan_digit(c) < base; c = scan_next(s)) {
		number = number * (unsigned int)base +
			(unsigned int)scan_digit(c);
		any = true;
	}
	scan_give_back(s, c);
	if (!any)
		return MISMATCH;
	store_integer(s, negative ? -number : number);
	return DONE;
}

/* ---- Characters --------------------------------------------------------- */

/* The set of %[...]: the accepted characters. Returns the rest of the format.
 * */
static const char *parse_set(const char *p, bool accepted[256])
{
	bool negated = *p == '^';
	const char *first;

	if (negated)
		p++;
	memset(accepted, negated, 256);
	for (first = p; *p && (*p != ']' || p == first); p++) {
		int low = (unsigned char)*p, high = low;

		if (p[1] == '-' && p[2] && p[2] != ']') {
			high = (unsigned char)p[2];
			p += 2;
		}
		for (; low <= high; low++)
			accepted[low] = !negated;
	}
	return *p ? p + 1 : p;
}

/* The text of a conversion: memory of the program, or with %m of malloc(). */
struct text {
	char *start;		/* NULL: the text is dropped */
	size_t length, room;	/* room 0: the program's, without a limit */
};

static bool put(struct text *text, int c)
{
	char *larger;

	if (!text->start)
		return true;
	if (text->room && text->length == text->room) {
		larger = realloc(text->start, text->room * 2);
		if (!larger)
			return false;
		text->start = larger;
		text->room *= 2;
	}
	text->start[text->length++] = (char)c;
	return true;
}

/* The characters that are accepted, up to the width. */
static enum outcome fill(struct scan *s, struct text *text,
	const bool accepted[256], bool terminate)
{
	int wanted = s->left, c = scan_next(s);

	if (c == EOF)
		return END_OF_INPUT;
	for (; c != EOF && accepted[c]; c = scan_next(s))
		if (!put(text, c))
			return NO_MEMORY;
	scan_give_back(s, c);
	if (s->left == wanted)
		return MISMATCH;
	if (!terminate && s->left > 0)
		return END_OF_INPUT;	/* %5c and not so many */
	return !terminate || put(text, '\0') ? DONE : NO_MEMORY;
}

/* %s, %[ and %c. */
static enum outcome read_text(struct scan *s, const bool accepted[256],
	bool terminate)
{
	struct text text = { scan_target(s), 0, 0 };
	char **target = NULL;
	enum outcome outcome;

	if (s->allocates && text.start) {
		target = (char **)text.start;
		text.room = 16;
		text.start = malloc(text.room);
		if (!text.start)
			return NO_MEMORY;
	}
	outcome = fill(s, &text, accepted, terminate);
	if (target && outcome == DONE)
		*target = text.start;
	else if (target)
		free(text.start);
	return outcome;
}

static enum outcome read_string(struct scan *s)
{
	bool accepted[256];

	for (int c = 0; c < 256; c++)
		accepted[c] = !isspace(c);
	return read_text(s, accepted, true);
}

static enum outcome read_chars(struct scan *s)
{
	bool accepted[256];

	memset(accepted, true, sizeof(accepted));
	return read_text(s, accepted, false);
}

/* ---- The format --------------------------------------------------------- */

static const char *parse_length(const char *p, enum length *length)
{
	*length = INT;
	if (*p == 'h') {
		*length = p[1] == 'h' ? CHAR : SHORT;
		return p + 1 + (p[1] == 'h');
	}
	if (*p == 'l') {
		*length = p[1] == 'l' ? LONG_LONG : LONG;
		return p + 1 + (p[1] == 'l');
	}
	if (*p == 'j' || *p == 'q')
		*length = LONG_LONG;
	else if (*p == 'z' || *p == 't')
		*length = LONG;
	else if (*p == 'L')
		*length = LONG_DOUBLE;
	else
		return p;
	return p + 1;
}

static const char *parse_number(const char *p, int *number)
{
	for (*number = 0; isdigit((unsigned char)*p); p++)
		*number = *number < INT_MAX / 10 - 1
			? *number * 10 + *p - '0' : INT_MAX / 10;
	return p;
}

static enum outcome convert(struct scan *s, char letter, bool width_given,
	const bool set[256])
{
	int c;

	switch (letter) {
	case 'd':
	case 'u':
		return read_integer(s, 10);
	case 'i':
		return read_integer(s, 0);
	case 'o':
		return read_integer(s, 8);
	case 'p':
		s->length = LONG;	/* as wide as a pointer */
		return read_integer(s, 16);
	case 'x':
	case 'X':
		return read_integer(s, 16);
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		return scan_float(s);
	case 's':
		return s->length == LONG ? scan_wide(s, 's') : read_string(s);
	case '[':
		return s->length == LONG ? scan_wide(s, '[')
			: read_text(s, set, true);
	case 'c':
		if (!width_given)
			s->left = 1;
		return s->length == LONG ? scan_wide(s, 'c') : read_chars(s);
	case '%':
		c = scan_next(s);
		if (c == '%')
			return DONE;
		scan_give_back(s, c);
		return c == EOF ? END_OF_INPUT : MISMATCH;
	default:
		return MISMATCH;
	}
}

/* One conversion. *format is moved from behind the % to behind the conversion.
   *count counts the stored values. */
static enum outcome scan_one(struct scan *s, const char **format, int *count)
{
	const char *p = *format;
	bool set[256], width_given;
	int width;
	enum outcome outcome;
	char letter;

	s->number = 0;
	if (p[strspn(p, "0123456789")] == '$')
		p = parse_number(p, &s->number) + 1;
	s->suppress = *p == '*';
	p += s->suppress;
	width_given = isdigit((unsigned char)*p);
	p = parse_number(p, &width);
	s->allocates = *p == 'm';
	p += s->allocates;
	p = parse_length(p, &s->length);
	letter = *p;
	if (letter)
		p++;
	if (letter == 'C' || letter == 'S') {	/* old names of %lc and %ls */
		s->length = LONG;
		letter += 'a' - 'A';
	}
	s->set = p;
	if (letter == '[')
		p = parse_set(p, set);
	*format = p;

	if (letter == 'n') {
		store_integer(s, s->taken);
		return DONE;
	}
	if (letter != '[' && letter != 'c')
		skip_blanks(s);
	s->left = width_given && width > 0 ? width : INT_MAX;
	outcome = convert(s, letter, width_given && width > 0, set);
	if (outcome == DONE && !s->suppress && letter != '%')
		++*count;
	return outcome;
}

int vfscanf(FILE *restrict file, const char *restrict format,
	va_list arguments)
{
	FILE_ENTER(file);
	struct scan s = { .file = file };
	enum outcome outcome = DONE;
	const char *p = format;
	int count = 0, c;

	va_copy(s.first, arguments);
	va_copy(s.arguments, arguments);
	while (*p && outcome == DONE) {
		if (isspace((unsigned char)*p)) {
			skip_blanks(&s);
			p++;
		} else if (*p == '%') {
			p++;
			outcome = scan_one(&s, &p, &count);
		} else {
			s.left = 1;
			c = scan_next(&s);
			if (c == EOF) {
				outcome = END_OF_INPUT;
			} else if (c != (unsigned char)*p++) {
				scan_give_back(&s, c);
				outcome = MISMATCH;
			}
		}
	}
	va_end(s.arguments);
	va_end(s.first);
	if (outcome == NO_MEMORY || (count == 0 && (outcome == END_OF_INPUT ||
						    outcome == NOT_UTF8)))
		return EOF;
	return count;
}
