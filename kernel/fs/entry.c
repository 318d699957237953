/*
 * entry.c - the names of nodes.
 *
 * The entries of all file systems are in one hash table, keyed by directory and
 * name. So a look-up costs the same in a directory of three names and of a
 * thousand. In each slot, the name of the last look-up stands first: repeated
 * look-ups of a name are fast even in a long chain. A directory also lists its
 * entries, in the order of their arrival. Each entry has a place, a number that
 * only grows. So a program that reads a directory sees every lasting name once,
 * even while names come and go.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/inotify.h"
#include "kernel/fs/names.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/account.h"
#include "kernel/mm/heap.h"
#include "kernel/task/user.h"

#define HASH_SIZE	1024		/* a power of two */
#define FIRST_PLACE	2		/* behind "." and ".." */

static struct entry *entries[HASH_SIZE];	/* [P] */

/* ---- The table ---------------------------------------------------------- */

static uint32_t hash_of(const struct place *place)
{
	return hash_mix(place->hash, place->directory->number);
}

/* Move the entry at *slot to the front of the chain. */
static void put_first(struct entry **first, struct entry **slot)
{
	struct entry *entry = *slot;

	*slot = entry->hash_next;
	entry->hash_next = *first;
	*first = entry;
}

static struct entry *find(struct place *place)
{
	struct entry **first, **slot, *entry;
	uint32_t hash;

	place->hash = hash_name(place->name, place->length);
	hash = hash_of(place);
	first = &entries[hash % HASH_SIZE];
	for (slot = first; (entry = *slot); slot = &entry->hash_next)
		if (entry->hash == hash &&
		    entry->directory == place->directory &&
		    entry->length == place->length &&
		    memcmp(entry->name, place->name, place->length) == 0)
			break;
	if (entry && slot != first)
		put_first(first, slot);
	return entry;
}

/* An entry for the place, in no table yet, or NULL. */
static struct entry *create(const struct place *place)
{
	struct entry *entry = heap_alloc(sizeof(*entry) + place->length + 1);

	if (!entry)
		return NULL;
	entry->directory = place->directory;
	entry->hash = hash_of(place);
	entry->length = place->length;
	memcpy(entry->name, place->name, place->length);
	entry->name[place->length] = '\0';
	return entry;
}

/* Let the new entry name the node. */
static void enter(struct entry *entry, struct node *node)
{
	struct node *directory = entry->directory;
	struct entry **slot = &entries[entry->hash % HASH_SIZE];

	node_get(directory);
	node_get(node);
	entry->node = node;
	entry->hash_next = *slot;
	*slot = entry;
	if (list_is_empty(&directory->children))
		directory->last_place = FIRST_PLACE;
	entry->place = ++directory->last_place;
	list_append(&directory->children, &entry->sibling);
	list_append(&node->entries, &entry->of_node);
}

/* Take the entry out of the tables and free it. */
static void leave(struct entry *entry)
{
	struct node *directory = entry->directory, *node = entry->node;
	struct entry **slot = &entries[entry->hash % HASH_SIZE];

	while (*slot != entry)
		slot = &(*slot)->hash_next;
	*slot = entry->hash_next;
	list_remove(&entry->sibling);
	list_remove(&entry->of_node);
	if (directory->recent == entry)
		directory->recent = NULL;
	heap_free(entry);
	node_put(node);
	node_put(directory);
}

struct place place_in(struct node *directory, const char *name)
{
	struct place place = { .directory = directory, .name = name,
			       .length = strlen(name), .kind = PLACE_NAME };

	place.entry = find(&place);
	place.node = place.entry ? place.entry->node : NULL;
	return place;
}

/* Ask the file system for a name without an entry. */
static int look_up(struct place *place)
{
	const struct node_ops *ops = place->directory->fs->ops;
	struct account *payer = ops->root_pays ? user_charge(&account_root)
					       : NULL;
	struct entry *entry = create(place);
	int error = entry ? ops->lookup(place) : -ENOMEM;

	if (payer)
		user_charge(payer);
	if (error || !place->node) {
		heap_free(entry);
		return MIN(error, 0);
	}
	enter(entry, place->node);
	node_put(place->node);
	place->entry = entry;
	return 0;
}

int entry_look(struct place *place)
{
	place->entry = find(place);
	place->node = place->entry ? place->entry->node : NULL;
	if (!place->entry && place->directory->fs->ops->lookup)
		return look_up(place);
	return 0;
}

