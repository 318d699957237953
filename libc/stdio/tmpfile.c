/* tmpfile.c - files that are gone when they are closed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libc/stdio/file.h"

FILE *tmpfile(void)
{
	char name[] = P_tmpdir "/fileXXXXXX";
	int fd = mkstemp(name);
	FILE *file;

	if (fd < 0)
		return NULL;
	unlink(name);
	file = fdopen(fd, "w+");
	if (!file)
		__quiet_close(fd);
	return file;
}

/* Somebody may take the name before the caller does: mkstemp() is better. */
char *tmpnam(char *name)
{
	static char own[L_tmpnam];
	char *text = name ? name : own;
	int fd;

	strcpy(text, P_tmpdir "/fileXXXXXX");
	fd = mkstemp(text);
	if (fd < 0)
		return NULL;
	__quiet_close(fd);
	unlink(text);
	return text;
}
