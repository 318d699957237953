/*
 * fs.h - the functions of the file tree for the rest of the kernel.
 *
 * Everything needs task switches postponed [P]. Nothing sleeps but
 * node_lookup().
 */
#pragma once

#include "kernel/lib/types.h"

struct node;
struct object;
struct page_source;
struct process;

/* Make the tree: /dev with the devices, /proc, and the files of the boot
 * loader's archive. Called once, before the first process. */
void fs_init(void);

/*
 * May wait for a disk. The node at path, relative to the running process'
 * directory (a kernel task: to the root). The caller gets a reference, and
 * gives the reference back with node_put(). 0, or an error of path_follow() in
 * node.h.
 */
int node_lookup(const char *path, struct node **out);
void node_get(struct node *node);
void node_put(struct node *node);

/* As an object: for process->directory and file_open(). */
struct object *node_object(struct node *node);
/* The root directory; no reference is taken. */
struct node *node_root(void);

/*
 * May the process use the node like this (R_OK, W_OK, X_OK together)? 0 or
 * -EACCES. process NULL: the kernel itself, which may do everything.
 */
int node_may(const struct process *process, const struct node *node, int how);

/* Is the process the owner of the node, or root? */
bool node_is_own(const struct process *process, const struct node *node);

bool node_is_regular(const struct node *node);
off_t node_bytes(const struct node *node);
/* The pages of a regular file, else NULL. References to the source are
 * references to the node. */
struct page_source *node_source(struct node *node);
/* Bytes of a regular file into kernel memory; fewer at the end of the file.
 * -EINVAL, -EIO, or what fs_missing() returns. */
ssize_t node_read(struct node *node, off_t position, void *to, size_t bytes);

/* Copy the path of the node, such as "/bin/ls", with a NUL. The length with the
 * NUL, -ENOENT when the node has lost its name, or -ERANGE. */
ssize_t node_path(const struct node *node, char *to, size_t size);

/* Mount the disk at /data, if there is a disk; a failure goes to the log. The
 * running task sleeps. */
void fs_mount_disk(void);
/* The end of the machine: all changes go to the disk, and no more changes come.
 * The running task sleeps. */
void fs_end(void);
