/* dirent.h - reading directories. */
#pragma once

#include "kernel/abi/stat.h"

typedef struct __directory DIR;

int alphasort(const struct dirent **a, const struct dirent **b);
int closedir(DIR *directory);
int dirfd(DIR *directory);
DIR *fdopendir(int fd);
DIR *opendir(const char *path);
struct dirent *readdir(DIR *directory);
/* 0 and *result, NULL at the end; or an errno (obsolescent). */
int readdir_r(DIR *__restrict directory, struct dirent *__restrict entry,
	struct dirent **__restrict result);
void rewinddir(DIR *directory);
int scandir(const char *path, struct dirent ***list,
	int (*wanted)(const struct dirent *),
	int (*compare)(const struct dirent **, const struct dirent **));
void seekdir(DIR *directory, long position);
long telldir(DIR *directory);
