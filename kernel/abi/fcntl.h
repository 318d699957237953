/* fcntl.h - flags of open(2), commands of fcntl(2), whence of lseek(2). */
#pragma once

#include "kernel/abi/types.h"

#define O_RDONLY	0
#define O_WRONLY	1
#define O_RDWR		2
#define O_EXEC		3	/* neither read nor write: for fexecve() */
#define O_SEARCH	O_EXEC	/* of a directory: for openat() */
#define O_ACCMODE	3
#define O_CREAT		0100
#define O_EXCL		0200
#define O_NOCTTY	0400
#define O_TTY_INIT	0	/* a terminal begins as POSIX says */
#define O_TRUNC		01000
#define O_APPEND	02000
#define O_NONBLOCK	04000
#define O_DSYNC		010000	/* a write waits for the disk */
#define O_ASYNC		020000	/* SIGIO tells of events: F_SETOWN */
#define O_DIRECT	040000	/* of Linux: EINVAL here */
#define O_DIRECTORY	0200000
#define O_NOFOLLOW	0400000	/* a symbolic link at the end: ELOOP */
#define O_CLOEXEC	02000000
#define O_SYNC		04010000	/* with O_DSYNC, which does as much */
#define O_RSYNC		O_SYNC

#define F_DUPFD		0
#define F_GETFD		1
#define F_SETFD		2
#define F_GETFL		3
#define F_SETFL		4
#define F_GETLK		5
#define F_SETLK		6
#define F_SETLKW	7
#define F_SETOWN	8	/* O_ASYNC: a process, or -group; 0: none */
#define F_GETOWN	9
#define F_SETSIG	10	/* ... the signal; 0: SIGIO without details */
#define F_GETSIG	11
#define F_DUPFD_CLOEXEC	1030

/* Types of record locks. */
#define F_RDLCK		0
#define F_WRLCK		1
#define F_UNLCK		2

/* A record lock: a range of bytes of a file. */
struct flock {
	short l_type;		/* F_RDLCK, F_WRLCK, F_UNLCK */
	short l_whence;		/* SEEK_SET, SEEK_CUR, SEEK_END */
	off_t l_start;		/* from there */
	off_t l_len;		/* bytes; 0: to the largest offset */
	pid_t l_pid;		/* F_GETLK: the owner of the lock */
};

/* flock(2) */
#define LOCK_SH		1
#define LOCK_EX		2
#define LOCK_NB		4
#define LOCK_UN		8

#define FD_CLOEXEC	1

#define AT_FDCWD	-100	/* relative to the working directory */
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_EACCESS	0x200
#define AT_REMOVEDIR	0x200
#define AT_SYMLINK_FOLLOW 0x400

#ifndef SEEK_SET
#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#endif

/* access(2) */
#define F_OK		0
#define X_OK		1
#define W_OK		2
#define R_OK		4
