/*
 * names.h - names of kernel objects, under /ipc/KIND/NAME.
 *
 * Mailboxes and message queues have names; they are opened and unlinked here. A
 * name is a special node of the file tree with a mode, an owner and times, so
 * ls, rm, mv, stat and chmod work. The name holds a reference to the object.
 * unlink removes the name, and the object lives until the last close. An object
 * created later under the same name is new.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/lib/types.h"

struct node;
struct object;

/* Make /ipc and a directory in it for each kind. Called once. */
void names_init(struct node *root);

/* [own] Which object a program wants to open. */
struct names_request {
	const char *kind;	/* "mailbox", "mqueue" */
	const char *name;	/* may begin with a slash; no further slash */
	int flags;		/* O_ACCMODE, O_CREAT, O_EXCL as in open(2) */
	mode_t mode;		/* of a new name, less the process' umask */
	/* Make the object of a new name: 0 and a reference in *out, or -errno.
	 * attr is the member below. */
	int (*create)(const void *attr, struct object **out);
	const void *attr;
};

/*
 * The object /ipc/kind/name, with a reference for the caller, to *out. *is_new
 * tells whether the call has made the object and the name.
 *
 * Returns 0, or -ENOENT (no such name, or an empty name), -EEXIST (O_EXCL),
 * -EACCES, -EINVAL (an impossible name), -ENAMETOOLONG, -ENOMEM (no memory for
 * the name), or the error of create.
 */
int names_open(const struct names_request *request, struct object **out,
	       bool *is_new);

/* Take the name away. 0, -ENOENT, -EACCES, -EINVAL or -ENAMETOOLONG. */
int names_unlink(const char *kind, const char *name);

/* "mailbox /table" of an object in /ipc/kind, for ops->describe; false for an
 * object without a name. Walks over the names of the kind. */
bool names_describe(const struct object *object, char *to, size_t size);

/* The same for the node of a name: false when the node is not in /ipc. */
bool names_know(const struct node *node, char *to, size_t size);
