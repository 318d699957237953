/* database.c - /etc/passwd and /etc/group: find a line. */
#include "libc/posix/database.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cut the line at its colons. Is it a line of so many fields? */
static int cut(char *line, char **fields, int count)
{
	int i = 0;

	line[strcspn(line, "\n")] = '\0';
	while (i < count) {
		fields[i++] = line;
		line = strchr(line, ':');
		if (!line)
			break;
		*line++ = '\0';
	}
	return i == count && !line;
}

int __database_find(const char *path, long *place, char *buffer, size_t bytes,
	char **fields, int count,
	int (*is_wanted)(char **fields, const void *key), const void *key)
{
	FILE *file = fopen(path, "re");
	int found = 0;

	if (!file)
		return -errno;
	if (bytes < 2)			/* no room for a byte and the end */
		found = -ERANGE;
	if (bytes > INT_MAX)
		bytes = INT_MAX;
	if (place && *place)
		fseek(file, *place, SEEK_SET);
	while (!found && fgets(buffer, (int)bytes, file)) {
		if (!strchr(buffer, '\n') && !feof(file))
			found = -ERANGE;
		else if (cut(buffer, fields, count))
			found = is_wanted(fields, key);
	}
	if (place)
		*place = ftell(file);
	fclose(file);
	return found;
}

int __database_any(char **fields, const void *key)
{
	(void)fields;
	(void)key;
	return 1;
}

int __database_name(char **fields, const void *key)
{
	return strcmp(fields[0], key) == 0;
}

int __database_id(char **fields, const void *key)
{
	return strtoul(fields[2], NULL, 10) == *(const unsigned *)key;
}
