/* mntent.h - the lines of /proc/mounts and /etc/fstab (GNU). */
#pragma once

#include <paths.h>
#include <stdio.h>

#define MNTTAB		_PATH_MNTTAB	/* what may be mounted */
#define MOUNTED		_PATH_MOUNTED	/* what is mounted */

/* Options in mnt_opts. */
#define MNTOPT_DEFAULTS	"defaults"
#define MNTOPT_RO	"ro"
#define MNTOPT_RW	"rw"
#define MNTOPT_SUID	"suid"
#define MNTOPT_NOSUID	"nosuid"
#define MNTOPT_NOAUTO	"noauto"

struct mntent {
	char *mnt_fsname;	/* the source: a device, or a name */
	char *mnt_dir;
	char *mnt_type;
	char *mnt_opts;		/* options with commas in between */
	int mnt_freq;		/* days between backups; 0 if not given */
	int mnt_passno;		/* the turn at fsck; 0 if not given */
};

/* Open such a file as fopen() does: NULL and errno. */
FILE *setmntent(const char *path, const char *mode);
/* The next line that is neither empty nor a comment; NULL at the end. The next
 * call overwrites the result. */
struct mntent *getmntent(FILE *file);
/* The same in memory of the caller. A line that is too long is cut. */
struct mntent *getmntent_r(FILE *file, struct mntent *entry, char *text,
	int bytes);
/* Add a line at the end: 0, or 1 after an error of the file. */
int addmntent(FILE *file, const struct mntent *entry);
/* Always 1. */
int endmntent(FILE *file);
/* Where the option stands in mnt_opts; NULL: it is not there. "size" also finds
 * "size=4096". */
char *hasmntopt(const struct mntent *entry, const char *option);
