/*
 * node.h - the nodes of the file tree, the names of nodes, and the table of
 * operations of a file system.
 *
 * A node is a file, a directory, a symbolic link, or a special name for an
 * object made elsewhere (a device, a text of /proc). A directory entry is a
 * name of a node; a file may have several (hard links).
 *
 * Two kinds of file systems share this. The entries in memory are the memory
 * file system's truth. For a disk, the entries are a cache of the disk. So the
 * walk along a path is the same for both, and asks the file system only for a
 * name that is not in memory.
 *
 * An entry holds a reference to its node and one to its directory; open files,
 * mappings and working directories hold more. unlink() removes an entry: the
 * contents live until the last reference has gone.
 *
 * Everything here needs [P], and nothing sleeps. An operation that needs a
 * block of a disk changes nothing and returns fs_missing(): see attempt.c.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/statvfs.h"
#include "kernel/fs/contents.h"
#include "kernel/fs/fs.h"
#include "kernel/mm/space.h"
#include "kernel/obj/file.h"
#include "kernel/task/mutex.h"

/* Nanoseconds since 1970: enough until 2262. */
typedef int64_t node_time;

struct entry;
struct file_system;
struct node;
struct place;

/* Opening a special node: the object, with a reference for the caller, to
 * *out; 0 or -errno. */
typedef int node_opener(struct node *node, uint32_t flags,
			struct object **out);

/*
 * [const] What a file system does. NULL: nothing is to do. Each
 * function that returns an int may return fs_missing(), and then has changed
 * nothing. The callers in tree.c have made the checks of POSIX. After 0, the
 * callers change the entries, links and times in memory, without a sleep in
 * between, and call changed().
 */
struct node_ops {
	/* A name without an entry. Sets place->node: the node with a reference,
	 * or NULL if there is no such name. 0 or -EIO; 1: the node has no
	 * reference for an entry, and stays as it is until the next lookup.
	 * NULL: no such name. */
	int (*lookup)(struct place *place);
	bool root_pays;			/* for what lookup() allocates */
	/* A node of this type, without a name, with a reference; NULL when
	 * memory is exhausted. Only in memory: add() comes next. */
	struct node *(*create)(struct file_system *fs, mode_t mode);
	/* The last reference of a node has gone, as object_ops.destroy. */
	void (*destroy)(struct node *node);
	/* Write a name of the node; with node->links 0, the new node as well.
	 * 0, -ENOSPC, -EDQUOT, -EMLINK, -EIO. */
	int (*add)(const struct place *place, struct node *node);
	/* Remove the name. The node lives until its last reference has gone.
	 * 0 or -EIO. */
	int (*remove)(const struct place *place);
	/* Both in one step; to->node is replaced if not NULL. As add(). */
	int (*move)(const struct place *from, const struct place *to);
	/* 1: the directory has no names but "." and "..". 0, or -EIO. NULL: all
	 * entries are in memory. */
	int (*is_empty)(struct node *directory);
	/* The names of an open directory, as object_ops.list. */
	ssize_t (*list)(struct open_file *file, uaddr_t to, size_t bytes);
	/* Set link->target. 0, -EIO, -ENOMEM. */
	int (*read_link)(struct node *link);
	/* The bytes of a regular file, for regular.c: as contents_read(),
	 * contents_write() and contents_resize(), but perhaps only a part of
	 * the bytes. */
	ssize_t (*read)(struct node *node, uint64_t position, uintptr_t to,
			size_t bytes, contents_copy *copy);
	ssize_t (*write)(struct node *node, uint64_t position, uaddr_t from,
			 size_t bytes);
	int (*resize)(struct node *node, off_t bytes);
	off_t largest;
	/* What a read or write waits for after -EAGAIN. */
	struct wait_queue *(*queue)(void);
	const struct page_source_ops *source;
	/* Mode, owner, links or times have changed. */
	void (*changed)(struct node *node);
	/* Room and names, in fs_statvfs(). 0 or -EIO. */
	int (*statvfs)(struct file_system *fs, struct statvfs *status);
	/* Is all of the node on the disk, or of the file system (node NULL)?
	 * 0 or -EIO; fs_missing(): begun. *until is 0 in the first attempt,
	 * and then says for which changes the call waits: not for later ones.
	 */
	int (*sync)(struct file_system *fs, struct node *node, uint32_t *until);
	/* For umount(2): drop the nodes and entries that only the cache uses.
	 * 0, or 1: a part is done, call again. NULL: there are none. */
	int (*forget)(struct file_system *fs);
	/* Write back and end; free the struct. 0 or -EIO. */
	int (*unmount)(struct file_system *fs);
};

