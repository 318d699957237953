/* iconv.h - text from one code to another: UTF-8, UTF-16, UTF-32 (LE and BE),
 * ISO-8859-1 and ASCII. */
#pragma once

#include <stddef.h>

typedef void *iconv_t;

size_t iconv(iconv_t conversion, char **__restrict from,
	size_t *__restrict from_left, char **__restrict to,
	size_t *__restrict to_left);
int iconv_close(iconv_t conversion);
iconv_t iconv_open(const char *to, const char *from);
