/* statvfs.h - the result of statvfs(2). */
#pragma once

#include "kernel/abi/types.h"

struct statvfs {
	unsigned long f_bsize;
	unsigned long f_frsize;		/* the unit of f_blocks */
	fsblkcnt_t f_blocks;
	fsblkcnt_t f_bfree;
	fsblkcnt_t f_bavail;		/* for users that are not root */
	fsfilcnt_t f_files;
	fsfilcnt_t f_ffree;
	fsfilcnt_t f_favail;
	unsigned long f_fsid;
	unsigned long f_flag;		/* ST_... */
	unsigned long f_namemax;
};

#define ST_RDONLY	1
#define ST_NOSUID	2