/* [P] A file system in the tree. */
struct file_system {
	const struct node_ops *ops;	/* [const] */
	const char *type;		/* [const] "memory", "ext3" */
	struct node *root;		/* [const] with a reference */
	uint32_t nodes;			/* [P] nodes in memory */
	dev_t device;			/* [const] st_dev */
	bool is_read_only;		/* [P] */
	char source[32];		/* [const] the device, for people */
	struct entry *entry;		/* [P] where it is mounted */
	struct node *covered;		/* [P] with a reference */
	struct list_node all;		/* [P] in file_systems */
};

enum node_kind { NODE_FILE, NODE_DIRECTORY, NODE_LINK, NODE_SPECIAL };

/* [P] */
struct node {
	struct object object;		/* first: a node is an object */
	struct page_source source;	/* of a regular file */
	struct mutex mutex;		/* ... held by a read or write */
	struct file_system *fs;		/* [const] */
	uint16_t mode;			/* type and permission bits */
	uint8_t kind;			/* [const] enum node_kind */
	bool is_fixed;			/* a directory with fixed names */
	bool is_for_objects;		/* only names.c adds names here */
	uid_t uid;
	gid_t gid;
	nlink_t links;			/* 0: the last name was removed */
	ino_t number;			/* st_ino */
	node_time accessed;
	node_time modified;		/* the contents */
	node_time changed;		/* anything */
	struct list entries;		/* the known names of the node */
	struct list watches;		/* of kernel/fs/inotify_watch.c */

	union {
		struct contents contents;	/* a regular file in memory */
		struct {			/* any other node */
			off_t bytes;		/* on the disk */
			blkcnt_t blocks;	/* ... of 512 bytes */
			union {
				struct {	/* NODE_DIRECTORY */
					/* entries, by place */
					struct list children;
					uint32_t last_place;
					/* listed last, or NULL */
					struct entry *recent;
				};
				struct {	/* NODE_SPECIAL */
					node_opener *open;
					void *data;
				};
				/* NODE_LINK; NULL: read_link() first */
				char *target;
			};
		};
	};
};

/* [P] A name of a node in a directory. */
struct entry {
	struct node *directory;		/* [const] with a reference */
	struct node *node;		/* with a reference */
	struct list_node sibling;	/* in directory->children */
	struct list_node of_node;	/* in node->entries */
	struct entry *hash_next;
	uint32_t hash;			/* [const] of directory and name */
	uint32_t place;			/* [const] position in a listing */
	uint8_t length;			/* [const] of the name */
	char name[];			/* [const] with a NUL */
};

extern const struct object_ops regular_ops;
extern const struct object_ops directory_ops;
extern const struct object_ops link_ops;
extern const struct object_ops special_ops;
extern const struct page_source_ops memory_source_ops;

static inline bool node_is_directory(const struct node *node)
{
	return node->kind == NODE_DIRECTORY;
}

static inline struct node *node_of(struct object *object)
{
	return CONTAINER_OF(object, struct node, object);
}

/* ---- node.c: nodes ----------------------------------------------------- */

/* A node of the memory file system at the root, without a name, with a
 * reference for the caller; NULL when memory is exhausted. */
struct node *node_create(mode_t mode);
/* The same for a special node. */
struct node *node_create_special(mode_t mode, node_opener *open, void *data);
/* For node_ops of a file system whose nodes are in memory alone. */
struct node *memory_create(struct file_system *fs, mode_t mode);
void memory_destroy(struct node *node);
/* For node_ops.create: fill in zeroed memory; the kind comes from mode, and the
 * owner is the running process. */
