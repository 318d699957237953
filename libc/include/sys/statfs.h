/* sys/statfs.h - the room in a file system, as BSD and Linux name the parts. */
#pragma once

#include "kernel/abi/types.h"

typedef struct {
	int __val[2];
} fsid_t;

struct statfs {
	unsigned long f_type;		/* not known: 0 */
	unsigned long f_bsize;
	fsblkcnt_t f_blocks;
	fsblkcnt_t f_bfree;
	fsblkcnt_t f_bavail;		/* for users that are not root */
	fsfilcnt_t f_files;
	fsfilcnt_t f_ffree;
	fsid_t f_fsid;
	unsigned long f_namelen;
	unsigned long f_frsize;		/* the unit of f_blocks */
	unsigned long f_flags;
};

int fstatfs(int fd, struct statfs *status);
int statfs(const char *path, struct statfs *status);
