/*
 * printf.c - print arguments by a format.
 *
 * Each conversion of the format takes the next argument, converts it from text
 * and hands it, with its flags as they stand, to the printf() of libc. While
 * arguments are left, the format is used again.
 */
#include <err.h>
#include <errno.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"printf FORMAT [ARGUMENT...]\n"
	"Prints the arguments as FORMAT says: %s %b %c %d %i %o %u %x %X %f\n"
	"%% with flags, width and precision, and \\n \\t \\\\ \\NNN (octal).\n";

static char **arguments;
static bool took_one;
static int status;

static char *next_argument(void)
{
	took_one = true;
	return *arguments ? *arguments++ : NULL;
}

/* Prints what a backslash stands for. Returns what follows, or NULL for \c. */
static const char *print_escape(const char *text, bool zero_first)
{
	static const char names[] = "abfnrtv\\\"'";
	static const char values[] = "\a\b\f\n\r\t\v\\\"'";
	const char *name;
	int value = 0, digits = 3;

	if (*text == 'c')
		return NULL;
	if (*text >= '0' && *text <= '7') {
		digits += zero_first && *text == '0';
		while (digits-- && *text >= '0' && *text <= '7')
			value = value * 8 + *text++ - '0';
		putchar(value);
		return text;
	}
	name = *text ? strchr(names, *text) : NULL;
	if (name) {
		putchar(values[name - names]);
		return text + 1;
	}
	putchar('\\');
	return text;
}

/* %b: an argument with escapes. */
static bool print_escaped(const char *text)
{
	while (text && *text) {
		if (*text != '\\') {
			putchar(*text++);
			continue;
		}
		text = print_escape(text + 1, true);
		if (!text)
			return false;
	}
	return true;
}

/* 'A is the number of the character A. */
static long long next_number(void)
{
	const char *text = next_argument();
	long long value;
	char *end;

	if (!text)
		return 0;
	if (*text == '\'' || *text == '"')
		return (unsigned char)text[1];
	errno = 0;
	value = strtoll(text, &end, 0);
	if (errno == ERANGE && *text != '-') {
		errno = 0;
		value = strtoull(text, &end, 0);
	}
	if (errno || end == text || *end) {
		warnx("bad number: '%s'", text);
		status = 1;
	}
	return value;
}

static double next_fraction(void)
{
	const char *text = next_argument();
	double value;
	char *end;

	if (!text)
		return 0;
	value = strtod(text, &end);
	if (end == text || *end) {
		warnx("bad number: '%s'", text);
		status = 1;
	}
	return value;
}

/* Copies flags, width and precision behind the %, with * replaced. */
static const char *copy_flags(const char *format, char *to, char *end)
{
	*to++ = '%';
	while (*format && strchr("-+ #0123456789.*", *format) && to < end) {
		if (*format == '*')
			to += snprintf(to, end - to, "%d", (int)next_number());
		else
			*to++ = *format;
		format++;
	}
	if (to >= end)
		errx(2, "a conversion is too long");
	*to = '\0';
	return format;
}

/* Returns what follows the conversion, or NULL to stop. */
static const char *print_conversion(const char *format)
{
	char flags[64], *text;

	if (*format == '%') {
		putchar('%');
		return format + 1;
	}
	format = copy_flags(format, flags, flags + sizeof(flags) - 16);
	switch (*format) {
	case 'b':
		if (!print_escaped(next_argument()))
			return NULL;
		break;
	case 'c':
		strcat(flags, "s");
		text = next_argument();
		printf(flags, (char[]){ text ? *text : '\0', '\0' });
		break;
	case 's':
		strcat(flags, "s");
		text = next_argument();
		printf(flags, text ? text : "");
		break;
	case 'd': case 'i': case 'o': case 'u': case 'x': case 'X':
		sprintf(flags + strlen(flags), "ll%c", *format);
		printf(flags, next_number());
		break;
	case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
		sprintf(flags + strlen(flags), "%c", *format);
		printf(flags, next_fraction());
		break;
	default:
		errx(2, "no such conversion: %s%c", flags, *format);
	}
	return format + 1;
}

/* Returns false if \c ended the output. */
static bool print_once(const char *format)
{
	while (*format) {
		if (*format == '\\')
			format = print_escape(format + 1, false);
		else if (*format == '%')
			format = print_conversion(format + 1);
		else
			putchar(*format++);
		if (!format)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "-h") == 0)
		usage('h', help);
	argv += argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
	if (!*argv)
		usage('?', help);
	arguments = argv + 1;
	do {
		took_one = false;
	} while (print_once(*argv) && took_one && *arguments);
	return finish(status);
}