void node_init(struct node *node, struct file_system *fs, mode_t mode);
/* For node_ops.destroy: the node leaves its file system. */
void node_end(struct node *node);

node_time node_now(void);
/* The contents were read or modified; mode, owner or times were set; or
 * anything else has changed, as the links. */
void node_was_read(struct node *node);
void node_was_modified(struct node *node);
void node_was_set(struct node *node);
void node_was_changed(struct node *node);
/* A regular file has new bytes or a new owner: it sets no user and no group. */
void node_drop_rights(struct node *node);
int node_stat(struct object *object, struct stat *status);
/* For object_ops.close of regular files: locks end, and a notice. */
void node_close(struct open_file *file);
/* For object_ops.destroy. */
void node_destroy(struct object *object);

/* ---- entry.c: names ---------------------------------------------------- */

enum place_kind { PLACE_NAME, PLACE_ROOT, PLACE_DOT, PLACE_DOT_DOT };

/* [own] Where the last name of a path is, or would be. No references are held:
 * a place is good until [P] ends. */
struct place {
	struct node *directory;
	const char *name;		/* not NUL-terminated */
	size_t length;
	enum place_kind kind;		/* of the last name */
	bool has_slash;			/* behind the name: for a directory */
	uint32_t hash;			/* hash_name(); a step sets it */
	struct entry *entry;		/* of the name, or NULL */
	struct node *node;		/* the node at the place, or NULL */
};

/* The place of a name, with a NUL, in a directory of the memory file system. */
struct place place_in(struct node *directory, const char *name);
/* Fill in entry and node of a place. 0, or what node_ops.lookup returns. */
int entry_look(struct place *place);
/* Add an entry for the node at the place, which has none yet: on the disk and
 * in memory. 0, -ENOMEM, or the error of node_ops.add. The caller keeps its
 * reference. */
int entry_add(const struct place *place, struct node *node);
/* Remove the entry of the place. 0 or the error of node_ops.remove. */
int entry_remove(const struct place *place);
/* Move the node from one place to the other, in place of to->node. 0, -ENOMEM,
 * or the error of node_ops.move. */
int entry_move(const struct place *from, const struct place *to);
/* Drop the entries of a disk's node, and so the node, if only the entries use
 * it. False: the node is in use. */
bool node_forget(struct node *node);

/* The node loses all its names, whoever uses it. */
void node_lose_names(struct node *node);

/* The directory with the node's first name; NULL: the node is the root or has
 * lost its names. */
struct node *node_parent(const struct node *node);
/* The first name, or "". */
const char *node_name(const struct node *node);
/* For object_ops of nodes; and "KIND PATH" of any node. False: the node has no
 * name, or the text is too long. */
bool node_describe(const struct object *object, char *to, size_t size);
bool node_describe_as(const char *kind, const struct node *node, char *to,
		      size_t size);

/* ---- directory.c ------------------------------------------------------- */

/* [own] What getdents(2) says about an entry. */
struct listed {
	const char *name;
	size_t length;
	ino_t number;
	mode_t mode;
	off_t behind;			/* the position of the next entry */
};

/* Copy an entry out: its size, 0 if there is no room, or -EFAULT. */
ssize_t directory_put(uaddr_t to, size_t room, const struct listed *listed);
/* The entries in memory, for node_ops.list. */
ssize_t directory_list(struct open_file *file, uaddr_t to, size_t bytes);

/* ---- regular.c ---------------------------------------------------------- */

/* The same for each file system: struct page_source_ops. */
struct node *node_of_source(struct page_source *source);
void regular_touch(struct page_source *source, bool is_written);
void regular_end(struct page_source *source);
/* Of files in memory: struct node_ops. */
ssize_t memory_read(struct node *node, uint64_t position, uintptr_t to,
		    size_t bytes, contents_copy *copy);
