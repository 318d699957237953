/* sys/mount.h - file systems in the tree, as on Linux. */
#pragma once

#include "kernel/abi/mount.h"

int mount(const char *source, const char *path, const char *type,
	unsigned long flags, const void *data);
int umount(const char *path);
