/*
 * path.c - from a path to a place in the tree.
 *
 * A path is walked name by name. The last name may be missing (open with
 * O_CREAT, mkdir, rename), so the walk ends at a place: the directory, the
 * name, and the node if there is one. A symbolic link leads the walk through
 * the text of the link first; after SYMLOOP_MAX links the path counts as
 * endless. Each rule of POSIX about the form of a path is here and nowhere
 * else.
 *
 * A long walk is done in parts. Between two parts other tasks run, and the walk
 * holds references to the nodes that it needs to go on: the next attempt
 * (attempt.c) begins where the last part ended. A directory on the way that has
 * moved meanwhile was there when the walk went through.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define PART_COST	128	/* of a part, in bytes of names */
#define STEP_COST	8	/* of a name beside its bytes */

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
	const char *end = name;

	while (*end && *end != '/')
		end++;
	return end - name;
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
	place->entry = NULL;
	place->node = directory;
	place->kind = kind_of(place->name, place->length);
	if (place->kind == PLACE_DOT)
		return 0;
	if (directory->links == 0)
		return -ENOENT;
	if (place->kind == PLACE_NAME)
		return entry_look(place);
	if (node_parent(directory))
		place->node = node_parent(directory);
	return 0;
}

/* [own] The names to come of a path, or of the text of a symbolic link. */
struct text {
	const char *names;
	struct node *link;		/* NULL: of the path */
};

/* [own] The way along a path and the symbolic links in it. The walk goes on in
 * the text of a link, and then in the rest of the path behind the link. */
struct walk {
	struct node *at;		/* where a part begins */
	struct text text;
	struct text rest[SYMLOOP_MAX];	/* behind the links on the way */
	unsigned depth;			/* of rest[] */
	unsigned links;			/* followed so far */
	bool has_slash;			/* behind a link at the end */
};

/* [own] The walk along a path, for the next attempt. */
struct path_pause {
	struct path_pause *next;
	const char *path;
	struct walk walk;		/* with references */
};

/* [P] Of the running attempt; NULL: the walk ends without a pause. */
struct path_pause **path_pauses;

static void for_each_node(const struct walk *walk, void (*act)(struct node *))
{
	unsigned i;

	act(walk->at);
	if (walk->text.link)
		act(walk->text.link);
	for (i = 0; i < walk->depth; i++)
		if (walk->rest[i].link)
			act(walk->rest[i].link);
}

static struct path_pause *pause_of(const char *path)
{
	struct path_pause *pause = path_pauses ? *path_pauses : NULL;

	while (pause && pause->path != path)
		pause = pause->next;
	return pause;
}

static int pause(const struct walk *walk, const char *path)
{
	struct path_pause *pause = pause_of(path);

	for_each_node(walk, node_get);
	if (pause) {
		for_each_node(&pause->walk, node_put);
	} else {
		pause = heap_alloc(sizeof(*pause));
		if (!pause) {
			for_each_node(walk, node_put);
			return -ENOMEM;
		}
		pause->path = path;
		pause->next = *path_pauses;
		*path_pauses = pause;
	}
	pause->walk = *walk;
	return fs_again();
}

void path_forget(struct path_pause *pause)
{
	struct path_pause *next;

	for (; pause; pause = next) {
		next = pause->next;
		for_each_node(&pause->walk, node_put);
		heap_free(pause);
	}
}

/* The last step met a link: go on in its text, from the link's directory. */
static int enter_link(struct walk *walk, struct place *place)
{
	struct node *link = place->node;
	int error = 0;

	if (walk->links++ == SYMLOOP_MAX)
		return -ELOOP;
	if (!link->target)
		error = link->fs->ops->read_link(link);
	if (error)
		return error;
	if (*walk->text.names)
		walk->rest[walk->depth++] = walk->text;
	else
		walk->has_slash |= place->has_slash;
	place->node = link->target[0] == '/' ? node_root() : place->directory;
	place->kind = PLACE_ROOT;
	place->entry = NULL;
	walk->text.names = skip_slashes(link->target);
	walk->text.link = link;
	return 0;
}

/* Take the next name of the path. */
static int step(struct walk *walk, struct place *place, bool follow)
{
	bool is_last;
	int error;

	if (!place->node)
		return -ENOENT;
	place->directory = place->node;
	place->name = walk->text.names;
	place->length = name_length(place->name);
	error = look(place);
	if (error)
		return error;
	walk->text.names += place->length;
	place->has_slash = *walk->text.names == '/';
	walk->text.names = skip_slashes(walk->text.names);
	is_last = !*walk->text.names && walk->depth == 0;
	if (place->node && place->node->kind == NODE_LINK &&
	    (follow || !is_last || place->has_slash || walk->has_slash))
		error = enter_link(walk, place);
	while (!*walk->text.names && walk->depth > 0)
		walk->text = walk->rest[--walk->depth];
	return error;
}

static int find(struct node *start, const char *path, bool follow,
		struct place *place)
{
	struct path_pause *last = pause_of(path);
	struct walk walk;
	unsigned cost = 0;
	int error;

	if (path[0] == '\0')
		return -ENOENT;
	if (last) {
		walk = last->walk;
	} else {
		walk.at = starting_point(start, path);
		walk.text = (struct text){ .names = skip_slashes(path) };
		walk.depth = walk.links = walk.has_slash = 0;
	}
	*place = (struct place){ .directory = walk.at, .node = walk.at,
				 .kind = PLACE_ROOT };
	while (*walk.text.names) {
		if (cost > PART_COST && place->node && path_pauses) {
			walk.at = place->node;
			return pause(&walk, path);
		}
		error = step(&walk, place, follow);
		if (error)
			return error;
		cost += place->length + STEP_COST;
	}
	place->has_slash |= walk.has_slash;
	if (place->has_slash && place->node && !node_is_directory(place->node))
		return -ENOTDIR;
	return 0;
}

int path_find(struct node *start, const char *path, struct place *place)
{
	return find(start, path, false, place);
}

int path_follow(struct node *start, const char *path, struct place *place)
{
	return find(start, path, true, place);
}

/* [own] */
struct lookup {
	const char *path;
	struct node *node;
};

static long attempt_lookup(void *context)
{
	struct lookup *lookup = context;
	struct place place;
	int error = path_follow(NULL, lookup->path, &place);

	if (!error && !place.node)
		error = -ENOENT;
	if (error)
		return error;
	node_get(place.node);
	lookup->node = place.node;
	return 0;
}

int node_lookup(const char *path, struct node **out)
{
	struct lookup lookup = { .path = path };
	int error = fs_try(attempt_lookup, &lookup);

	*out = lookup.node;
	return error;
}
