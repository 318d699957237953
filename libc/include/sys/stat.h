/* sys/stat.h - what a file is. */
#pragma once

#include "kernel/abi/stat.h"

#define S_ISBLK(mode)	(((mode) & S_IFMT) == S_IFBLK)
#define S_ISCHR(mode)	(((mode) & S_IFMT) == S_IFCHR)
#define S_ISDIR(mode)	(((mode) & S_IFMT) == S_IFDIR)
#define S_ISFIFO(mode)	(((mode) & S_IFMT) == S_IFIFO)
#define S_ISLNK(mode)	(((mode) & S_IFMT) == S_IFLNK)
#define S_ISREG(mode)	(((mode) & S_IFMT) == S_IFREG)
#define S_ISSOCK(mode)	(((mode) & S_IFMT) == S_IFSOCK)

/* The names of System V. */
#define S_IREAD		S_IRUSR
#define S_IWRITE	S_IWUSR
#define S_IEXEC		S_IXUSR

#define st_atime	st_atim.tv_sec
#define st_mtime	st_mtim.tv_sec
#define st_ctime	st_ctim.tv_sec

/* These are no files of their own types here. */
#define S_TYPEISMQ(status)	0
#define S_TYPEISSEM(status)	0
#define S_TYPEISSHM(status)	0

int fchmod(int fd, mode_t mode);
int chmod(const char *path, mode_t mode);
int fchmodat(int fd, const char *path, mode_t mode, int flags);
int fstat(int fd, struct stat *status);
int fstatat(int fd, const char *__restrict path, struct stat *__restrict status,
	int flags);
int futimens(int fd, const struct timespec times[2]);
int lstat(const char *__restrict path, struct stat *__restrict status);
int mkdir(const char *path, mode_t mode);
int mkdirat(int fd, const char *path, mode_t mode);
int mkfifo(const char *path, mode_t mode);
int mkfifoat(int fd, const char *path, mode_t mode);
/* FIFOs and regular files alone; EPERM: a device. */
int mknod(const char *path, mode_t mode, dev_t device);
int mknodat(int fd, const char *path, mode_t mode, dev_t device);
int stat(const char *__restrict path, struct stat *__restrict status);
mode_t umask(mode_t mask);
int utimensat(int fd, const char *path, const struct timespec times[2],
	int flags);

#ifdef _LARGEFILE64_SOURCE	/* off_t has 64 bits always */
#define stat64	stat
#define fstat64	fstat
#define lstat64	lstat
#define fstatat64	fstatat
#endif
