/* err.c - messages after the program's name; err() and errx() also exit. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libc/text.h"

/* error is an errno value, or -1 for a message without one. */
static void message(int error, const char *format, va_list arguments)
{
	const char *name = __program_name();
	char text[1024] = "";

	if (format)
		vsnprintf(text, sizeof(text), format, arguments);
	if (error < 0)
		__text_error(name, ": ", text, "\n", NULL);
	else if (format)
		__text_error(name, ": ", text, ": ", strerror(error), "\n",
			NULL);
	else
		__text_error(name, ": ", strerror(error), "\n", NULL);
}

void vwarn(const char *format, va_list arguments)
{
	message(errno, format, arguments);
}

void vwarnx(const char *format, va_list arguments)
{
	message(-1, format, arguments);
}

void warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarn(format, arguments);
	va_end(arguments);
}

void warnx(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarnx(format, arguments);
	va_end(arguments);
}

void verr(int status, const char *format, va_list arguments)
{
	vwarn(format, arguments);
	exit(status);
}

void verrx(int status, const char *format, va_list arguments)
{
	vwarnx(format, arguments);
	exit(status);
}

void err(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	verr(status, format, arguments);
}

void errx(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	verrx(status, format, arguments);
}
