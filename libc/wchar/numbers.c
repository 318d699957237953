/*
 * numbers.c - numbers in wide characters.
 *
 * A number is ASCII: the text is copied up to the first other character. The
 * function for bytes reads the copy. Blanks are skipped before.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <wchar.h>
#include <wctype.h>

/* A copy of the ASCII from the first that is not blank; NULL: no memory. */
static char *copy_of(const wchar_t **s)
{
	size_t n = 0;
	char *copy;

	while (iswspace((wint_t)**s))
		(*s)++;
	while ((*s)[n] > 0 && (*s)[n] < 0x80)
		n++;
	copy = malloc(n + 1);
	for (size_t i = 0; copy && i < n; i++)
		copy[i] = (char)(*s)[i];
	if (copy)
		copy[n] = '\0';
	return copy;
}

#define READ(name, type, by, parameters, arguments)			\
	type name parameters						\
	{								\
		const wchar_t *start = s;				\
		char *copy = copy_of(&start), *stop;			\
		type number;						\
									\
		if (end)						\
			*end = (wchar_t *)s;				\
		if (!copy)						\
			return 0;					\
		number = by arguments;					\
		if (end && stop != copy)				\
			*end = (wchar_t *)start + (stop - copy);	\
		free(copy);						\
		return number;						\
	}

#define READ_REAL(name, type, by) READ(name, type, by,			\
	(const wchar_t *restrict s, wchar_t **restrict end), (copy, &stop))
#define READ_WHOLE(name, type, by) READ(name, type, by,			\
	(const wchar_t *restrict s, wchar_t **restrict end, int base),	\
	(copy, &stop, base))

READ_REAL(wcstod, double, strtod)
READ_REAL(wcstof, float, strtof)
READ_REAL(wcstold, long double, strtold)
READ_WHOLE(wcstol, long, strtol)
READ_WHOLE(wcstoll, long long, strtoll)
READ_WHOLE(wcstoul, unsigned long, strtoul)
READ_WHOLE(wcstoull, unsigned long long, strtoull)
READ_WHOLE(wcstoimax, intmax_t, strtoimax)
READ_WHOLE(wcstoumax, uintmax_t, strtoumax)
