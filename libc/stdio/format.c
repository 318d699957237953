/*
 * format.c - the engine of the printf family.
 *
 * The engine knows nothing of files: pieces of text go to out->put(). This
 * file, longer for its many letters, formats integers, strings and characters,
 * format_float.c formats floating-point numbers.
 *
 * All of C's flags, widths, precisions and lengths are there. Wide characters
 * (%lc, %ls) come out as UTF-8, and %m is the text of errno. For an argument by
 * its number (%2$d, %*3$d) the list is read from its beginning: the format says
 * the type of each argument before, since a format with numbers names them all.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libc/stdio/format.h"

/* Lengths, as modifiers before the letter say: hh h l ll j z t L. */
enum length { INT, CHAR, SHORT, LONG, LONG_LONG, LONG_DOUBLE };

struct state {
	struct format_out *out;
	const char *format;	/* the whole */
	va_list first;		/* all arguments */
	va_list arguments;	/* from the next one on */
	struct format_spec spec;
	enum length length;
	int error;		/* errno at the begin, for %m */
	bool overflow;		/* a width or precision beyond INT_MAX */
	bool bad_character;	/* a number that is none of Unicode */
};

void __format_put(struct format_out *out, const char *text, size_t n)
{
	out->written += n;
	if (n > 0)
		out->put(out, text, n);
}

void __format_repeat(struct format_out *out, char c, int n)
{
	char run[16];

	if (n <= 0)
		return;
	memset(run, c, sizeof(run));
	for (; n > (int)sizeof(run); n -= (int)sizeof(run))
		__format_put(out, run, sizeof(run));
	__format_put(out, run, (size_t)n);
}

/* ---- The parts of a conversion ------------------------------------------ */

static const char *parse_flags(const char *p, struct format_spec *spec)
{
	for (;; p++) {
		switch (*p) {
		case '-':
			spec->left = true;
			break;
		case '+':
			spec->plus = true;
			break;
		case ' ':
			spec->space = true;
			break;
		case '#':
			spec->alternate = true;
			break;
		case '0':
			spec->zero = true;
			break;
		case '\'':		/* groups of thousands: none here */
			break;
		default:
			return p;
		}
	}
}

static const char *parse_length(const char *p, enum length *length)
{
	switch (*p) {
	case 'h':
		*length = p[1] == 'h' ? CHAR : SHORT;
		return p[1] == 'h' ? p + 2 : p + 1;
	case 'l':
		*length = p[1] == 'l' ? LONG_LONG : LONG;
		return p[1] == 'l' ? p + 2 : p + 1;
	case 'j':
	case 'q':
		*length = LONG_LONG;
		return p + 1;
	case 'z':
	case 't':
		*length = LONG;	/* size_t and ptrdiff_t are as wide */
		return p + 1;
	case 'L':
		*length = LONG_DOUBLE;
		return p + 1;
	default:
		*length = INT;
		return p;
	}
}

/* ---- Arguments by number ------------------------------------------------- */

/* Read argument n, which is not needed yet, with the type that the format gives
 * it; without one it is an int. */
static void skip_argument(struct state *s, int n)
{
	const char *p = s->format, *star;
	enum length length = INT;
	char letter = 'd';

	while ((p = strchr(p, '%'))) {
		star = p + 1;
		p = parse_length(star + strspn(star, "0123456789$*.-+ #'"),
				 &length);
		letter = *p;
		if (atoi(star) == n)
			break;
		length = INT;
		letter = 'd';
		p += *p != '\0';
	}
	if (strchr("aAeEfFgG", letter) && length == LONG_DOUBLE)
		(void)va_arg(s->arguments, long double);
	else if (strchr("aAeEfFgG", letter))
		(void)va_arg(s->arguments, double);
	else if (length == LONG_LONG)
		(void)va_arg(s->arguments, long long);
	else
		(void)va_arg(s->arguments, long);
}

static void go_to_argument(struct state *s, int number)
{
	va_end(s->arguments);
	va_copy(s->arguments, s->first);
	for (int n = 1; n < number; n++)
		skip_argument(s, n);
}

/* A star and perhaps the number of an argument: its value. */
static const char *parse_star(const char *p, struct state *s, int *value)
{
	size_t digits = strspn(p, "0123456789");

	if (p[digits] == '$') {
		go_to_argument(s, atoi(p));
		p += digits + 1;
	}
	*value = va_arg(s->arguments, int);
	return p;
}

/* ---- The specification --------------------------------------------------- */

/* A number beyond the range of int is an error. */
static const char *parse_number(const char *p, struct state *s, int *number)
{
	*number = 0;
	for (; *p >= '0' && *p <= '9'; p++) {
		if (*number > (INT_MAX - 9) / 10)
			s->overflow = true;
		else
			*number = *number * 10 + *p - '0';
	}
	return p;
}

