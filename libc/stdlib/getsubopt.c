/* getsubopt.c - options within an option: -o size=3,quiet. */
#include <stdlib.h>
#include <string.h>

/* The index of the first name in *rest, which moves on; -1: no such name, and
   *value is all of it. */
int getsubopt(char **rest, char *const *names, char **value)
{
	char *start = *rest, *equals;

	*rest = strchrnul(start, ',');
	if (**rest)
		*(*rest)++ = '\0';
	equals = strchr(start, '=');
	for (int i = 0; names[i]; i++) {
		size_t n = equals ? (size_t)(equals - start) : strlen(start);

		if (strncmp(names[i], start, n) != 0 || names[i][n])
			continue;
		*value = equals ? equals + 1 : NULL;
		return i;
	}
	*value = start;
	return -1;
}
