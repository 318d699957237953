/*
 * directory.c - directories as objects: listing their names.
 *
 * The position of an open directory is a place: 0 is in front of ".", 1 in
 * front of "..", and each child got a later place when the child was added. So
 * adding or removing a name during a read moves no remaining name.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/lock.h"
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

/* The entry after this entry, or NULL; NULL: the first entry. */
static struct entry *child_after(struct node *directory, struct entry *child)
{
	struct list_node *next = child ? child->sibling.next
				       : directory->children.head.next;

	return next == &directory->children.head ? NULL :
		LIST_ENTRY(next, struct entry, sibling);
}

/* The first entry behind this position, or NULL. The search begins where the
 * last listing ended, so a whole listing passes each child once. */
static struct entry *child_behind(struct node *directory, off_t position)
{
	struct entry *child = directory->recent;

	if (!child || child->place > position)
		child = child_after(directory, NULL);
	while (child && child->place <= position)
		child = child_after(directory, child);
	return child;
}

ssize_t directory_put(uaddr_t to, size_t room, const struct listed *listed)
{
	struct dirent entry = { .d_ino = listed->number,
				.d_off = listed->behind,
				.d_type = (listed->mode & S_IFMT) >> 12 };
	size_t bytes = offsetof(struct dirent, d_name) + listed->length + 1;

	bytes = ALIGN_UP(bytes, 8u);
	if (bytes > room)
		return 0;
	entry.d_reclen = bytes;
	memcpy(entry.d_name, listed->name, listed->length);
	return copy_to_user(to, &entry, bytes) ? -EFAULT : (ssize_t)bytes;
}

/* [own] The next entry for a reader: "." and "..", then the children. */
struct cursor {
	struct node *directory;
	struct entry *child;
	off_t position;
};

/* False: the end. */
static bool cursor_entry(const struct cursor *at, struct listed *listed)
{
	const struct node *node = at->directory;

	listed->behind = at->position + 1;
	listed->name = at->position == 0 ? "." : "..";
	if (at->position == 1 && node_parent(node)) {
		node = node_parent(node);
	} else if (at->position > 1) {
		if (!at->child)
			return false;
		node = at->child->node;
		listed->name = at->child->name;
		listed->behind = at->child->place;
	}
	listed->length = strlen(listed->name);
	listed->number = node->number;
	listed->mode = node->mode;
	return true;
}

ssize_t directory_list(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct node *directory = node_of(file->object);
	struct cursor at = { .directory = directory,
			     .child = child_behind(directory, file->position),
			     .position = file->position };
	struct listed listed;
	size_t done = 0;

	if (directory->links == 0)
		return 0;		/* removed: not even "." is there */
	while (cursor_entry(&at, &listed)) {
		ssize_t part = directory_put(to + done, bytes - done, &listed);

		if (part <= 0 && done == 0)
			return part ? part : -EINVAL;
		if (part <= 0)
			break;
		if (at.position > 1) {
			directory->recent = at.child;
			at.child = child_after(directory, at.child);
		}
		done += part;
		at.position = file->position = listed.behind;
	}
	return done;
}

static ssize_t list(struct open_file *file, uaddr_t to, size_t bytes)
{
	return node_of(file->object)->fs->ops->list(file, to, bytes);
}

const struct object_ops directory_ops = {
	.kind = "directory",
	.read = directory_read,
	.seek = directory_seek,
	.close = node_close,
	.leave = lock_leave,
	.stat = node_stat,
	.list = list,
	.describe = node_describe,
	.destroy = node_destroy,
};

const struct object_ops link_ops = {
	.kind = "link",
	.stat = node_stat,
	.describe = node_describe,
	.destroy = node_destroy,
};
