/* sys/statvfs.h - the room in a file system. */
#pragma once

#include "kernel/abi/statvfs.h"

int fstatvfs(int fd, struct statvfs *status);
int statvfs(const char *__restrict path, struct statvfs *__restrict status);
