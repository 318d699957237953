/*
 * grp.h - the groups: lines of /etc/group. As <pwd.h>.
 *
 * A process has supplementary groups beside its effective group: setgroups()
 * sets them, for root alone; initgroups() and getgrouplist() find them in
 * /etc/group by the name of the user, as on Linux.
 */
#pragma once

#include <stddef.h>

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
/*
 * Store the groups that have the user as a member, and `group` as the first, in
 * `groups`, which has room for *count. *count becomes their number. The number,
 * or -1 if there is too little room: the groups that fit are stored.
 */
int getgrouplist(const char *user, gid_t group, gid_t *groups, int *count);
/* setgroups() with the list of getgrouplist(). 0, or -1 with the errno of
 * setgroups(). */
int initgroups(const char *user, gid_t group);
void setgrent(void);
/* Set the supplementary groups of the process: at most NGROUPS_MAX. 0, or -1:
 * EPERM (not root), EINVAL (too many), EFAULT. */
int setgroups(size_t count, const gid_t *groups);
