/*
 * tree.c - the changes of the tree by system calls, and their rules.
 *
 * path.c has found the places, and node.c changes the tree. This file holds the
 * rules of POSIX about calls to refuse. Every check comes before the first
 * change, so a failed call has changed nothing.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/mm/account.h"
#include "kernel/task/process.h"

/* May the running process change the names in this directory? */
static int may_change(const struct node *directory)
{
	if (directory->is_fixed)
		return -EROFS;
	return node_may(task_current() ? process_current() : NULL, directory,
			W_OK | X_OK);
}

int tree_add(const struct place *place, struct node *node)
{
	int error = may_change(place->directory);

	ASSERT(!place->node && place->kind == PLACE_NAME);
	if (!node)
		return account_error(ACCOUNT_NAMES, 1, -EDQUOT, -ENOSPC);
	if (!error && place->directory->is_for_objects)
		error = -EPERM;
	if (!error)
		error = node_link(node, place->directory, place->name,
				  place->length);
	if (error)
		node_put(node);
	return error;
}

int tree_create(const struct place *place, mode_t mode, struct node **out)
{
	*out = node_create(mode);
	return tree_add(place, *out);
}

/* May the running process remove this name? In a directory with the sticky bit,
 * such as /tmp, only the owner of the file or of the directory may. */
static int may_remove(const struct place *place)
{
	const struct process *process =
		task_current() ? process_current() : NULL;
	int error = may_change(place->directory);

	if (error || !(place->directory->mode & S_ISVTX) ||
	    node_is_own(process, place->directory) ||
	    node_is_own(process, place->node))
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
	if (!error)
		node_unlink(place->node);
	return error;
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
	if (node == node_root() || node->is_fixed)
		return -EBUSY;
	if (!list_is_empty(&node->children))
		return -ENOTEMPTY;
	error = may_remove(place);
	if (!error)
		node_unlink(node);
	return error;
}

static bool is_inside(const struct node *node, const struct node *directory)
{
	for (; node; node = node->parent)
		if (node == directory)
			return true;
	return false;
}

/* May `node` take the place of `old`, which has the new name now? */
static int may_replace(const struct node *node, struct node *old)
{
	if (node_is_directory(node) && !node_is_directory(old))
		return -ENOTDIR;
	if (!node_is_directory(node))
		return node_is_directory(old) ? -EISDIR : 0;
	if (old->is_fixed)
		return -EBUSY;
	return list_is_empty(&old->children) ? 0 : -ENOTEMPTY;
}

/* A name of a kernel object stays in the directory of the kind. */
static bool leaves_kind(const struct place *from, const struct place *to)
{
	return from->directory != to->directory &&
	       (from->directory->is_for_objects ||
		to->directory->is_for_objects);
}

static int may_rename(const struct place *from, const struct place *to)
{
	struct node *node = from->node;
	int error;

	if (!node)
		return -ENOENT;
	if (from->kind == PLACE_ROOT || to->kind == PLACE_ROOT)
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
	if (!error && leaves_kind(from, to))
		error = -EXDEV;
	if (!error && is_inside(to->directory, node))
		error = -EINVAL;
	if (!error && to->node && to->node != node)
		error = may_replace(node, to->node);
	return error;
}

int tree_rename(const struct place *from, const struct place *to)
{
	int error = may_rename(from, to);

	if (error || to->node == from->node)
		return error;
	return node_move(from->node, to->directory, to->name, to->length,
			 to->node);
}
