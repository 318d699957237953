/* search.c - looking for characters and strings in strings. */
#include <stdbool.h>
#include <string.h>

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++) {
		if (*s == '\0')
			return NULL;
	}
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	do {
		if (*s == (char)c)
			found = s;
	} while (*s++ != '\0');
	return (char *)found;
}

/* The length of the start of s in which each character's being in set is as
   wanted. */
static size_t span(const char *s, const char *set, bool wanted)
{
	bool in_set[256] = { false };
	size_t n;

	for (; *set != '\0'; set++)
		in_set[(unsigned char)*set] = true;
	for (n = 0; s[n] != '\0'; n++) {
		if (in_set[(unsigned char)s[n]] != wanted)
			break;
	}
	return n;
}

size_t strspn(const char *s, const char *accepted)
{
	return span(s, accepted, true);
}

size_t strcspn(const char *s, const char *stop)
{
	return span(s, stop, false);
}

char *strpbrk(const char *s, const char *wanted)
{
	s += span(s, wanted, false);
	return *s ? (char *)s : NULL;
}

char *strstr(const char *s, const char *wanted)
{
	size_t n = strlen(wanted);

	if (n == 0)
		return (char *)s;
	for (; (s = strchr(s, wanted[0])) != NULL; s++) {
		if (strncmp(s, wanted, n) == 0)
			return (char *)s;
	}
	return NULL;
}

char *strtok_r(char *restrict s, const char *restrict delimiters,
	char **restrict rest)
{
	char *token = s ? s : *rest;

	if (token == NULL)
		return NULL;
	token += strspn(token, delimiters);
	if (*token == '\0') {
		*rest = NULL;
		return NULL;
	}
	*rest = strpbrk(token, delimiters);
	if (*rest)
		*(*rest)++ = '\0';
	return token;
}

char *strtok(char *restrict s, const char *restrict delimiters)
{
	static char *rest;

	return strtok_r(s, delimiters, &rest);
}
