/*
 * names.c - names of kernel objects, under /ipc/KIND/NAME.
 *
 *	/ipc/mailbox	special nodes, each standing for a mailbox
 *	/ipc/mqueue	special nodes, each standing for a message queue
 *	/ipc/sem	ordinary files: libc maps them as semaphores
 *	/ipc/shm	ordinary files for shm_open()
 *
 * Every user may add names there; because of the sticky bit, only the owner of
 * a name removes the name. Only names_open() adds names to the directories of
 * special nodes: open() and mkdir() answer EPERM, and rename() does not lead in
 * or out.
 */
#include "kernel/fs/names.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/account.h"
#include "kernel/task/process.h"

static struct node *ipc;		/* /ipc */

static const struct {
	const char *name;
	bool is_for_objects;
	const char *kind;		/* for people */
} kinds[] = {
	{ "mailbox",	true,	"mailbox" },
	{ "mqueue",	true,	"queue" },
	{ "sem",	false,	"semaphore" },
	{ "shm",	false,	"shared memory" },
};

/* ---- The nodes ---------------------------------------------------------- */

static void named_destroy(struct object *object)
{
	struct object *named = node_of(object)->data;

	if (named->named == node_of(object))
		named->named = NULL;
	node_destroy(object);
	if (named->ops->name)
		named->ops->name(named, false);
	object_put(named);
}

/* A special node with a reference to the object. */
static const struct object_ops named_ops = {
	.kind = "name",
	.stat = node_stat,
	.describe = node_describe,
	.destroy = named_destroy,
};

static int open_named(struct node *node, uint32_t flags, struct object **out)
{
	(void)flags;
	*out = node->data;
	object_get(*out);
	return 0;
}

/* ---- Names -------------------------------------------------------------- */

static int check_name(const char *name)
{
	if (*name == '\0')
		return -ENOENT;
	if (strchr(name, '/') || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return -EINVAL;
	return strlen(name) > NAME_MAX ? -ENAMETOOLONG : 0;
}

/* The place of a name, filled in as path.c fills in a place. */
static int find(const char *kind, const char *name, struct place *place)
{
	int error;

	if (*name == '/')
		name++;
	error = check_name(name);
	if (error)
		return error;
	*place = place_in(place_in(ipc, kind).node, name);
	return node_may(process_current(), place->directory, X_OK);
}

static int open_existing(struct node *node, int oflag, struct object **out)
{
	int how = (oflag & O_ACCMODE) == O_WRONLY ? W_OK : R_OK;
	int error;

	if (oflag & O_CREAT && oflag & O_EXCL)
		return -EEXIST;
	if ((oflag & O_ACCMODE) == O_RDWR)
		how |= W_OK;
	error = node_may(process_current(), node, how);
	return error ? error : open_named(node, oflag, out);
}

/* Give the object a name; the name takes a reference to the object. */
static int add_name(const struct place *place, mode_t mode,
		    struct object *object)
{
	struct node *node;
	int error;

	mode &= 0777u & ~process_current()->umask;
	node = node_create_special(S_IFCHR | mode, open_named, object);
	if (!node)
		return account_error(ACCOUNT_NAMES, 1, -EDQUOT, -ENOMEM);
	node->object.ops = &named_ops;
	object_get(object);
	error = entry_add(place, node);
	node_put(node);
	if (error)
		return error;
	object->named = node;
	if (object->ops->name)
		object->ops->name(object, true);
	return 0;
}

int names_open(const struct names_request *request, struct object **out,
	       bool *is_new)
{
	struct place place;
	int error = find(request->kind, request->name, &place);

	*is_new = false;
	if (error)
		return error;
	if (place.node)
		return open_existing(place.node, request->flags, out);
	if (!(request->flags & O_CREAT))
		return -ENOENT;
	error = node_may(process_current(), place.directory, W_OK | X_OK);
	if (!error)
		error = request->create(request->attr, out);
	if (error)
		return error;
	error = add_name(&place, request->mode, *out);
	if (error)
		object_put(*out);
	*is_new = !error;
	return error;
}

int names_unlink(const char *kind, const char *name)
{
	struct place place;
	int error = find(kind, name, &place);

	if (!error)
		error = tree_unlink(&place);
	/* mq_unlink() and the like have one error for a lack of permission. */
	return error == -EPERM ? -EACCES : error;
}

bool names_describe(const struct object *object, char *to, size_t size)
{
	return object->named && names_know(object->named, to, size);
}

/* The name as programs write it for sem_open() and the like, with the slash. */
bool names_know(const struct node *node, char *to, size_t size)
{
	const struct node *directory = node_parent(node);

	if (!ipc || !directory || node_parent(directory) != ipc ||
	    node_is_directory(node))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (strcmp(node_name(directory), kinds[i].name) == 0)
			return snprintf(to, size, "%s /%s", kinds[i].kind,
					node_name(node)) < (int)size;
	return false;
}

/* ---- The directories ---------------------------------------------------- */

static struct node *add_directory(struct node *parent, const char *name,
				  mode_t mode)
{
	struct place place = place_in(parent, name);
	struct node *node = node_create(S_IFDIR | mode);

	if (!node || entry_add(&place, node))
		panic("no memory for /ipc/%s", name);
	node_put(node);
	return node;
}

void names_init(struct node *root)
{
	ipc = place_in(root, "ipc").node;
	if (!ipc)
		ipc = add_directory(root, "ipc", 0755);
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		add_directory(ipc, kinds[i].name, 01777)->is_for_objects =
			kinds[i].is_for_objects;
	ipc->is_fixed = true;
}
