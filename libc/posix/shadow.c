/* shadow.c - /etc/shadow. */
#include <errno.h>
#include <shadow.h>
#include <stdlib.h>

#include "libc/posix/database.h"

#define FIELDS		9

static struct spwd kept;
static char line[LINE_BYTES];
static long place;			/* of getspent() */

static long days_of(const char *field)
{
	return *field ? strtol(field, NULL, 10) : -1;
}

static struct spwd *find(long *at,
	int (*is_wanted)(char **fields, const void *key), const void *key)
{
	char *fields[FIELDS];
	int found = __database_find("/etc/shadow", at, line, sizeof(line),
				    fields, FIELDS, is_wanted, key);

	if (found < 0)
		errno = -found;
	if (found <= 0)
		return NULL;
	kept = (struct spwd){
		fields[0], fields[1], days_of(fields[2]), days_of(fields[3]),
		days_of(fields[4]), days_of(fields[5]), days_of(fields[6]),
		days_of(fields[7]), (unsigned long)days_of(fields[8]),
	};
	return &kept;
}

struct spwd *getspnam(const char *name)
{
	return find(NULL, __database_name, name);
}

struct spwd *getspent(void)
{
	return find(&place, __database_any, NULL);
}

void setspent(void)
{
	place = 0;
}

void endspent(void)
{
	place = 0;
}
