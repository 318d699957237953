/*
 * strfmon.c - amounts of money as text.
 *
 * The locale "C" has no currency and no separators: an amount is a number with
 * two digits behind the point. %=c fills, %( is a pair of parentheses, %- is to
 * the left, a width, #digits before the point and .digits behind it.
 */
#include <errno.h>
#include <monetary.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct amount {
	char fill;
	bool left, parentheses;
	int width, before, behind;
};

static const char *parse(const char *p, struct amount *a)
{
	*a = (struct amount){ .fill = ' ', .before = -1, .behind = 2 };
	for (;; p++) {
		if (*p == '=' && p[1])
			a->fill = *++p;
		else if (*p == '(')
			a->parentheses = true;
		else if (*p == '-')
			a->left = true;
		else if (!*p || !strchr("^!+", *p))
			break;
	}
	a->width = (int)strtol(p, (char **)&p, 10);
	if (*p == '#')
		a->before = (int)strtol(p + 1, (char **)&p, 10);
	if (*p == '.')
		a->behind = (int)strtol(p + 1, (char **)&p, 10);
	return p;
}

/* The digits with sign and fill; false: more than the text may have. */
static bool amount_text(char *text, size_t size, const struct amount *a,
	double value)
{
	char digits[400];
	const char *sign = value < 0 ? a->parentheses ? "(" : "-" : "";
	int whole, fill, n;

	if (a->behind > 50 || a->before > 300)
		return false;
	snprintf(digits, sizeof(digits), "%.*f", a->behind,
		value < 0 ? -value : value);
	whole = (int)strcspn(digits, ".");
	fill = a->before > whole ? a->before - whole : 0;
	if (a->before >= 0 && value >= 0)
		sign = " ";
	n = snprintf(text, size, "%s%*s%s%s", sign, fill, "", digits,
		value < 0 && a->parentheses ? ")"
		: a->before >= 0 && a->parentheses ? " " : "");
	if (n < 0 || (size_t)n >= size)
		return false;
	memset(text + strlen(sign), a->fill, (size_t)fill);
	return true;
}

/* Text into the rest of s; false: no room. */
static bool put(char **s, size_t *left, const char *text, int width, bool front)
{
	int n = snprintf(*s, *left, front ? "%-*s" : "%*s", width, text);

	if (n < 0 || (size_t)n >= *left)
		return false;
	*s += n;
	*left -= (size_t)n;
	return true;
}

static ssize_t write_all(char *s, size_t size, const char *format,
	va_list arguments)
{
	char *at = s, text[512] = "";
	int error = 0;

	while (*format && !error) {
		struct amount amount = { .left = true };

		text[0] = *format++;
		text[1] = '\0';
		if (text[0] == '%' && *format == '%')
			format++;
		else if (text[0] == '%') {
			format = parse(format, &amount);
			if (*format != 'n' && *format != 'i')
				error = EINVAL;
			else if (!amount_text(text, sizeof(text), &amount,
			    va_arg(arguments, double)))
				error = E2BIG;
			format += !error;
		}
		if (!error && !put(&at, &size, text, amount.width, amount.left))
			error = E2BIG;
	}
	if (!error)
		return at - s;
	errno = error;
	return -1;
}

ssize_t strfmon(char *restrict s, size_t size, const char *restrict format,
	...)
{
	va_list arguments;
	ssize_t length;

	va_start(arguments, format);
	length = write_all(s, size, format, arguments);
	va_end(arguments);
	return length;
}

ssize_t strfmon_l(char *restrict s, size_t size, locale_t locale,
	const char *restrict format, ...)
{
	va_list arguments;
	ssize_t length;

	(void)locale;
	va_start(arguments, format);
	length = write_all(s, size, format, arguments);
	va_end(arguments);
	return length;
}
