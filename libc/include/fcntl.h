/* fcntl.h - open files and their flags. */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"

int creat(const char *path, mode_t mode);
int fcntl(int fd, int command, ...);
int open(const char *path, int flags, ...);	/* O_CREAT: mode_t mode */