/* Everything between the % and the letter; gives the place of the letter. */
static const char *parse_spec(const char *p, struct state *s)
{
	struct format_spec *spec = &s->spec;
	int number = 0;			/* of the argument */

	*spec = (struct format_spec){ .precision = -1 };
	for (;; p++) {
		p = parse_flags(p, spec);
		p = *p == '*' ? parse_star(p + 1, s, &spec->width)
			      : parse_number(p, s, &spec->width);
		if (*p != '$')
			break;
		number = spec->width;
	}
	if (spec->width < 0) {		/* a star gave it: - and a width */
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*p == '.') {
		p++;
		p = *p == '*' ? parse_star(p + 1, s, &spec->precision)
			      : parse_number(p, s, &spec->precision);
		if (spec->precision < 0)
			spec->precision = -1;
	}
	if (number)
		go_to_argument(s, number);
	return parse_length(p, &s->length);
}

/* ---- Conversions -------------------------------------------------------- */

static size_t count_characters(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += !__format_goes_on(text[i]);
	return count;
}

/* The bytes of at most so many characters. */
static size_t bytes_of(const char *text, size_t most)
{
	const char *at = text;

	for (; *at && (most > 0 || __format_goes_on(*at)); at++)
		most -= !__format_goes_on(*at);
	return at - text;
}

/* Text, with blanks up to the width. */
static void put_padded(struct state *s, const char *text, size_t n)
{
	size_t count = s->out->is_wide ? count_characters(text, n) : n;
	int blanks = count < (size_t)s->spec.width ? s->spec.width - (int)count
		: 0;

	if (!s->spec.left)
		__format_repeat(s->out, ' ', blanks);
	__format_put(s->out, text, n);
	if (s->spec.left)
		__format_repeat(s->out, ' ', blanks);
}

/* The precision counts bytes, and no character is cut; or it counts characters.
 */
static void put_wide(struct state *s, const wchar_t *text)
{
	size_t most = s->spec.precision < 0 ? INT_MAX
		: (size_t)s->spec.precision, count = 0, used;
	const wchar_t *end = text;
	char one[4];
	int blanks;

	for (; count < most && *end; end++, count += used) {
		used = wcrtomb(one, *end, NULL);
		s->bad_character |= used == (size_t)-1;
		if (s->out->is_wide)
			used = 1;
		if (s->bad_character || used > most - count)
			break;
	}
	blanks = count < (size_t)s->spec.width ? s->spec.width - (int)count : 0;
	if (!s->spec.left)
		__format_repeat(s->out, ' ', blanks);
	for (; text < end; text++)
		__format_put(s->out, one, wcrtomb(one, *text, NULL));
	if (s->spec.left)
		__format_repeat(s->out, ' ', blanks);
}

static void put_string(struct state *s, const char *text)
{
	if (!text)
		text = "(null)";
	put_padded(s, text, s->spec.precision < 0 ? strlen(text)
		: s->out->is_wide ? bytes_of(text, (size_t)s->spec.precision)
		: strnlen(text, (size_t)s->spec.precision));
}

/* Write the digits of a number, ending at end; the result is their start. */
static char *digits_of(char *end, uint64_t number, unsigned int base,
	bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	uint32_t rest;

	for (; number >> 32; number /= base)
		*--end = digits[number % base];
	for (rest = (uint32_t)number; rest > 0; rest /= base)
		*--end = digits[rest % base];
	return end;
}

/*
 * An integer is: blanks, sign or 0x, zeros, digits, blanks. The precision says
 * how many digits at least; without one the flag 0 turns the blanks in front
 * into zeros. Nothing is printed of 0 with precision 0.
 */
static void put_integer(struct state *s, uint64_t number, unsigned int base,
	const char *prefix)
{
	const struct format_spec *spec = &s->spec;
	char text[24];
	char *start = digits_of(text + sizeof(text), number, base, spec->upper);
	int digits = (int)(text + sizeof(text) - start);
	int prefix_length = (int)strlen(prefix), zeros, blanks;

	zeros = (spec->precision < 0 ? 1 : spec->precision) - digits;
	if (base == 8 && spec->alternate && zeros <= 0)
		zeros = 1;	/* an octal number that begins with 0 */
	if (zeros < 0)
		zeros = 0;
	blanks = spec->width - prefix_length - digits;
	blanks = blanks > zeros ? blanks - zeros : 0;
	if (spec->zero && !spec->left && spec->precision < 0) {
		zeros += blanks;
		blanks = 0;
	}
	if (!spec->left)
		__format_repeat(s->out, ' ', blanks);
	__format_put(s->out, prefix, (size_t)prefix_length);
	__format_repeat(s->out, '0', zeros);
	__format_put(s->out, start, (size_t)digits);
	if (spec->left)
		__format_repeat(s->out, ' ', blanks);
}

static int64_t next_signed(struct state *s)
{
	switch (s->length) {
	case CHAR:
		return (signed char)va_arg(s->arguments, int);
	case SHORT:
		return (short)va_arg(s->arguments, int);
	case LONG:
		return va_arg(s->arguments, long);
	case LONG_LONG:
	case LONG_DOUBLE:
		return va_arg(s->arguments, long long);
	default:
		return va_arg(s->arguments, int);
	}
}