/* ---- Changes ------------------------------------------------------------ */

/* A name of the node came (1) or went (-1). A directory's name brings ".." to
 * the directory above. */
static void count_links(struct node *directory, struct node *node, int change)
{
	node->links += change;
	if (node_is_directory(node)) {
		directory->links += change;
		if (node->links == 1 && change < 0)
			node->links = 0;	/* "." went too */
	}
	node_was_changed(node);
	node_was_modified(directory);
	if (node->links == 0)
		inotify_node_ends(node);
}

/* The node loses a name in the directory. */
static void lose_name(struct node *directory, struct node *node)
{
	if (!node_is_directory(node))
		inotify_links(node);
	count_links(directory, node, -1);
}

int entry_add(const struct place *place, struct node *node)
{
	const struct node_ops *ops = place->directory->fs->ops;
	struct entry *entry = create(place);
	int error = 0;

	ASSERT(!place->entry && place->kind == PLACE_NAME);
	if (!entry)
		return -ENOMEM;
	if (ops->add)
		error = ops->add(place, node);
	if (error) {
		heap_free(entry);
		return error;
	}
	enter(entry, node);
	count_links(place->directory, node, 1);
	inotify_links(node);
	inotify_name(place->directory, IN_CREATE, node, entry->name);
	return 0;
}

int entry_remove(const struct place *place)
{
	const struct node_ops *ops = place->directory->fs->ops;
	int error = ops->remove ? ops->remove(place) : 0;

	if (error)
		return error;
	lose_name(place->directory, place->node);
	inotify_name(place->directory, IN_DELETE, place->node,
		     place->entry->name);
	leave(place->entry);
	return 0;
}

int entry_move(const struct place *from, const struct place *to)
{
	const struct node_ops *ops = from->directory->fs->ops;
	struct entry *entry = create(to);
	struct node *node = from->node;
	int error = 0;

	if (!entry)
		return -ENOMEM;
	if (ops->move)
		error = ops->move(from, to);
	if (error) {
		heap_free(entry);
		return error;
	}
	if (to->node) {
		lose_name(to->directory, to->node);
		leave(to->entry);
	}
	enter(entry, node);
	count_links(to->directory, node, 1);
	count_links(from->directory, node, -1);
	inotify_move(from->entry, entry);
	leave(from->entry);
	return 0;
}

static void leave_all(struct node *node)
{
	node_get(node);
	while (!list_is_empty(&node->entries))
		leave(LIST_ENTRY(node->entries.head.next, struct entry,
				 of_node));
	node_put(node);
}

bool node_forget(struct node *node)
{
	struct list_node *at = node->entries.head.next;
	uint32_t count = 0;

	for (; at != &node->entries.head; at = at->next)
		count++;
	if (count != node->object.refs)
		return false;
	leave_all(node);
	return true;
}

void node_lose_names(struct node *node)
{
	node->links = 0;
	inotify_node_ends(node);
	leave_all(node);
}

/* ---- The names of a node ------------------------------------------------ */

static const struct entry *first_entry(const struct node *node)
{
	return list_is_empty(&node->entries) ? NULL :
		LIST_ENTRY(node->entries.head.next, struct entry, of_node);
}

struct node *node_parent(const struct node *node)
{
	const struct entry *entry = first_entry(node);

	return entry ? entry->directory : NULL;
}

const char *node_name(const struct node *node)
{
	const struct entry *entry = first_entry(node);

	return entry ? entry->name : "";
}

/* Made from the end: the way up may be longer than the room. With hundreds of
 * names of one byte, a call for each name would cost more than all bytes. */
ssize_t node_path(const struct node *node, char *to, size_t size)
{
	const struct entry *entry;
	size_t at = size - 1, length;

	if (size < sizeof("/"))
		return -ERANGE;
	to[at] = '\0';
	for (; (entry = first_entry(node)) != NULL; node = entry->directory) {
		length = entry->length;
		if (length >= at)
			return -ERANGE;
		while (length > 0)
			to[--at] = entry->name[--length];
		to[--at] = '/';
	}
	if (node != node_root())
		return -ENOENT;
	if (at == size - 1)
		to[--at] = '/';
	memmove(to, to + at, size - at);
	return size - at;
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
