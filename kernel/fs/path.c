/*
 * path.c - from a path to a place in the tree.
 *
 * A path is walked name by name. The last name may be missing (open with
 * O_CREAT, mkdir, rename), so the walk ends at a place: the directory, the
 * name, and the node if there is one. Each rule of POSIX about the form of a
 * path is here and nowhere else.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/task/process.h"

static struct process *walker(void)
{
	return task_current() ? process_current() : NULL;
}

static struct node *starting_point(struct node *start, const char *path)
{
	const struct process *process = walker();

	if (path[0] == '/')
		return node_root();
	if (start)
		return start;
	if (process && process->directory)
		return node_of(process->directory);
	return node_root();
}

static const char *skip_slashes(const char *path)
{
	while (*path == '/')
		path++;
	return path;
}

static size_t name_length(const char *name)
{
	size_t length = 0;

	while (name[length] && name[length] != '/')
		length++;
	return length;
}

static enum place_kind kind_of(const char *name, size_t length)
{
	if (length == 1 && name[0] == '.')
		return PLACE_DOT;
	if (length == 2 && name[0] == '.' && name[1] == '.')
		return PLACE_DOT_DOT;
	return PLACE_NAME;
}

/* Look place->name up in place->directory. -ENOENT only in a removed directory,
 * where no name can exist. */
static int look(struct place *place)
{
	struct node *directory = place->directory;
	int error;

	if (!node_is_directory(directory))
		return -ENOTDIR;
	if (place->length > NAME_MAX)
		return -ENAMETOOLONG;
	error = node_may(walker(), directory, X_OK);
	if (error)
		return error;
	place->kind = kind_of(place->name, place->length);
	if (place->kind == PLACE_DOT) {
		place->node = directory;
		return 0;
	}
	if (directory->links == 0)
		return -ENOENT;
	if (place->kind == PLACE_DOT_DOT)
		place->node = directory->parent ? directory->parent : directory;
	else
		place->node = node_child(directory, place->name,
					 place->length);
	return 0;
}

int path_find(struct node *start, const char *path, struct place *place)
{
	struct node *at = starting_point(start, path);
	int error;

	if (path[0] == '\0')
		return -ENOENT;
	*place = (struct place){ .directory = at, .node = at,
				 .kind = PLACE_ROOT };
	path = skip_slashes(path);
	while (*path) {
		if (!place->node)
			return -ENOENT;
		place->directory = place->node;
		place->name = path;
		place->length = name_length(path);
		error = look(place);
		if (error)
			return error;
		path += place->length;
		place->has_slash = *path == '/';
		path = skip_slashes(path);
	}
	if (place->has_slash && place->node && !node_is_directory(place->node))
		return -ENOTDIR;
	return 0;
}

int path_find_existing(struct node *start, const char *path,
		       struct place *place)
{
	int error = path_find(start, path, place);

	if (!error && !place->node)
		error = -ENOENT;
	return error;
}

int node_lookup(const char *path, struct node **out)
{
	struct place place;
	int error = path_find_existing(NULL, path, &place);

	if (error)
		return error;
	node_get(place.node);
	*out = place.node;
	return 0;
}
