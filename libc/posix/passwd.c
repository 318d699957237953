/* passwd.c - /etc/passwd. */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "libc/posix/database.h"

#define FIELDS		7

static const char path[] = "/etc/passwd";
static struct passwd kept;		/* of the functions without _r */
static char line[LINE_BYTES];
static long place;			/* of getpwent() */

static int find(struct passwd *user, long *at, char *buffer, size_t bytes,
	int (*is_wanted)(char **fields, const void *key), const void *key,
	struct passwd **result)
{
	char *fields[FIELDS];
	int found = __database_find(path, at, buffer, bytes, fields, FIELDS,
				    is_wanted, key);

	*result = NULL;
	if (found <= 0)
		return -found;
	*user = (struct passwd){
		fields[0], fields[1], (uid_t)strtoul(fields[2], NULL, 10),
		(gid_t)strtoul(fields[3], NULL, 10), fields[4], fields[5],
		fields[6],
	};
	*result = user;
	return 0;
}

/* The form without _r: errno stays as it was if the line is not there. */
static struct passwd *find_kept(long *at,
	int (*is_wanted)(char **fields, const void *key), const void *key)
{
	struct passwd *result;
	int error = find(&kept, at, line, sizeof(line), is_wanted, key,
			 &result);

	if (error)
		errno = error;
	return result;
}

int getpwnam_r(const char *name, struct passwd *user, char *buffer,
	size_t bytes, struct passwd **result)
{
	return find(user, NULL, buffer, bytes, __database_name, name,
		    result);
}

int getpwuid_r(uid_t id, struct passwd *user, char *buffer, size_t bytes,
	struct passwd **result)
{
	return find(user, NULL, buffer, bytes, __database_id, &id, result);
}

struct passwd *getpwnam(const char *name)
{
	return find_kept(NULL, __database_name, name);
}

struct passwd *getpwuid(uid_t id)
{
	return find_kept(NULL, __database_id, &id);
}

struct passwd *getpwent(void)
{
	return find_kept(&place, __database_any, NULL);
}

void setpwent(void)
{
	place = 0;
}

void endpwent(void)
{
	place = 0;
}
