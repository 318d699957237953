/* tempnam.c - a name that no file has; another program may take the name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *tempnam(const char *folder, const char *prefix)
{
	const char *asked = getenv("TMPDIR");
	char *name;

	if (asked && access(asked, W_OK) == 0)
		folder = asked;
	else if (!folder || access(folder, W_OK) < 0)
		folder = P_tmpdir;
	if (asprintf(&name, "%s/%.5sXXXXXX", folder,
	    prefix ? prefix : "tmp-") < 0)
		return NULL;
	if (*mktemp(name) != '\0')
		return name;
	free(name);
	return NULL;
}
