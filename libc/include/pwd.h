/*
 * pwd.h - the users: lines of /etc/passwd.
 *
 * The functions without _r return a pointer to memory that the next call of any
 * of them changes. NULL with errno 0: there is no such user.
 */
#pragma once

#include "kernel/abi/types.h"

struct passwd {
	char *pw_name;
	char *pw_passwd;	/* unused: Parley has no passwords */
	uid_t pw_uid;
	gid_t pw_gid;		/* the group at first */
	char *pw_gecos;		/* the full name */
	char *pw_dir;		/* the home */
	char *pw_shell;
};

void endpwent(void);
struct passwd *getpwent(void);
struct passwd *getpwnam(const char *name);
/* 0 and *result, which is NULL without such a user; or ERANGE (the buffer is
 * too small), or the error of reading the file. */
int getpwnam_r(const char *name, struct passwd *user, char *buffer,
	size_t bytes, struct passwd **result);
struct passwd *getpwuid(uid_t id);
int getpwuid_r(uid_t id, struct passwd *user, char *buffer, size_t bytes,
	struct passwd **result);
void setpwent(void);
