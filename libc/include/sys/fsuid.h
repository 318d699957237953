/* sys/fsuid.h - the user and the group for access to files, as on Linux. */
#pragma once

#include <sys/types.h>

/* In Parley they are always the effective ones. Nothing is changed, and the
 * result is the effective number, as on Linux after a call that failed. */
int setfsuid(uid_t user);
int setfsgid(gid_t group);
