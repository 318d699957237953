/*
 * scan.c - the scanf family: text parsed by a format.
 *
 * Input is read by the character, and at most one character is pushed back, as
 * C demands. So the start of a number without digits ("0x" and then a blank) is
 * consumed, and the conversion fails.
 *
 * Not there: %n$ (arguments by number), %m (memory from malloc()) and wide
 * characters. A little over 400 lines: each letter of the format is a few.
 */
#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libc/stdio/file.h"

enum length { INT, CHAR, SHORT, LONG, LONG_LONG, LONG_DOUBLE };

/* How a conversion ended. */
enum outcome { DONE, MISMATCH, END_OF_INPUT };

struct scan {
	FILE *file;
	va_list arguments;
	size_t taken;		/* characters read so far */
	int left;		/* characters this conversion may still take */
	bool suppress;		/* %*: convert, but store nothing */
	enum length length;
};

/* The next character if the width allows one, else EOF. */
static int next(struct scan *s)
{
	int c;

	if (s->left <= 0)
		return EOF;
	c = fgetc(s->file);
	if (c == EOF)
		return EOF;
	s->left--;
	s->taken++;
	return c;
}

static void give_back(struct scan *s, int c)
{
	if (c == EOF)
		return;
	ungetc(c, s->file);
	s->left++;
	s->taken--;
}

static void skip_blanks(struct scan *s)
{
	int c;

	s->left = INT_MAX;
	do {
		c = next(s);
	} while (isspace(c));
	give_back(s, c);
}

/* ---- Numbers ------------------------------------------------------------ */

static void store_integer(struct scan *s, uint64_t number)
{
	void *to;

	if (s->suppress)
		return;
	to = va_arg(s->arguments, void *);
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

static int digit_value(int c)
{
	if (isdigit(c))
		return c - '0';
	return isxdigit(c) ? (c | 0x20) - 'a' + 10 : INT_MAX;
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
	c = next(s);
	if (c == 'x' || c == 'X') {
		*base = 16;
		return next(s);
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
	int c = next(s);

	if (c == EOF)
		return END_OF_INPUT;
	negative = c == '-';
	if (c == '-' || c == '+')
		c = next(s);
	c = read_prefix(s, c, &base, &any);
	for (; digit_value(c) < base; c = next(s)) {
		number = number * (unsigned int)base +
			(unsigned int)digit_value(c);
		any = true;
	}
	give_back(s, c);
	if (!any)
		return MISMATCH;
	store_integer(s, negative ? -number : number);
	return DONE;
}

/* May c come next in a floating-point number that begins with text? */
static bool continues(const char *text, size_t n, int c)
{
	static const char infinity[] = "infinity", nan[] = "nan";
	const char *start = *text == '-' || *text == '+' ? text + 1 : text;
	size_t length = n - (start - text);
	bool hex = length >= 2 && start[0] == '0' && (start[1] | 0x20) == 'x';
	bool exponent = strpbrk(start, hex ? "pP" : "eE") != NULL;
	int last = n > 0 ? text[n - 1] | 0x20 : 0;

	if (n == 0 && (c == '-' || c == '+'))
		return true;
	if (length < 8 && tolower(c) == infinity[length] &&
	    (length == 0 || (*start | 0x20) == 'i'))
		return true;
	if (length < 3 && tolower(c) == nan[length] &&
	    (length == 0 || (*start | 0x20) == 'n'))
		return true;
	if (length > 0 && ((*start | 0x20) == 'i' || (*start | 0x20) == 'n'))
		return false;
	if (isdigit(c))
		return true;
	if (exponent)
		return (c == '-' || c == '+') && last == (hex ? 'p' : 'e');
	if (c == '.')
		return !strchr(start, '.');
	if (hex)
		return isxdigit(c) || (c | 0x20) == 'p';
	if ((c | 0x20) == 'x')
		return length == 1 && *start == '0';
	return (c | 0x20) == 'e' && length > 0 && strpbrk(start, "0123456789");
}

static enum outcome read_float(struct scan *s)
{
	char text[1024] = "", *end;	/* longer ones are cut */
	size_t n = 0;
	int c = next(s);

	if (c == EOF)
		return END_OF_INPUT;
	for (; c != EOF && continues(text, n, c); c = next(s)) {
		if (n < sizeof(text) - 1)
			text[n++] = (char)c;
	}
	give_back(s, c);
	if (s->length == LONG_DOUBLE) {
		long double value = strtold(text, &end);

		if (end == text + n && n > 0 && !s->suppress)
			*va_arg(s->arguments, long double *) = value;
	} else if (s->length == LONG) {
		double value = strtod(text, &end);

		if (end == text + n && n > 0 && !s->suppress)
			*va_arg(s->arguments, double *) = value;
	} else {
		float value = strtof(text, &end);

		if (end == text + n && n > 0 && !s->suppress)
			*va_arg(s->arguments, float *) = value;
	}
	return end == text + n && n > 0 ? DONE : MISMATCH;
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

/* %s, %[ and %c: the characters that are accepted, up to the width. */
static enum outcome read_text(struct scan *s, const bool accepted[256],
	bool terminate)
{
	char *to = s->suppress ? NULL : va_arg(s->arguments, char *);
	int wanted = s->left, c = next(s);

	if (c == EOF)
		return END_OF_INPUT;
	for (; c != EOF && accepted[c]; c = next(s)) {
		if (to)
			*to++ = (char)c;
	}
	give_back(s, c);
	if (s->left == wanted)
		return MISMATCH;
	if (!terminate && s->left > 0)
		return END_OF_INPUT;	/* %5c and not so many */
	if (to && terminate)
		*to = '\0';
	return DONE;
}

static enum outcome read_string(struct scan *s)
{
	bool accepted[256];

	for (int c = 0; c < 256; c++)
		accepted[c] = !isspace(c);
	return read_text(s, accepted, true);
}

static enum outcome read_chars(struct scan *s, bool width_given)
{
	bool accepted[256];

	memset(accepted, true, sizeof(accepted));
	if (!width_given)
		s->left = 1;
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
		return read_float(s);
	case 's':
		return read_string(s);
	case '[':
		return read_text(s, set, true);
	case 'c':
		return read_chars(s, width_given);
	case '%':
		c = next(s);
		if (c == '%')
			return DONE;
		give_back(s, c);
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
	int width = 0;
	enum outcome outcome;
	char letter;

	s->suppress = *p == '*';
	p += s->suppress;
	for (width_given = isdigit((unsigned char)*p);
	     isdigit((unsigned char)*p); p++)
		width = width < INT_MAX / 10 - 1 ? width * 10 + *p - '0'
			: INT_MAX / 10;
	p = parse_length(p, &s->length);
	letter = *p;
	if (letter)
		p++;
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
			c = next(&s);
			if (c == EOF) {
				outcome = END_OF_INPUT;
			} else if (c != (unsigned char)*p++) {
				give_back(&s, c);
				outcome = MISMATCH;
			}
		}
	}
	va_end(s.arguments);
	return outcome == END_OF_INPUT && count == 0 ? EOF : count;
}
