/* ftw.h - walk a tree of files. */
#pragma once

#include <sys/stat.h>

/* The kind of file that visit() is called for. */
#define FTW_F	0	/* a file */
#define FTW_D	1	/* a directory, before its contents */
#define FTW_DNR	2	/* an unreadable directory */
#define FTW_NS	3	/* stat() failed */
#define FTW_SL	4	/* a symbolic link */
#define FTW_DP	5	/* a directory, after its contents */
#define FTW_SLN	6	/* a symbolic link to nothing */

/* Flags of nftw(). */
#define FTW_PHYS	1	/* do not follow symbolic links */
#define FTW_MOUNT	2	/* accepted: there is one file system */
#define FTW_CHDIR	4	/* not supported: EINVAL */
#define FTW_DEPTH	8	/* directories after their contents */

struct FTW {
	int base;	/* where the last component starts in the path */
	int level;	/* depth below the root, which is 0 */
};

/*
 * Calls visit() for path and all files below, until visit() returns a value
 * other than 0, and returns this value. The number of descriptors is only a
 * hint in POSIX; this function needs one descriptor at a time.
 */
int nftw(const char *path, int (*visit)(const char *path,
	const struct stat *status, int type, struct FTW *where),
	int descriptors, int flags);
/* The older form of the same, without FTW_PHYS: links are followed. */
int ftw(const char *path, int (*visit)(const char *path,
	const struct stat *status, int type), int descriptors);
