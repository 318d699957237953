/*
 * directory.c - directories as objects: listing their names.
 *
 * The position of an open directory is a place: 0 is in front of ".", 1 in
 * front of "..", and each child got a later place when the child was added. So
 * adding or removing a name during a read moves no remaining name.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"

static ssize_t directory_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	(void)file;
	(void)to;
	(void)bytes;
	return -EISDIR;
}

static off_t directory_seek(struct open_file *file, off_t offset, int whence)
{
	return node_seek(file, offset, whence,
			 node_of(file->object)->last_place);
}

/* The child after this child, or NULL; NULL: the first child. */
static struct node *child_after(struct node *directory, struct node *child)
{
	struct list_node *next = child ? child->sibling.next
				       : directory->children.head.next;

	return next == &directory->children.head ? NULL :
		LIST_ENTRY(next, struct node, sibling);
}

/* The first child behind this position, or NULL. The search begins where the
 * last listing ended, so a whole listing passes each child once. */
static struct node *child_behind(struct node *directory, off_t position)
{
	struct node *child = directory->recent;

	if (!child || child->place > position)
		child = child_after(directory, NULL);
	while (child && child->place <= position)
		child = child_after(directory, child);
	return child;
}

/* Copy an entry out: the size of the entry, 0 if there is no room, -EFAULT. */
static ssize_t put_entry(uaddr_t to, size_t room, const struct node *node,
			 const char *name, off_t position_behind)
{
	struct dirent entry = { .d_ino = node->number,
				.d_off = position_behind,
				.d_type = (node->mode & S_IFMT) >> 12 };
	size_t bytes = offsetof(struct dirent, d_name) + strlen(name) + 1;

	bytes = ALIGN_UP(bytes, 4u);
	if (bytes > room)
		return 0;
	entry.d_reclen = bytes;
	strlcpy(entry.d_name, name, sizeof(entry.d_name));
	return copy_to_user(to, &entry, bytes) ? -EFAULT : (ssize_t)bytes;
}

/* [own] The next entry for a reader: "." and "..", then the children. */
struct cursor {
	struct node *directory;
	struct node *child;
	off_t position;
};

static bool cursor_entry(const struct cursor *at, const struct node **node,
			 const char **name, off_t *behind)
{
	struct node *directory = at->directory;

	*behind = at->position + 1;
	*node = directory;
	*name = ".";
	if (at->position == 0)
		return true;
	*name = "..";
	if (at->position == 1) {
		*node = directory->parent ? directory->parent : directory;
		return true;
	}
	if (!at->child)
		return false;
	*node = at->child;
	*name = at->child->name;
	*behind = at->child->place;
	return true;
}

static ssize_t directory_list(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct node *directory = node_of(file->object);
	struct cursor at = { .directory = directory,
			     .child = child_behind(directory, file->position),
			     .position = file->position };
	const struct node *node;
	const char *name;
	off_t behind;
	size_t done = 0;

	if (directory->links == 0)
		return 0;		/* removed: not even "." is there */
	while (cursor_entry(&at, &node, &name, &behind)) {
		ssize_t part = put_entry(to + done, bytes - done, node, name,
					 behind);

		if (part <= 0 && done == 0)
			return part ? part : -EINVAL;
		if (part <= 0)
			break;
		if (node == at.child) {
			directory->recent = at.child;
			at.child = child_after(directory, at.child);
		}
		done += part;
		at.position = file->position = behind;
	}
	return done;
}

const struct object_ops directory_ops = {
	.kind = "directory",
	.read = directory_read,
	.seek = directory_seek,
	.stat = node_stat,
	.list = directory_list,
	.describe = node_describe,
	.destroy = node_destroy,
};
