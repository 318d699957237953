/*
 * sys/xattr.h - extended attributes of files, as on Linux.
 *
 * No file system of Parley has any: each call for a file that exists fails
 * with ENOTSUP.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#define XATTR_CREATE	1
#define XATTR_REPLACE	2

int setxattr(const char *path, const char *name, const void *value,
	size_t bytes, int flags);
int lsetxattr(const char *path, const char *name, const void *value,
	size_t bytes, int flags);
int fsetxattr(int fd, const char *name, const void *value, size_t bytes,
	int flags);
ssize_t getxattr(const char *path, const char *name, void *value,
	size_t bytes);
ssize_t lgetxattr(const char *path, const char *name, void *value,
	size_t bytes);
ssize_t fgetxattr(int fd, const char *name, void *value, size_t bytes);
ssize_t listxattr(const char *path, char *names, size_t bytes);
ssize_t llistxattr(const char *path, char *names, size_t bytes);
ssize_t flistxattr(int fd, char *names, size_t bytes);
int removexattr(const char *path, const char *name);
int lremovexattr(const char *path, const char *name);
int fremovexattr(int fd, const char *name);
