/*
 * device.c - the names of devices in /dev.
 *
 * A name in /dev is a special node with a reference to the driver's object. So
 * a device may have two names, and the driver need not know the names.
 */
#include "kernel/fs/device.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

static struct node *devices;		/* /dev */

const struct object_ops special_ops = {
	.kind = "special",
	.stat = node_stat,
	.describe = node_describe,
	.destroy = node_destroy,
};

int node_open(struct node *node, uint32_t flags, struct object **out)
{
	if (node->kind == NODE_SPECIAL)
		return node->open(node, flags, out);
	*out = &node->object;
	object_get(*out);
	return 0;
}

static int open_device(struct node *node, uint32_t flags, struct object **out)
{
	struct object *object = node->data;

	(void)flags;
	if (!object)
		object = process_current()->terminal;
	if (!object)
		return -ENXIO;
	object_get(object);
	*out = object;
	return 0;
}

static int add_name(const char *name, mode_t mode, node_opener *open,
		    struct object *object)
{
	struct place place = place_in(devices, name);
	struct node *node;
	int error;

	if (place.node)
		return -EEXIST;
	node = node_create_special(S_IFCHR | mode, open, object);
	if (!node)
		return -ENOMEM;
	error = entry_add(&place, node);
	if (!error && object)
		object_get(object);
	node_put(node);
	return error;
}

int device_register(const char *name, struct object *object, mode_t mode)
{
	return add_name(name, mode, open_device, object);
}

int device_register_maker(const char *name, mode_t mode, node_opener *open)
{
	return add_name(name, mode, open, NULL);
}

struct node *device_directory(const char *name, mode_t mode)
{
	struct place place = place_in(devices, name);
	struct node *node = node_create(S_IFDIR | mode);

	if (!node || entry_add(&place, node))
		panic("no memory for /dev/%s", name);
	node_put(node);
	node->is_fixed = true;
	return node;
}

void device_link(const char *name, const char *target)
{
	struct place place = place_in(devices, name);
	struct node *node = node_create(S_IFLNK | 0777);

	if (node)
		node->target = heap_alloc(strlen(target) + 1);
	if (!node || !node->target || entry_add(&place, node))
		panic("no memory for /dev/%s", name);
	strlcpy(node->target, target, strlen(target) + 1);
	node_put(node);
}

struct node *device_node(const struct object *object)
{
	struct entry *entry;

	LIST_FOR_EACH(entry, &devices->children, sibling)
		if (entry->node->kind == NODE_SPECIAL &&
		    entry->node->data == object)
			return entry->node;
	return NULL;
}

bool device_stat(const struct object *object, struct stat *status)
{
	struct node *node = device_node(object);

	return node && node_stat(&node->object, status) == 0;
}

void device_init(struct node *root)
{
	struct place place = place_in(root, "dev");

	devices = place.node;
	if (!devices && tree_create(&place, S_IFDIR | 0755, &devices))
		panic("no memory for /dev");
	devices->is_fixed = true;
	device_register("tty", NULL, 0666);
}
