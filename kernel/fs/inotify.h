/*
 * inotify.h - notices of changes in the file tree. See inotify.c and
 * inotify_watch.c.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/inotify.h"
#include "kernel/fs/node.h"

struct inotify {
	struct object object;		/* [P] */
	struct list watches;		/* [P] by number */
	struct list events;		/* [P] the oldest first */
	uint32_t count;			/* [P] events */
	int last_wd;			/* [P] */
	bool has_gap;			/* [P] events are lost after these */
};

extern uint32_t inotify_watches;	/* [P] in the whole system */

static inline struct inotify *inotify_of(const struct object *object)
{
	return CONTAINER_OF(object, struct inotify, object);
}

/* An object without watches, with one reference; NULL: no memory. */
struct object *inotify_create(void);
/* Is this an open file of inotify? */
bool inotify_is(const struct open_file *file);
/* Watch a node for the events of the mask, or change the watch. The number of
 * the watch; -EEXIST, -ENOSPC (too many watches), -ENOMEM. */
long inotify_watch(struct open_file *file, struct node *node, uint32_t mask);
/* 0 or -EINVAL (no such watch). */
int inotify_unwatch(struct open_file *file, int wd);

/* Between the two files: put an event into the queue; free a watch, false if
 * there is none. */
void inotify_put(struct inotify *inotify, const struct inotify_event *head,
		 const char *name);
bool inotify_drop_watch(struct inotify *inotify);

/* Tell the watches of a directory about a name in it, and those of a node about
 * the node: for inotify_name() and the others. */
void inotify_tell(struct node *watched, uint32_t mask, uint32_t cookie,
		  const char *name);
void inotify_tell_place(struct node *node, uint32_t mask);
void inotify_end_watches(struct node *node);

/* A name of the node came to the directory (IN_CREATE), or left (IN_DELETE). */
static inline void inotify_name(struct node *directory, uint32_t mask,
				const struct node *node, const char *name)
{
	if (inotify_watches > 0)
		inotify_tell(directory, mask | (node_is_directory(node)
						? IN_ISDIR : 0), 0, name);
}

/* A name moved, and with it the node. */
void inotify_move(const struct entry *from, const struct entry *to);

/* Something happened to the node: tell its watches, and those of the directory
 * of its oldest name. */
static inline void inotify_node(struct node *node, uint32_t mask)
{
	if (inotify_watches > 0)
		inotify_tell_place(node, mask);
}

/* The number of the node's names has changed. */
static inline void inotify_links(struct node *node)
{
	if (inotify_watches > 0)
		inotify_tell(node, IN_ATTRIB, 0, "");
}

/* The node has no name, and may not be open: then its watches end. The caller
 * holds a reference. */
static inline void inotify_node_ends(struct node *node)
{
	if (inotify_watches > 0)
		inotify_end_watches(node);
}
