/*
 * node.c - nodes and their names.
 *
 * All names of the tree are in a hash table, keyed by directory and name. So a
 * look-up costs the same in a directory of three names and of a thousand. In
 * each slot, the name of the last look-up stands first, so repeated look-ups of
 * a name are fast even in a long chain. A directory also lists its children, in
 * the order of their arrival. Each child has a place, a number that only grows.
 * So a program that reads a directory sees every lasting name once, even while
 * names come and go.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/names.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define HASH_SIZE	1024		/* a power of two */
#define FIRST_PLACE	2		/* behind "." and ".." */
#define BLOCK_BYTES	512		/* unit of st_blocks */
#define FILE_DEVICE	1		/* st_dev: the only file system */

static struct node *names[HASH_SIZE];	/* [P] */
static struct pool node_pool = POOL_COUNTED("node", sizeof(struct node),
					    ACCOUNT_NAMES);
static ino_t last_number;		/* [P] */

/* ---- Life --------------------------------------------------------------- */

static struct node *create(mode_t mode, const struct object_ops *ops)
{
	struct node *node = pool_alloc(&node_pool);

	if (!node)
		return NULL;
	object_init(&node->object, ops);
	node->mode = mode;
	if (task_current() && process_current()) {
		node->uid = process_current()->identity.user;
		node->gid = process_current()->identity.group;
	}
	node->number = ++last_number;
	node->accessed = node->modified = node->changed = node_now();
	return node;
}

struct node *node_create(mode_t mode)
{
	bool is_directory = (mode & S_IFMT) == S_IFDIR;
	struct node *node = create(mode, is_directory ? &directory_ops
						      : &regular_ops);

	if (!node)
		return NULL;
	if (is_directory) {
		list_init(&node->children);
		node->last_place = FIRST_PLACE;
		node->links = 1;	/* "." of the directory */
	} else {
		page_source_init(&node->source, &regular_source_ops,
				 &node->object.refs,
				 PROT_READ | PROT_WRITE | PROT_EXEC);
	}
	return node;
}

struct node *node_create_special(mode_t mode, node_opener *open, void *data)
{
	struct node *node = create(mode, &special_ops);

	if (node) {
		node->open = open;
		node->data = data;
	}
	return node;
}

void node_destroy(struct object *object)
{
	struct node *node = node_of(object);

	ASSERT(!node->parent);
	if (node_is_regular(node) &&
	    contents_resize(&node->contents, 0) > 0) {
		object_destroy_later(object);
		return;
	}
	heap_free(node->name);
	pool_free(&node_pool, node);
}

void node_get(struct node *node)
{
	object_get(&node->object);
}

void node_put(struct node *node)
{
	object_put(&node->object);
}

struct object *node_object(struct node *node)
{
	return &node->object;
}

/* ---- Names -------------------------------------------------------------- */

static uint32_t hash_of(const struct node *directory, const char *name,
			size_t length)
{
	uint32_t hash = directory->number;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)name[i]) * 16777619u;	/* FNV-1a */
	return hash ^ hash >> 16;
}

/* Move the node at *slot to the front of the chain. */
static void put_first(struct node **first, struct node **slot)
{
	struct node *node = *slot;

	*slot = node->hash_next;
	node->hash_next = *first;
	*first = node;
}

struct node *node_child(struct node *directory, const char *name,
			size_t length)
{
	uint32_t hash = hash_of(directory, name, length);
	struct node **first = &names[hash % HASH_SIZE], **slot;
	struct node *node;

	for (slot = first; (node = *slot); slot = &node->hash_next)
		if (node->hash == hash && node->parent == directory &&
		    strncmp(node->name, name, length) == 0 &&
		    node->name[length] == '\0')
			break;
	if (node && slot != first)
		put_first(first, slot);
	return node;
}

/* Enter node, which already has the new name, into directory. */
static void enter(struct node *node, struct node *directory, size_t length)
{
	struct node **slot;

	if (list_is_empty(&directory->children))
		directory->last_place = FIRST_PLACE;
	node->place = ++directory->last_place;
	node->parent = directory;
	node->hash = hash_of(directory, node->name, length);
	slot = &names[node->hash % HASH_SIZE];
	node->hash_next = *slot;
	*slot = node;
	list_append(&directory->children, &node->sibling);
	node->links++;
	if (node_is_directory(node))
		directory->links++;	/* the child's ".." */
	node_was_modified(directory);
}

