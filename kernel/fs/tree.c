/*
 * tree.c - the changes of the tree by system calls, and their rules.
 *
 * path.c has found the places, and node.c changes the tree. This file holds the
 * rules of POSIX about calls to refuse. Every check comes before the first
 * change, so a failed call has changed nothing.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/mm/account.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

static const struct process *changer(void)
{
	return task_current() ? process_current() : NULL;
}

/* May the running process change the names in this directory? */
static int may_change(const struct node *directory)
{
	if (directory->is_fixed || directory->fs->is_read_only)
		return -EROFS;
	return node_may(changer(), directory, W_OK | X_OK);
}

/* May the running process add a name at this place? */
static int may_add(const struct place *place)
{
	int error = may_change(place->directory);

	ASSERT(!place->node && place->kind == PLACE_NAME);
	if (!error && place->directory->is_for_objects)
		error = -EPERM;
	return error;
}

/* Give the new node its name, which then holds the only reference. */
static int add_new(const struct place *place, struct node *node)
{
	int error = entry_add(place, node);

	node_put(node);
	return error;
}

/* In a directory with the set-group-ID bit, a new node gets the group of the
 * directory, and a new directory gets the bit. */
static struct node *create(const struct place *place, mode_t mode)
{
	const struct node *directory = place->directory;
	struct node *node = directory->fs->ops->create(directory->fs, mode);

	if (node && directory->mode & S_ISGID) {
		node->gid = directory->gid;
		if (node_is_directory(node))
			node->mode |= S_ISGID;
	}
	return node;
}

int tree_create(const struct place *place, mode_t mode, struct node **out)
{
	int error = may_add(place);

	if (error)
		return error;
	*out = create(place, mode);
	if (!*out)
		return account_error(ACCOUNT_NAMES, 1, -EDQUOT, -ENOMEM);
	return add_new(place, *out);
}

int tree_symlink(const struct place *place, const char *target)
{
	size_t bytes = strlen(target) + 1;
	int error = may_add(place);
	struct node *link;

	if (error)
		return error;
	link = create(place, S_IFLNK | 0777);
	if (!link)
		return account_error(ACCOUNT_NAMES, 1, -EDQUOT, -ENOMEM);
	link->target = heap_alloc(bytes);
	if (!link->target) {
		node_put(link);
		return -ENOMEM;
	}
	memcpy(link->target, target, bytes);
	link->bytes = bytes - 1;
	return add_new(place, link);
}

/* A name of a kernel object stays in the directory of the kind. */
static bool leaves_kind(const struct place *from, const struct place *to)
{
	return from->directory != to->directory &&
	       (from->directory->is_for_objects ||
		to->directory->is_for_objects);
}

/* Whoever may not write a file may not link it either: a quota or a later
 * owner's mode would not reach the second name. */
int tree_link(const struct place *from, const struct place *to)
{
	int error;

	if (!from->node || (!to->node && to->has_slash))
		return -ENOENT;
	if (to->node)
		return -EEXIST;
	if (node_is_directory(from->node) ||
	    (!node_is_own(changer(), from->node) &&
	     node_may(changer(), from->node, R_OK | W_OK)))
		return -EPERM;
	if (from->node->fs != to->directory->fs || leaves_kind(from, to))
		return -EXDEV;
	if (from->node->links == 0)
		return -ENOENT;
	if (from->node->links == LINK_MAX)
		return -EMLINK;
	error = may_change(to->directory);
	if (!error && to->directory->is_for_objects)
		error = -EPERM;
	return error ? error : entry_add(to, from->node);
}

/* May the running process remove this name? In a directory with the sticky bit,
 * such as /tmp, only the owner of the file or of the directory may. */
static int may_remove(const struct place *place)
{
	int error = may_change(place->directory);

	if (error || !(place->directory->mode & S_ISVTX) ||
	    node_is_own(changer(), place->directory) ||
	    node_is_own(changer(), place->node))
		return error;
	return -EPERM;
}

int tree_unlink(const struct place *place)
{
	int error;

	if (!place->node)
		return -ENOENT;
	if (node_is_directory(place->node))
		return -EPERM;
	error = may_remove(place);
	return error ? error : entry_remove(place);
}

static bool is_root(const struct node *node)
{
	return node == node->fs->root;
}

/* 0 for an empty directory. */
static int check_empty(struct node *directory)
{
	int result = list_is_empty(&directory->children);

	if (result && directory->fs->ops->is_empty)
		result = directory->fs->ops->is_empty(directory);
	if (result > 0)
		return 0;
	return result ? result : -ENOTEMPTY;
}

int tree_remove_directory(const struct place *place)
{
	struct node *node = place->node;
	int error;

	if (!node)
		return -ENOENT;
	if (!node_is_directory(node))
		return -ENOTDIR;
	if (place->kind == PLACE_DOT)
		return -EINVAL;
	if (is_root(node) || node->is_fixed)
		return -EBUSY;
	error = check_empty(node);
	if (!error)
		error = may_remove(place);
	return error ? error : entry_remove(place);
}

/* May the directory move there: not inside itself (-EINVAL)? No path leads to a
 * place that is too deep (-ENAMETOOLONG). */
static int check_above(const struct node *node, const struct node *directory)
{
	for (uint32_t depth = 0; node; node = node_parent(node)) {
		if (node == directory)
			return -EINVAL;
		if (++depth > PATH_MAX / 2)
			return -ENAMETOOLONG;
	}
	return 0;
}

/* May the directory move to a different directory? Its entry ".." changes, so
 * the process must be allowed to write the directory. */
static int may_move(const struct node *node, const struct node *to)
{
	int error = check_above(to, node);

	return error ? error : node_may(changer(), node, W_OK);
}

/* May `node` take the place of `old`, which has the new name now? */
static int may_replace(const struct node *node, struct node *old)
{
	if (node_is_directory(node) && !node_is_directory(old))
		return -ENOTDIR;
	if (!node_is_directory(node))
		return node_is_directory(old) ? -EISDIR : 0;
	if (old->is_fixed || is_root(old))
		return -EBUSY;
	return check_empty(old);
}

static int may_rename(const struct place *from, const struct place *to)
{
	struct node *node = from->node;
	int error;

	if (!node)
		return -ENOENT;
	if (from->kind == PLACE_ROOT || to->kind == PLACE_ROOT ||
	    is_root(node))
		return -EBUSY;
	if (from->kind != PLACE_NAME || to->kind != PLACE_NAME)
		return -EINVAL;
	if (node->is_fixed)
		return -EBUSY;
	if (to->has_slash && !node_is_directory(node))
		return -ENOTDIR;
	error = may_remove(from);
	if (!error)
		error = to->node ? may_remove(to) : may_change(to->directory);
	if (!error && (node->fs != to->directory->fs || leaves_kind(from, to)))
		error = -EXDEV;
	if (!error && node_is_directory(node) &&
	    to->directory != from->directory)
		error = may_move(node, to->directory);
	if (!error && to->node && to->node != node)
		error = may_replace(node, to->node);
	return error;
}

int tree_rename(const struct place *from, const struct place *to)
{
	int error = may_rename(from, to);

	if (error || to->node == from->node)
		return error;
	return entry_move(from, to);
}