static uint64_t next_unsigned(struct state *s)
{
	switch (s->length) {
	case CHAR:
		return (unsigned char)va_arg(s->arguments, int);
	case SHORT:
		return (unsigned short)va_arg(s->arguments, int);
	case LONG:
		return va_arg(s->arguments, unsigned long);
	case LONG_LONG:
	case LONG_DOUBLE:
		return va_arg(s->arguments, unsigned long long);
	default:
		return va_arg(s->arguments, unsigned int);
	}
}

static void put_signed(struct state *s)
{
	int64_t number = next_signed(s);
	const char *sign = number < 0 ? "-" : s->spec.plus ? "+"
		: s->spec.space ? " " : "";

	put_integer(s, number < 0 ? -(uint64_t)number : (uint64_t)number, 10,
		sign);
}

static void put_hexadecimal(struct state *s)
{
	uint64_t number = next_unsigned(s);
	const char *prefix = s->spec.upper ? "0X" : "0x";

	put_integer(s, number, 16, s->spec.alternate && number ? prefix : "");
}

static void put_pointer(struct state *s)
{
	uintptr_t address = (uintptr_t)va_arg(s->arguments, void *);

	if (address == 0) {
		put_padded(s, "(nil)", 5);
		return;
	}
	put_integer(s, address, 16, "0x");
}

static void put_char(struct state *s)
{
	int value = va_arg(s->arguments, int);
	wchar_t wide[] = { value, 0 };
	char c = (char)value;

	if (s->length == LONG && value != 0)
		put_wide(s, wide);
	else
		put_padded(s, &c, 1);
}

static void put_float(struct state *s)
{
	struct float_parts parts;

	if (s->length == LONG_DOUBLE)
		parts = __float_split_long(va_arg(s->arguments, long double));
	else
		parts = __float_split(va_arg(s->arguments, double));
	__format_float(s->out, &s->spec, parts);
}

/* %n: store how much was written so far. */
static void store_count(struct state *s)
{
	void *to = va_arg(s->arguments, void *);

	switch (s->length) {
	case CHAR:
		*(signed char *)to = (signed char)s->out->written;
		break;
	case SHORT:
		*(short *)to = (short)s->out->written;
		break;
	case LONG:
		*(long *)to = (long)s->out->written;
		break;
	case LONG_LONG:
	case LONG_DOUBLE:
		*(long long *)to = (long long)s->out->written;
		break;
	default:
		*(int *)to = (int)s->out->written;
		break;
	}
}

static void put_text(struct state *s, char letter)
{
	const void *text = va_arg(s->arguments, const void *);

	if (text && (s->length == LONG || letter == 'S'))
		put_wide(s, text);
	else
		put_string(s, text);
}

static bool convert(struct state *s, char letter)
{
	s->spec.upper = letter >= 'A' && letter <= 'Z';
	s->spec.kind = (char)(letter | 0x20);
	switch (letter) {
	case 'd':
	case 'i':
		put_signed(s);
		return true;
	case 'u':
		put_integer(s, next_unsigned(s), 10, "");
		return true;
	case 'o':
		put_integer(s, next_unsigned(s), 8, "");
		return true;
	case 'x':
	case 'X':
		put_hexadecimal(s);
		return true;
	case 'c':
		put_char(s);
		return true;
	case 'C':
		s->length = LONG;
		put_char(s);
		return true;
	case 's':
	case 'S':
		put_text(s, letter);
		return true;
	case 'm':
		put_string(s, strerror(s->error));
		return true;
	case 'p':
		put_pointer(s);
		return true;
	case 'n':
		store_count(s);
		return true;
	case '%':
		__format_put(s->out, "%", 1);
		return true;
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		put_float(s);
		return true;
	default:
		return false;
	}
}

/* Gives the number of bytes, or -1: EINVAL for a format that ends inside a
   conversion, EOVERFLOW for text or a width beyond INT_MAX. An unknown
   conversion comes out as the format has it. */
int __format(struct format_out *out, const char *format, va_list arguments)
{
	struct state s = {
		.out = out, .format = format, .error = errno,
	};
	int result = 0;

	va_copy(s.first, arguments);
	va_copy(s.arguments, arguments);
	while (*format && result == 0) {
		const char *plain = format, *percent;

		while (*format && *format != '%')
			format++;
		__format_put(out, plain, (size_t)(format - plain));
		if (*format == '\0')
			break;
		percent = format;
		format = parse_spec(format + 1, &s);
		if (s.overflow || out->written > INT_MAX)
			result = EOVERFLOW;
		else if (*format == '\0')
			result = EINVAL;
		else if (!convert(&s, *format++))
			__format_put(out, percent, (size_t)(format - percent));
		else if (s.bad_character)
			result = EILSEQ;
	}
	va_end(s.arguments);
	va_end(s.first);
	if (result == 0 && out->written > INT_MAX)
		result = EOVERFLOW;
	if (result == 0)
		return (int)out->written;
	errno = result;
	return -1;
}
