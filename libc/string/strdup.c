/* strdup.c - copies of strings in memory of their own. */
#include <stdlib.h>
#include <string.h>

char *strndup(const char *s, size_t n)
{
	size_t length = strnlen(s, n);
	char *copy = malloc(length + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, length);
	copy[length] = '\0';
	return copy;
}

char *strdup(const char *s)
{
	size_t bytes = strlen(s) + 1;
	char *copy = malloc(bytes);

	return copy ? memcpy(copy, s, bytes) : NULL;
}
