/*
 * grp.h - the groups: lines of /etc/group. As <pwd.h>.
 *
 * The members are for people: a process of Parley has one group, and no
 * supplementary groups.
 */
#pragma once

#include "kernel/abi/types.h"

struct group {
	char *gr_name;
	char *gr_passwd;	/* unused */
	gid_t gr_gid;
	char **gr_mem;		/* names of users, with a NULL behind */
};

void endgrent(void);
struct group *getgrent(void);
struct group *getgrgid(gid_t id);
int getgrgid_r(gid_t id, struct group *group, char *buffer, size_t bytes,
	struct group **result);
struct group *getgrnam(const char *name);
int getgrnam_r(const char *name, struct group *group, char *buffer,
	size_t bytes, struct group **result);
void setgrent(void);
