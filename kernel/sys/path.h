/* path.h - from a path in user memory to a place in the file tree. */
#pragma once

#include "kernel/fs/node.h"

/* Work on a place. May be called again after -EAGAIN: see fs_try(). */
typedef long path_action(const struct place *place, void *context);

/*
 * Fetch a path and act on its place; the result of the action. May wait for a
 * disk. fd is the open directory where a relative path begins, or AT_FDCWD;
 * follow: go on in a symbolic link at the end. -EFAULT, -ENAMETOOLONG, -EBADF,
 * -ENOTDIR, or the errors of path_find().
 */
long path_call(int fd, uaddr_t user_path, bool follow, path_action *act,
	       void *context);

/* Wait until the bytes of the file are on the disk; a file that is not in the
 * tree has none there. The caller holds a reference. 0 or -EIO. */
long sync_file(struct open_file *file);

/* The node of the file, or NULL. */
struct node *node_of_file(const struct open_file *file);
/* The node behind fd; NULL if fd is no file of the tree. */
struct node *node_of_descriptor(int fd);
