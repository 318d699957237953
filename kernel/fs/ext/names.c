/*
 * names.c - the operations on names: each is one change of the journal.
 *
 * A new name may come with a new inode, and the last name of a node makes the
 * node an orphan. So a change has its steps in several files: journal.c says
 * how a step that fails undoes them all.
 *
 * A short target of a symbolic link is in the inode, in place of the numbers of
 * blocks. A long target has a block.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"

int names_lookup(struct place *place)
{
	uint32_t number;
	int error = dir_find(place, &number);

	place->node = NULL;
	if (!error && number)
		error = inode_node(number, &place->node);
	return error;
}

/* ---- Symbolic links --------------------------------------------------- */

static int put_target(struct ext_node *node, struct ext_inode *inode)
{
	const char *target = node->node.target;
	uint32_t length = node->node.bytes, number;
	struct block *block;
	bool is_new;
	int error;

	inode->bytes = length;
	if (length < sizeof(inode->block)) {
		memcpy(inode->block, target, length);
		return 0;
	}
	error = map_make(node, 0, &number, &is_new) ?:
		journal_new(number, &block);
	if (!error)
		memcpy(block->bytes, target, length);
	return error;
}

int names_read_link(struct node *link)
{
	uint32_t length, most = MIN(BLOCK_BYTES, PATH_MAX) - 1;
	struct ext_inode *inode;
	struct block *block;
	const char *target;
	int error = inode_get(link->number, &inode);

	if (error)
		return error;
	length = inode->bytes;
	target = (const char *)inode->block;
	if (inode->sectors) {
		error = map_get(inode, 0, &block);
		target = error ? NULL : block->bytes;
	} else {
		most = sizeof(inode->block) - 1;
	}
	if (error || length > most)
		return error ?: -EIO;
	link->target = heap_alloc(length + 1);
	if (!link->target)
		return -ENOMEM;
	memcpy(link->target, target, length);
	return 0;
}

/* ---- Adding, removing, moving -------------------------------------------- */

static struct place dots(struct node *directory)
{
	return (struct place){ .directory = directory, .name = "..",
			       .length = 2, .hash = hash_name("..", 2) };
}

/* Within a change: the first two names of a new directory. */
static int add_dots(struct node *directory, const struct node *parent)
{
	const struct place dot = { .directory = directory, .name = ".",
				   .length = 1, .hash = hash_name(".", 1) };
	const struct place up = dots(directory);

	return dir_add(&dot, directory) ?: dir_add(&up, parent);
}

/* Within a change: a free inode becomes this node's. */
static int take_inode(struct ext_node *node, const struct node *directory)
{
	uint32_t number;
	int error = ext_new_inode(directory->number,
				  node_is_directory(&node->node), &number);

	if (error)
		return error;
	node->node.number = number;
	node->goal = (number - 1) / ext.super.inodes_per_group *
		     ext.super.blocks_per_group;
	return 0;
}

/* Within a change: the first bytes of the inode, and of what belongs to it. */
static int fill_inode(struct ext_node *node, const struct node *directory)
{
	struct ext_inode *inode;
	int error = inode_edit(node->node.number, &inode);

	if (error)
		return error;
	memset(inode, 0, ext.super.inode_bytes);
	error = inode_write(&node->node, inode);
	inode->links++;			/* for the name that has come */
	if (!error && node->node.kind == NODE_LINK)
		error = put_target(node, inode);
	if (!error && node_is_directory(&node->node))
		error = add_dots(&node->node, directory);
	return error;
}

static bool is_full(const struct node *node)
{
	return node->links >= EXT_LINKS_MOST;
}

int names_add(const struct place *place, struct node *node)
{
	struct ext_node *own = ext_node_of(node);
	bool is_new = node->number == 0;
	int error;

	if (is_full(node) || (node_is_directory(node) &&
			      is_full(place->directory)))
		return -EMLINK;
	error = journal_begin();
	if (error)
		return error;
	/* Room for the name comes first: the search may go on in the next
	 * attempt. */
	error = journal_end(
		(is_new ? take_inode(own, place->directory) : 0) ?:
		dir_add(place, node) ?:
		(is_new ? fill_inode(own, place->directory) : 0));
	if (is_new && error)
		node->number = 0;
	if (error)
		return error;
	if (is_new)
		inode_enter(own);
	inode_measure(place->directory);
	inode_measure(node);
	return 0;
}

static bool is_last_name(const struct node *node)
{
	return node->links == (node_is_directory(node) ? 2 : 1);
}

int names_remove(const struct place *place)
{
	return journal_begin() ?:
	       journal_end(dir_remove(place) ?:
			   (is_last_name(place->node)
			    ? orphan_add(ext_node_of(place->node)) : 0));
}

/* Within a change. `lost`: the node that loses its last name, or NULL. */
static int move(const struct place *from, const struct place *to,
		struct ext_node *lost)
{
	const struct place up = dots(from->node);
	bool has_new_parent = node_is_directory(from->node) &&
			      from->directory != to->directory;

	return (to->node ? dir_set(to, from->node) : dir_add(to, from->node)) ?:
	       dir_remove(from) ?:
	       (has_new_parent ? dir_set(&up, to->directory) : 0) ?:
	       (lost ? orphan_add(lost) : 0);
}

int names_move(const struct place *from, const struct place *to)
{
	struct ext_node *lost = to->node && is_last_name(to->node)
				? ext_node_of(to->node) : NULL;
	int error;

	if (node_is_directory(from->node) && is_full(to->directory))
		return -EMLINK;
	error = journal_begin() ?: journal_end(move(from, to, lost));
	if (!error)
		inode_measure(to->directory);
	return error;
}

