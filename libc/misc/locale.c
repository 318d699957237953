/* locale.c - there is one locale. */
#include <locale.h>
#include <string.h>

char *setlocale(int category, const char *name)
{
	static char c_locale[] = "C";

	if (category < LC_CTYPE || category > LC_ALL)
		return NULL;
	if (name && *name && strcmp(name, "C") != 0 &&
	    strcmp(name, "POSIX") != 0)
		return NULL;
	return c_locale;
}
