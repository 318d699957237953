/* sys/statvfs.h - the room in a file system. */
#pragma once

#include "kernel/abi/statvfs.h"

int fstatvfs(int fd, struct statvfs *status);
int statvfs(const char *restrict path, struct statvfs *restrict status);
