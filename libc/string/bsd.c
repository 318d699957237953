/*
 * bsd.c - string functions from BSD: copies with a limit that always end the
 * string, and splitting with empty fields.
 */
#include <string.h>

/* Returns the length of from; a result of at least size says: the copy is cut.
 * */
size_t strlcpy(char *restrict to, const char *restrict from, size_t size)
{
	size_t length = strlen(from);
	size_t n;

	if (size == 0)
		return length;
	n = length < size ? length : size - 1;
	memcpy(to, from, n);
	to[n] = '\0';
	return length;
}

size_t strlcat(char *restrict to, const char *restrict from, size_t size)
{
	size_t length = strnlen(to, size);

	if (length == size)
		return size + strlen(from);
	return length + strlcpy(to + length, from, size - length);
}

char *strsep(char **rest, const char *delimiters)
{
	char *field = *rest;

	if (field == NULL)
		return NULL;
	*rest = strpbrk(field, delimiters);
	if (*rest)
		*(*rest)++ = '\0';
	return field;
}
