/*
 * names.h - names of kernel objects, under /ipc/KIND/NAME.
 *
 * A mechanism whose objects have names (mailboxes, message queues) opens and
 * unlinks them here. The name is a special node of the file tree with a mode,
 * an owner and times, so ls, rm, mv, stat and chmod work on it. It holds one
 * reference of its object: unlink takes the name away, the object lives until
 * the last user has gone, and a new object under the same name is another one.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/lib/types.h"

struct node;
struct object;

/* Make /ipc and a directory in it for each kind. Called once. */
void names_init(struct node *root);

/*
 * The object /ipc/kind/name, with a reference for the caller, to *out.
 *
 *	name	begins with a slash or not; holds no other
 *	oflag	the access wanted (O_ACCMODE), O_CREAT, O_EXCL as in open(2)
 *	mode	of a new name; the process' umask is taken off
 *	create	makes the object when the name is new: 0 and one reference in
 *		*out, or -errno; context is handed to it
 *
 * Returns 0, or -ENOENT (no such name, or an empty one), -EEXIST (O_EXCL),
 * -EACCES, -EINVAL (a name that cannot be), -ENAMETOOLONG, -ENOSPC (no memory
 * for the name), or what create says.
 */
int names_open(const char *kind, const char *name, int oflag, mode_t mode,
	       int (*create)(void *context, struct object **out),
	       void *context, struct object **out);

/* Take the name away. 0, -ENOENT, -EACCES, -EINVAL or -ENAMETOOLONG. */
int names_unlink(const char *kind, const char *name);

/* "/ipc/mailbox/table" of an object of this kind, for ops->describe; false
 * when it has no name (any more). Walks over the names of the kind. */
bool names_describe(const char *kind, const struct object *object, char *to,
		    size_t size);
