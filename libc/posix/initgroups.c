/* initgroups.c - the supplementary groups of a user, from /etc/group. */
#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "libc/posix/database.h"

/* Add a group that is not in the list yet; *count counts groups without room,
   too. */
static void add(gid_t id, gid_t *groups, int room, int *count)
{
	for (int i = 0; i < *count && i < room; i++)
		if (groups[i] == id)
			return;
	if (*count < room)
		groups[*count] = id;
	(*count)++;
}

static int has_member(char *names, const char *user)
{
	char *name, *rest;

	for (name = strtok_r(names, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest))
		if (strcmp(name, user) == 0)
			return 1;
	return 0;
}

int getgrouplist(const char *user, gid_t group, gid_t *groups, int *count)
{
	char line[LINE_BYTES], *fields[4];
	int room = *count, found = 0;
	long place = 0;

	add(group, groups, room, &found);
	while (__database_find("/etc/group", &place, line, sizeof(line), fields,
			       4, __database_any, NULL) > 0)
		if (has_member(fields[3], user))
			add(strtoul(fields[2], NULL, 10), groups, room, &found);
	*count = found;
	return found > room ? -1 : found;
}

int initgroups(const char *user, gid_t group)
{
	gid_t groups[NGROUPS_MAX];
	int count = NGROUPS_MAX;

	if (getgrouplist(user, group, groups, &count) < 0)
		count = NGROUPS_MAX;
	return setgroups(count, groups);
}
