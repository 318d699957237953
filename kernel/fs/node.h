/*
 * node.h - the nodes of the file tree.
 *
 * A node is a file, a directory, or a special name for an object made elsewhere
 * (a device, a text of /proc). Parley has no links, so a node has at most one
 * name, and name and node are one struct.
 *
 * The tree holds a reference to each node with a name; open files, mappings and
 * working directories hold more. unlink() removes the name and the tree's
 * reference: the contents live until the last reference has gone.
 *
 * Everything here needs [P]; nothing sleeps.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/fs/contents.h"
#include "kernel/fs/fs.h"
#include "kernel/mm/space.h"
#include "kernel/obj/file.h"

/* Nanoseconds since 1970: enough until 2262. */
typedef int64_t node_time;

struct node;

/* Opening a special node: the object, with a reference for the caller, to
 * *out; 0 or -errno. */
typedef int node_opener(struct node *node, uint32_t flags,
			struct object **out);

/* [P] */
struct node {
	struct object object;		/* first: a node is an object */
	struct page_source source;	/* of a regular file */
	uint16_t mode;			/* type and permission bits */
	bool is_fixed;			/* a directory with fixed names */
	bool is_for_objects;		/* only names.c adds names here */
	uid_t uid;
	gid_t gid;
	nlink_t links;			/* 0: the name was removed */
	ino_t number;			/* [const] */
	node_time accessed;
	node_time modified;		/* the contents */
	node_time changed;		/* anything */

	/* The name; parent is NULL for the root and for a removed node. */
	struct node *parent;
	char *name;
	uint32_t hash;			/* of parent and name */
	struct node *hash_next;
	struct list_node sibling;
	off_t place;			/* position in a listing */

	union {
		struct contents contents;	/* regular_ops */
		struct {			/* directory_ops */
			struct list children;	/* by place */
			off_t last_place;
			struct node *recent;	/* listed last, or NULL */
		};
		struct {			/* special_ops */
			node_opener *open;
			void *data;
		};
	};
};

extern const struct object_ops regular_ops;
extern const struct object_ops directory_ops;
extern const struct object_ops special_ops;
extern const struct page_source_ops regular_source_ops;

static inline bool node_is_directory(const struct node *node)
{
	return node->object.ops == &directory_ops;
}

static inline struct node *node_of(struct object *object)
{
	return CONTAINER_OF(object, struct node, object);
}

/* ---- node.c: nodes and their names ------------------------------------ */

/* A file or directory without a name, with a reference for the caller; NULL
 * when memory is exhausted. */
struct node *node_create(mode_t mode);
/* The same for a special node. */
struct node *node_create_special(mode_t mode, node_opener *open, void *data);
/* Name the node in directory, where the name must be free. 0 or -ENOSPC. Takes
 * over the caller's reference on success. */
int node_link(struct node *node, struct node *directory, const char *name,
	      size_t length);
/* Remove the name and the tree's reference. */
void node_unlink(struct node *node);
/* Both at once: move the node to a new name, in place of the node `replaced`
 * (or NULL). 0, or -ENOSPC and nothing has changed. */
int node_move(struct node *node, struct node *directory, const char *name,
	      size_t length, struct node *replaced);
/* The child with this name, or NULL. */
struct node *node_child(struct node *directory, const char *name,
			size_t length);

node_time node_now(void);
void node_was_modified(struct node *node);
int node_stat(struct object *object, struct stat *status);
/* For object_ops of nodes; and "KIND PATH" of any node. False: the node has no
 * name, or the text is too long. */
bool node_describe(const struct object *object, char *to, size_t size);
bool node_describe_as(const char *kind, const struct node *node, char *to,
		      size_t size);
void node_destroy(struct object *object);

/* ---- path.c: from a path to a place ----------------------------------- */

enum place_kind { PLACE_NAME, PLACE_ROOT, PLACE_DOT, PLACE_DOT_DOT };

/* [own] Where the last name of a path is, or would be. No references are held:
 * a place is good until [P] ends. */
struct place {
	struct node *directory;
	const char *name;		/* not NUL-terminated */
	size_t length;
	enum place_kind kind;		/* of the last name */
	bool has_slash;			/* behind the name: for a directory */
	struct node *node;		/* the node at the place, or NULL */
};

/*
 * Find the place of path, starting at `start` unless the path is absolute;
 * NULL: the working directory. 0 also when nothing is there yet; -ENOENT when
 * a directory on the way is missing or the path is empty, -ENOTDIR, -EACCES,
 * -ENAMETOOLONG.
 */
int path_find(struct node *start, const char *path, struct place *place);
/* The same for an existing node: after 0, place->node is not NULL. */
int path_find_existing(struct node *start, const char *path,
		       struct place *place);

/* ---- tree.c: the changes by system calls ------------------------------- */

/* A new file or directory at a place where nothing is. */
int tree_create(const struct place *place, mode_t mode, struct node **out);
/* The same for an existing node without a name (NULL: -ENOSPC or -EDQUOT).
 * Takes over the caller's reference, on failure too. */
int tree_add(const struct place *place, struct node *node);
/* unlink(2), rmdir(2), rename(2), with the errors of POSIX. */
int tree_unlink(const struct place *place);
int tree_remove_directory(const struct place *place);
int tree_rename(const struct place *from, const struct place *to);

/* ---- tar.c ------------------------------------------------------------- */

/* Unpack an archive into the root directory. A bad archive is reported, and the
 * entries before the fault stay. Returns the count of unpacked entries. */
int tar_unpack(const uint8_t *archive, size_t bytes);

/* ---- device.c, proc.c --------------------------------------------------- */

void device_init(struct node *root);
void proc_init(struct node *root);

/* open(2) of a node: the object with a reference, or -errno. */
int node_open(struct node *node, uint32_t flags, struct object **out);

/* lseek(2) for a length of `end` bytes. */
off_t node_seek(struct open_file *file, off_t offset, int whence, off_t end);
