/* stat.h - the results of stat(2) and getdents(2). */
#pragma once

#include "kernel/abi/time.h"

struct stat {
	dev_t st_dev;
	ino_t st_ino;
	mode_t st_mode;		/* S_IF... and the permission bits */
	nlink_t st_nlink;
	uid_t st_uid;
	gid_t st_gid;
	dev_t st_rdev;
	off_t st_size;		/* bytes */
	blksize_t st_blksize;
	blkcnt_t st_blocks;	/* of 512 bytes */
	struct timespec st_atim;
	struct timespec st_mtim;
	struct timespec st_ctim;
};

#define S_IFMT		0170000
#define S_IFIFO		0010000
#define S_IFCHR		0020000
#define S_IFDIR		0040000
#define S_IFBLK		0060000
#define S_IFREG		0100000
#define S_IFLNK		0120000
#define S_IFSOCK	0140000

#define S_ISUID		04000
#define S_ISGID		02000
#define S_ISVTX		01000
#define S_IRWXU		0700
#define S_IRUSR		0400
#define S_IWUSR		0200
#define S_IXUSR		0100
#define S_IRWXG		0070
#define S_IRGRP		0040
#define S_IWGRP		0020
#define S_IXGRP		0010
#define S_IRWXO		0007
#define S_IROTH		0004
#define S_IWOTH		0002
#define S_IXOTH		0001

/* An entry of a directory: getdents(2) fills a buffer with whole entries. */
struct dirent {
	off_t d_off;		/* position of the next entry */
	ino_t d_ino;
	uint16_t d_reclen;	/* bytes of this record, a multiple of 8 */
	uint8_t d_type;		/* DT_..., the file type of st_mode >> 12 */
	char d_name[256];	/* NUL-terminated; then the record ends */
};

/* utimensat(2): in place of a number of nanoseconds. */
#define UTIME_NOW	0x3fffffff
#define UTIME_OMIT	0x3ffffffe

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12