static void leave(struct node *node)
{
	struct node *directory = node->parent;
	struct node **slot = &names[node->hash % HASH_SIZE];

	while (*slot != node)
		slot = &(*slot)->hash_next;
	*slot = node->hash_next;
	list_remove(&node->sibling);
	if (directory->recent == node)
		directory->recent = NULL;
	node->parent = NULL;
	node->links--;
	if (node_is_directory(node))
		directory->links--;
	node_was_modified(directory);
}

static char *copy_name(const char *name, size_t length)
{
	char *copy = heap_alloc(length + 1);

	if (copy) {
		memcpy(copy, name, length);
		copy[length] = '\0';
	}
	return copy;
}

int node_link(struct node *node, struct node *directory, const char *name,
	      size_t length)
{
	ASSERT(!node->parent && !node_child(directory, name, length));
	node->name = copy_name(name, length);
	if (!node->name)
		return -ENOSPC;
	enter(node, directory, length);
	return 0;
}

void node_unlink(struct node *node)
{
	leave(node);
	if (node_is_directory(node))
		node->links = 0;	/* "." went too */
	node->changed = node_now();
	node_put(node);
}

int node_move(struct node *node, struct node *directory, const char *name,
	      size_t length, struct node *replaced)
{
	char *copy = copy_name(name, length);

	if (!copy)
		return -ENOSPC;
	if (replaced)
		node_unlink(replaced);
	leave(node);
	heap_free(node->name);
	node->name = copy;
	enter(node, directory, length);
	node->changed = node_now();
	return 0;
}

ssize_t node_path(const struct node *node, char *to, size_t size)
{
	size_t length = 1;		/* the NUL */
	const struct node *up;

	for (up = node; up->parent; up = up->parent)
		length += 1 + strlen(up->name);
	if (up != node_root())
		return -ENOENT;
	if (up == node)
		length++;		/* "/" alone */
	if (length > size)
		return -ERANGE;
	to[0] = '/';
	to += length - 1;
	*to = '\0';
	for (; node->parent; node = node->parent) {
		size_t part = strlen(node->name);

		to -= part;
		memcpy(to, node->name, part);
		*--to = '/';
	}
	return length;
}

bool node_describe_as(const char *kind, const struct node *node, char *to,
		      size_t size)
{
	size_t length;

	if (names_know(node, to, size))
		return true;
	length = snprintf(to, size, "%s ", kind);
	return node_path(node, to + length, size - length) > 0;
}

bool node_describe(const struct object *object, char *to, size_t size)
{
	return node_describe_as(object->ops->kind,
				node_of((struct object *)object), to, size);
}

/* ---- Times and facts ---------------------------------------------------- */

node_time node_now(void)
{
	return arch_boot_time() * (node_time)NSEC_PER_SEC + arch_now_ns();
}

void node_was_modified(struct node *node)
{
	node->modified = node->changed = node_now();
}

/* The time before 1970 has negative seconds and positive nanoseconds. */
static struct timespec to_timespec(node_time time)
{
	struct timespec result;

	result.tv_sec = time / (node_time)NSEC_PER_SEC;
	result.tv_nsec = time - result.tv_sec * (node_time)NSEC_PER_SEC;
	if (result.tv_nsec < 0) {
		result.tv_nsec += NSEC_PER_SEC;
		result.tv_sec--;
	}
	return result;
}

int node_stat(struct object *object, struct stat *status)
{
	const struct node *node = node_of(object);

	status->st_dev = FILE_DEVICE;
	status->st_ino = node->number;
	status->st_mode = node->mode;
	status->st_nlink = node->links;
	status->st_uid = node->uid;
	status->st_gid = node->gid;
	status->st_size = node_bytes(node);
	status->st_blksize = PAGE_SIZE;
	if (node_is_regular(node))
		status->st_blocks = contents_pages(&node->contents) *
				    (PAGE_SIZE / BLOCK_BYTES);
	if ((node->mode & S_IFMT) == S_IFCHR)
		status->st_rdev = node->number;
	status->st_atim = to_timespec(node->accessed);
	status->st_mtim = to_timespec(node->modified);
	status->st_ctim = to_timespec(node->changed);
	return 0;
}

bool node_is_regular(const struct node *node)
{
	return node->object.ops == &regular_ops;
}

off_t node_bytes(const struct node *node)
{
	return node_is_regular(node) ? (off_t)node->contents.bytes : 0;
}

/* Root may use every directory; else kernel/task/user.c decides. */
int node_may(const struct process *process, const struct node *node, int how)
{
	if (!process || (node_is_directory(node) && user_is_root(process)))
		return 0;
	return user_may_use(process, node->uid, node->gid, node->mode, how);
}

bool node_is_own(const struct process *process, const struct node *node)
{
	return !process || user_is_root(process) ||
	       process->identity.user == node->uid;
}
