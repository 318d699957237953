/* sys/file.h - a lock for a whole file, which belongs to the open file. */
#pragma once

#include <fcntl.h>

/* LOCK_SH, LOCK_EX or LOCK_UN, with LOCK_NB to get EWOULDBLOCK at once. */
int flock(int fd, int operation);