ssize_t memory_write(struct node *node, uint64_t position, uaddr_t from,
		     size_t bytes);
int memory_resize(struct node *node, off_t bytes);

/* ---- path.c: from a path to a place ----------------------------------- */

/*
 * Find the place of path, starting at `start` unless the path is absolute;
 * NULL: the working directory. A symbolic link at the end is the place itself
 * (path_find), or is followed (path_follow). 0 also when nothing is there yet;
 * -ENOENT when a directory on the way is missing or the path is empty,
 * -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG, or an error of the file system.
 */
int path_find(struct node *start, const char *path, struct place *place);
int path_follow(struct node *start, const char *path, struct place *place);

/* For fs_try(): the walks that the next attempt goes on with. During an attempt
 * path_pauses is the first of them, else NULL. */
struct path_pause;
extern struct path_pause **path_pauses;
void path_forget(struct path_pause *pauses);

/* ---- attempt.c: waiting for a disk ------------------------------------- */

/* An operation lacks a block, which will be there, or has failed, when the
 * queue is woken. Returns -EAGAIN. The object is what the task waits for. */
int fs_missing(struct wait_queue *queue, struct object *object);
/* An operation has done a part of a long work, and the next attempt will get
 * further. Returns -EAGAIN. */
int fs_again(void);
/* Make the attempt, and repeat it after each wait for a block. May sleep; only
 * SIGKILL ends the wait (-EINTR). */
long fs_try(wait_attempt *attempt, void *context);

/* ---- tree.c: the changes by system calls ------------------------------- */

/* A new node at a place where nothing is. 0, -EACCES, -EROFS, -EPERM, -EDQUOT,
 * or the errors of entry_add(). */
int tree_create(const struct place *place, mode_t mode, struct node **out);
/* symlink(2), link(2), unlink(2), rmdir(2), rename(2), with the errors of
 * POSIX. */
int tree_symlink(const struct place *place, const char *target);
int tree_link(const struct place *from, const struct place *to);
int tree_unlink(const struct place *place);
int tree_remove_directory(const struct place *place);
int tree_rename(const struct place *from, const struct place *to);

/* ---- mount.c: several file systems in one tree -------------------------- */

extern struct list file_systems;	/* [P] the root's first */
/* The root's file system, in memory. */
extern struct file_system memory_root;

/* [const] A type of file system that mount(2) knows. */
struct file_system_type {
	const char *name;
	/* A file system with its root; 0 or -errno, -EAGAIN as node_ops. */
	int (*mount)(const char *source, bool is_read_only,
		     struct file_system **out);
	struct list_node all;		/* [P] */
};
void file_system_register(struct file_system_type *type);

/* [own] mount(2) and umount(2) are attempts for fs_try(). */
struct mount_call {
	const char *source;
	const char *type;
	bool is_read_only;
};
int tree_mount(const struct place *place, const struct mount_call *call);
/* Take the file system with this root out of the tree, for fs_unmount(). 0,
 * -EINVAL, -EBUSY, an error of the file system, or 1: call again. */
int tree_unmount(struct node *root, struct file_system **out);
/* Write back and end. May sleep. 0, -EIO, or -EINTR (killed). */
long fs_unmount(struct file_system *fs);
int fs_statvfs(struct file_system *fs, struct statvfs *status);
int fs_sync(struct file_system *fs, struct node *node, uint32_t *until);

/* ---- tar.c ------------------------------------------------------------- */

/* Unpack an archive into the root directory. A bad archive is reported, and the
 * entries before the fault stay. Returns the count of unpacked entries. */
int tar_unpack(const uint8_t *archive, size_t bytes);

/* ---- device.c, proc.c --------------------------------------------------- */

void device_init(struct node *root);
void proc_init(struct node *root);
void mount_init(struct node *root);

/* open(2) of a node: the object with a reference, or -errno. */
int node_open(struct node *node, uint32_t flags, struct object **out);

/* lseek(2) for a length of `end` bytes. */
off_t node_seek(struct open_file *file, off_t offset, int whence, off_t end);
