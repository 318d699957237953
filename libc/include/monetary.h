/* monetary.h - amounts of money as text, by the rules of the locale "C". */
#pragma once

#include <sys/locale_t.h>

#include "kernel/abi/types.h"

#include <stddef.h>

ssize_t strfmon(char *__restrict s, size_t size, const char *__restrict format,
	...);

/* The locale changes nothing: see <locale.h>. */
ssize_t strfmon_l(char *__restrict s, size_t size, locale_t locale,
	const char *__restrict format, ...);
