/*
 * fd.h - /dev/fd, and the names of standard input, output and error.
 */
#pragma once

#include "kernel/fs/node.h"

/* Make the names, and /dev/shm. */
void fd_init(void);

/* The descriptor for which the node stands, or -1. */
int fd_of_node(const struct node *node);

/*
 * open(2) of the name: a further descriptor of the same open file. The number,
 * or -ENOENT (no such descriptor), -EACCES (not open in this way), or an error
 * of descriptor_install().
 */
int fd_open(int fd, uint32_t flags);
