/* err.h - messages on stderr that begin with the program's name. */
#pragma once

#include <stdarg.h>

/* err and warn add ": " and the text of errno; the x forms do not. */
_Noreturn void err(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
_Noreturn void errx(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
_Noreturn void verr(int status, const char *format, va_list arguments);
_Noreturn void verrx(int status, const char *format, va_list arguments);
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warnx(const char *format, ...) __attribute__((format(printf, 1, 2)));
void vwarn(const char *format, va_list arguments);
void vwarnx(const char *format, va_list arguments);
