/* group.c - /etc/group. */
#include <errno.h>
#include <grp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "libc/posix/database.h"

#define FIELDS		4

static const char path[] = "/etc/group";
static struct group kept;		/* of the functions without _r */
static char line[LINE_BYTES];
static long place;			/* of getgrent() */

/* The names in the last field, and a list of them behind, in the rest of the
   buffer; NULL: no room. */
static char **split(char *names, char *end)
{
	uintptr_t behind = (uintptr_t)(names + strlen(names) + 1);
	char **list, **next, *rest;

	behind += -behind % sizeof(char *);
	list = next = (char **)behind;
	for (char *name = strtok_r(names, ",", &rest); ;
	     name = strtok_r(NULL, ",", &rest)) {
		if ((char *)(next + 1) > end)
			return NULL;
		*next++ = name;
		if (!name)
			return list;
	}
}

static int find(struct group *group, long *at, char *buffer, size_t bytes,
	int (*is_wanted)(char **fields, const void *key), const void *key,
	struct group **result)
{
	char *fields[FIELDS];
	int found = __database_find(path, at, buffer, bytes, fields, FIELDS,
				    is_wanted, key);

	*result = NULL;
	if (found <= 0)
		return -found;
	*group = (struct group){
		fields[0], fields[1], (gid_t)strtoul(fields[2], NULL, 10),
		split(fields[3], buffer + bytes),
	};
	if (!group->gr_mem)
		return ERANGE;
	*result = group;
	return 0;
}

/* The form without _r: errno stays as it was if the line is not there. */
static struct group *find_kept(long *at,
	int (*is_wanted)(char **fields, const void *key), const void *key)
{
	struct group *result;
	int error = find(&kept, at, line, sizeof(line), is_wanted, key,
			 &result);

	if (error)
		errno = error;
	return result;
}

int getgrnam_r(const char *name, struct group *group, char *buffer,
	size_t bytes, struct group **result)
{
	return find(group, NULL, buffer, bytes, __database_name, name,
		    result);
}

int getgrgid_r(gid_t id, struct group *group, char *buffer, size_t bytes,
	struct group **result)
{
	return find(group, NULL, buffer, bytes, __database_id, &id, result);
}

struct group *getgrnam(const char *name)
{
	return find_kept(NULL, __database_name, name);
}

struct group *getgrgid(gid_t id)
{
	return find_kept(NULL, __database_id, &id);
}

struct group *getgrent(void)
{
	return find_kept(&place, __database_any, NULL);
}

void setgrent(void)
{
	place = 0;
}

void endgrent(void)
{
	place = 0;
}
