/*
 * format.c - the formats of printf() without floating point.
 *
 * One function walks the format and hands characters to a struct text, which
 * stores characters as long as there is room, and counts all. snprintf() and
 * text_printf() differ only in the owner of the text.
 */
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"

/* [own] A conversion, from the % to the letter. */
struct conversion {
	bool left;		/* - */
	bool zeros;		/* 0 */
	bool prefix;		/* # */
	char plus;		/* + or space, before a positive number */
	int width;
	int precision;		/* -1: none given */
	int longs;		/* l counts 1, ll counts 2 */
};

static void put(struct text *text, char c)
{
	if (text->length < text->size)
		text->bytes[text->length] = c;
	text->length++;
}

static void put_many(struct text *text, char c, int count)
{
	while (count-- > 0)
		put(text, c);
}

/* A decimal number in the format, or for a * the next argument. */
static int take_count(const char **format, va_list *args)
{
	int count = 0;

	if (**format == '*') {
		(*format)++;
		return va_arg(*args, int);
	}
	while (**format >= '0' && **format <= '9')
		count = count * 10 + *(*format)++ - '0';
	return count;
}

static void take_flags(struct conversion *c, const char **format)
{
	for (;; (*format)++) {
		switch (**format) {
		case '-':
			c->left = true;
			break;
		case '0':
			c->zeros = true;
			break;
		case '#':
			c->prefix = true;
			break;
		case '+':
		case ' ':
			c->plus = **format;
			break;
		default:
			return;
		}
	}
}

/* Everything between the % and the letter. */
static void take_conversion(struct conversion *c, const char **format,
			    va_list *args)
{
	memset(c, 0, sizeof(*c));
	c->precision = -1;
	take_flags(c, format);
	c->width = take_count(format, args);
	if (c->width < 0) {
		c->left = true;
		c->width = -c->width;
	}
	if (**format == '.') {
		(*format)++;
		c->precision = take_count(format, args);
	}
	for (; **format == 'l'; (*format)++)
		c->longs++;
	if (**format == 'z') {
		c->longs = sizeof(size_t) == sizeof(long) ? 1 : 0;
		(*format)++;
	}
	while (**format == 'h')
		(*format)++;
}

static uint64_t unsigned_argument(const struct conversion *c, va_list *args)
{
	if (c->longs >= 2)
		return va_arg(*args, unsigned long long);
	if (c->longs == 1)
		return va_arg(*args, unsigned long);
	return va_arg(*args, unsigned int);
}

static int64_t signed_argument(const struct conversion *c, va_list *args)
{
	if (c->longs >= 2)
		return va_arg(*args, long long);
	if (c->longs == 1)
		return va_arg(*args, long);
	return va_arg(*args, int);
}

/* Digits from the last to the first, ending below `end`; returns the first. */
static char *make_digits(char *end, uint64_t value, unsigned base,
			 const char *digits)
{
	uint32_t small;

	/* Few numbers need the slow division of 64 bits. */
	for (; value > UINT32_MAX; value /= base)
		*--end = digits[value % base];
	for (small = value; small > 0; small /= base)
		*--end = digits[small % base];
	return end;
}

static void put_number(struct text *text, const struct conversion *c,
		       uint64_t value, unsigned base, const char *sign,
		       bool capitals)
{
	char buffer[24];	/* 2^64 has 22 octal digits */
	char *end = buffer + sizeof(buffer);
	char *first = make_digits(end, value, base, capitals ?
				  "0123456789ABCDEF" : "0123456789abcdef");
	int digits = end - first;
	int zeros = MAX(c->precision < 0 ? 1 : c->precision, digits) - digits;
	int blanks = c->width - (int)strlen(sign) - zeros - digits;

	if (c->zeros && !c->left && c->precision < 0 && blanks > 0) {
		zeros += blanks;
		blanks = 0;
	}
	if (!c->left)
		put_many(text, ' ', blanks);
	for (; *sign; sign++)
		put(text, *sign);
	put_many(text, '0', zeros);
	for (; first < end; first++)
		put(text, *first);
	if (c->left)
		put_many(text, ' ', blanks);
}

static void put_signed(struct text *text, const struct conversion *c,
		       int64_t value)
{
	char plus[2] = { c->plus, '\0' };

	if (value < 0)
		put_number(text, c, -(uint64_t)value, 10, "-", false);
	else
		put_number(text, c, value, 10, plus, false);
}

static void put_hexadecimal(struct text *text, const struct conversion *c,
			    uint64_t value, bool capitals)
{
	const char *sign = "";

	if (c->prefix && value != 0)
		sign = capitals ? "0X" : "0x";
	put_number(text, c, value, 16, sign, capitals);
}

/* A precision limits the read: then the string needs no final NUL. */
static void put_string(struct text *text, const struct conversion *c,
		       const char *s)
{
	size_t limit = c->precision < 0 ? SIZE_MAX : (size_t)c->precision;
	int length;

	if (!s)
		s = "(null)";
	length = strnlen(s, limit);
	if (!c->left)
		put_many(text, ' ', c->width - length);
	for (int i = 0; i < length; i++)
		put(text, s[i]);
	if (c->left)
		put_many(text, ' ', c->width - length);
}

static void put_character(struct text *text, const struct conversion *c,
			  char character)
{
	if (!c->left)
		put_many(text, ' ', c->width - 1);
	put(text, character);
	if (c->left)
		put_many(text, ' ', c->width - 1);
}

/* Format an argument by the letter. An unknown letter is copied. */
static void put_argument(struct text *text, struct conversion *c, char letter,
			 va_list *args)
{
	switch (letter) {
	case 'd':
	case 'i':
		put_signed(text, c, signed_argument(c, args));
		return;
	case 'u':
		put_number(text, c, unsigned_argument(c, args), 10, "", false);
		return;
	case 'o':
		put_number(text, c, unsigned_argument(c, args), 8, "", false);
		return;
	case 'x':
	case 'X':
		put_hexadecimal(text, c, unsigned_argument(c, args),
				letter == 'X');
		return;
	case 'p':
		put_number(text, c, (uintptr_t)va_arg(*args, void *), 16, "0x",
			   false);
		return;
	case 'c':
		put_character(text, c, va_arg(*args, int));
		return;
	case 's':
		put_string(text, c, va_arg(*args, const char *));
		return;
	case '%':
		put(text, '%');
		return;
	default:
		put(text, '%');
		put(text, letter);
		return;
	}
}

static void put_format(struct text *text, const char *format, va_list *args)
{
	struct conversion c;

	for (; *format; format++) {
		if (*format != '%') {
			put(text, *format);
			continue;
		}
		format++;
		take_conversion(&c, &format, args);
		if (!*format)
			return;
		put_argument(text, &c, *format, args);
	}
}

static void text_vprintf(struct text *text, const char *format, va_list args)
{
	va_list copy;

	/* A va_list may be an array type, and the address of an array
	 * parameter has the wrong type: so copy first. */
	va_copy(copy, args);
	put_format(text, format, &copy);
	va_end(copy);
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vprintf(text, format, args);
	va_end(args);
}

int vsnprintf(char *to, size_t size, const char *format, va_list args)
{
	struct text text = { to, size > 0 ? size - 1 : 0, 0 };

	text_vprintf(&text, format, args);
	if (size > 0)
		to[MIN(text.length, size - 1)] = '\0';
	return text.length;
}

int snprintf(char *to, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(to, size, format, args);
	va_end(args);
	return length;
}

bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

void make_printable(char *s)
{
	for (; *s; s++)
		if (!is_printable(*s))
			*s = '?';
}
