/*
 * sys/inotify.h - notices of changes of files (Linux).
 *
 * A read of the descriptor gives events, and waits for the first one.
 */
#pragma once

#include "kernel/abi/inotify.h"

/* The number of the watch, for the events; -1 and errno. A second call for the
 * same file changes the watch. */
int inotify_add_watch(int fd, const char *path, uint32_t mask);
int inotify_init(void);
/* IN_NONBLOCK, IN_CLOEXEC. */
int inotify_init1(int flags);
int inotify_rm_watch(int fd, int watch);
