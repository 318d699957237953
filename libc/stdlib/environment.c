/*
 * environment.c - changing the variables that a program got from its parent.
 *
 * At first environ points to the kernel's array on the stack. The first change
 * moves the array to the heap, and so does a change after the program has set
 * environ. `owned` is the array that libc has allocated. Strings made by
 * setenv() are never freed, since getenv() may have returned them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libc/internal.h"

static char **owned;
static size_t room;		/* places in owned, the one for NULL included */

static size_t count_variables(void)
{
	size_t count = 0;

	while (environ && environ[count])
		count++;
	return count;
}

/* Make environ an array of ours with room for one more. */
static int make_room(void)
{
	bool is_owned = owned && environ == owned;
	size_t count = count_variables();
	char **larger;

	if (is_owned && count + 2 <= room)
		return 0;
	larger = malloc((count + 16) * sizeof(*larger));
	if (!larger)
		return -1;
	if (count > 0)
		memcpy(larger, environ, count * sizeof(*larger));
	larger[count] = NULL;
	free(owned);
	environ = owned = larger;
	room = count + 16;
	return 0;
}

/* A name is not empty and has no '='. */
static bool is_name(const char *name)
{
	return name && *name && !strchr(name, '=');
}

int putenv(char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char **place;
	size_t count;

	if (!equals)
		return unsetenv(assignment);
	place = __environ_find(assignment, equals - assignment);
	if (place) {
		*place = assignment;
		return 0;
	}
	if (make_room() < 0)
		return -1;
	count = count_variables();
	environ[count] = assignment;
	environ[count + 1] = NULL;
	return 0;
}

int setenv(const char *name, const char *value, int overwrite)
{
	char *assignment;
	size_t length;

	if (!is_name(name)) {
		errno = EINVAL;
		return -1;
	}
	length = strlen(name);
	if (!overwrite && __environ_find(name, length))
		return 0;
	assignment = malloc(length + 1 + strlen(value) + 1);
	if (!assignment)
		return -1;
	memcpy(assignment, name, length);
	assignment[length] = '=';
	strcpy(assignment + length + 1, value);
	return putenv(assignment);
}

int unsetenv(const char *name)
{
	char **place;

	if (!is_name(name)) {
		errno = EINVAL;
		return -1;
	}
	while ((place = __environ_find(name, strlen(name))) != NULL) {
		do {
			place[0] = place[1];
		} while (*place++);
	}
	return 0;
}

int clearenv(void)
{
	environ = NULL;
	return 0;
}
