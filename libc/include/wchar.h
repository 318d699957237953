/* wchar.h - wide characters: numbers of Unicode, and UTF-8 outside. */
#pragma once

#include <sys/locale_t.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#ifndef WEOF
#define WEOF	((wint_t)-1)
#endif
#ifndef WCHAR_MAX
#define WCHAR_MAX	__WCHAR_MAX__
#define WCHAR_MIN	(-WCHAR_MAX - 1)
#endif

/* The bytes of a character that is not complete yet. */
typedef __WINT_TYPE__ wint_t;
typedef struct {
	unsigned __value, __missing;
} mbstate_t;

/* From bytes to characters and back. */
wint_t btowc(int byte);
size_t mbrlen(const char *__restrict s, size_t n, mbstate_t *__restrict state);
size_t mbrtowc(wchar_t *__restrict c, const char *__restrict s, size_t n,
	mbstate_t *__restrict state);
int mbsinit(const mbstate_t *state);
size_t mbsnrtowcs(wchar_t *__restrict to, const char **__restrict from,
	size_t bytes, size_t n, mbstate_t *__restrict state);
size_t mbsrtowcs(wchar_t *__restrict to, const char **__restrict from, size_t n,
	mbstate_t *__restrict state);
size_t wcrtomb(char *__restrict s, wchar_t c, mbstate_t *__restrict state);
size_t wcsnrtombs(char *__restrict to, const wchar_t **__restrict from,
	size_t count, size_t n, mbstate_t *__restrict state);
size_t wcsrtombs(char *__restrict to, const wchar_t **__restrict from, size_t n,
	mbstate_t *__restrict state);
int wctob(wint_t c);

/* Strings. */
wchar_t *wcpcpy(wchar_t *__restrict to, const wchar_t *__restrict from);
wchar_t *wcpncpy(wchar_t *__restrict to, const wchar_t *__restrict from,
	size_t n);
int wcscasecmp(const wchar_t *a, const wchar_t *b);
wchar_t *wcscat(wchar_t *__restrict to, const wchar_t *__restrict from);
wchar_t *wcschr(const wchar_t *s, wchar_t c);
int wcscmp(const wchar_t *a, const wchar_t *b);
int wcscoll(const wchar_t *a, const wchar_t *b);
wchar_t *wcscpy(wchar_t *__restrict to, const wchar_t *__restrict from);
size_t wcscspn(const wchar_t *s, const wchar_t *set);
wchar_t *wcsdup(const wchar_t *s);
size_t wcslen(const wchar_t *s);
int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *wcsncat(wchar_t *__restrict to, const wchar_t *__restrict from,
	size_t n);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *wcsncpy(wchar_t *__restrict to, const wchar_t *__restrict from,
	size_t n);
size_t wcsnlen(const wchar_t *s, size_t most);
wchar_t *wcspbrk(const wchar_t *s, const wchar_t *set);
wchar_t *wcsrchr(const wchar_t *s, wchar_t c);
size_t wcsspn(const wchar_t *s, const wchar_t *set);
wchar_t *wcsstr(const wchar_t *s, const wchar_t *part);
wchar_t *wcstok(wchar_t *__restrict s, const wchar_t *__restrict separators,
	wchar_t **__restrict rest);
size_t wcsxfrm(wchar_t *__restrict to, const wchar_t *__restrict from,
	size_t n);
wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n);
int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *wmemcpy(wchar_t *__restrict to, const wchar_t *__restrict from,
	size_t n);
wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *wmemset(wchar_t *s, wchar_t c, size_t n);

/* Columns on a terminal; -1 for a character that does not print. */
int wcswidth(const wchar_t *s, size_t n);
int wcwidth(wchar_t c);

/* Numbers and dates. */
size_t wcsftime(wchar_t *__restrict s, size_t size,
	const wchar_t *__restrict format, const struct tm *__restrict date);
double wcstod(const wchar_t *__restrict s, wchar_t **__restrict end);
float wcstof(const wchar_t *__restrict s, wchar_t **__restrict end);
long wcstol(const wchar_t *__restrict s, wchar_t **__restrict end, int base);
long double wcstold(const wchar_t *__restrict s, wchar_t **__restrict end);
long long wcstoll(const wchar_t *__restrict s, wchar_t **__restrict end,
	int base);
unsigned long wcstoul(const wchar_t *__restrict s, wchar_t **__restrict end,
	int base);
unsigned long long wcstoull(const wchar_t *__restrict s,
	wchar_t **__restrict end,
	int base);

/* Files. */
wint_t fgetwc(FILE *file);
wchar_t *fgetws(wchar_t *__restrict line, int size, FILE *__restrict file);
wint_t fputwc(wchar_t c, FILE *file);
/* A stream into memory that grows: open_memstream() with wide characters. */
FILE *open_wmemstream(wchar_t **text, size_t *size);
int fputws(const wchar_t *__restrict s, FILE *__restrict file);
int fwide(FILE *file, int mode);
wint_t getwc(FILE *file);
wint_t getwchar(void);
wint_t putwc(wchar_t c, FILE *file);
wint_t putwchar(wchar_t c);
wint_t ungetwc(wint_t c, FILE *file);
int fwprintf(FILE *__restrict file, const wchar_t *__restrict format, ...);
int swprintf(wchar_t *__restrict s, size_t size,
	const wchar_t *__restrict format,
	...);
int vfwprintf(FILE *__restrict file, const wchar_t *__restrict format,
	va_list arguments);
int vswprintf(wchar_t *__restrict s, size_t size,
	const wchar_t *__restrict format, va_list arguments);
int vwprintf(const wchar_t *__restrict format, va_list arguments);
int wprintf(const wchar_t *__restrict format, ...);
int fwscanf(FILE *__restrict file, const wchar_t *__restrict format, ...);
int swscanf(const wchar_t *__restrict s, const wchar_t *__restrict format, ...);
int vfwscanf(FILE *__restrict file, const wchar_t *__restrict format,
	va_list arguments);
int vswscanf(const wchar_t *__restrict s, const wchar_t *__restrict format,
	va_list arguments);
int vwscanf(const wchar_t *__restrict format, va_list arguments);
int wscanf(const wchar_t *__restrict format, ...);

/* The locale changes nothing: see <locale.h>. */
int wcscasecmp_l(const wchar_t *a, const wchar_t *b, locale_t locale);
int wcsncasecmp_l(const wchar_t *a, const wchar_t *b, size_t n,
	locale_t locale);
int wcscoll_l(const wchar_t *a, const wchar_t *b, locale_t locale);
size_t wcsxfrm_l(wchar_t *__restrict to, const wchar_t *__restrict from,
	size_t n, locale_t locale);
