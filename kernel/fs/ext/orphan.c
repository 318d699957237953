/*
 * orphan.c - the end of nodes, and files that have lost their names.
 *
 * A file without a name lives until its last reference goes. If the power fails
 * before, no name leads to the file's blocks. So the superblock has a list of
 * such inodes, the orphans, linked by the field for the time of deletion, and
 * the next mount frees them. A file leaves the list in the change that frees
 * the inode, and so no inode is lost or freed twice.
 *
 * Linux also adds a file with a name while the file gets shorter. If the power
 * fails meanwhile, the next mount frees the blocks behind the file's end.
 */
#include "kernel/fs/ext/ext.h"

int orphan_add(struct ext_node *node)
{
	struct ext_super *super;
	struct ext_inode *inode;
	int error = super_edit(&super) ?:
		    inode_edit(node->node.number, &inode);

	if (error)
		return error;
	inode->deleted = super->last_orphan;
	super->last_orphan = node->node.number;
	list_prepend(&ext.orphans, &node->orphan);
	return 0;
}

/* Within a change: take the node out of the list on the disk. */
static int orphan_remove(struct ext_node *node, uint32_t next)
{
	struct list_node *before = node->orphan.prev;
	struct ext_super *super;
	struct ext_inode *inode;
	int error;

	if (before == &ext.orphans.head) {
		error = super_edit(&super);
		if (!error)
			super->last_orphan = next;
		return error;
	}
	error = inode_edit(LIST_ENTRY(before, struct ext_node,
				      orphan)->node.number, &inode);
	if (!error)
		inode->deleted = next;
	return error;
}

void inode_destroy(struct node *node)
{
	struct ext_node *own = ext_node_of(node);

	if (node->number == 0) {
		inode_free(own);	/* it never came to the disk */
		return;
	}
	list_remove(&own->by_age);
	list_append(&ext.ended, &own->ended);
	cache_wake();
}

/* Does the inode hold the target of the link itself? */
static bool has_no_blocks(const struct ext_node *node,
			  const struct ext_inode *inode)
{
	return node->node.kind == NODE_SPECIAL ||
	       (node->node.kind == NODE_LINK && inode->sectors == 0);
}

/* Within a change. */
static int end_inode(struct ext_node *node)
{
	bool is_named = node->node.links > 0;
	struct ext_inode *inode;
	int error = inode_edit(node->node.number, &inode) ?:
		    orphan_remove(node, inode->deleted);

	if (error)
		return error;
	inode->deleted = is_named ? 0 : ext_seconds(node_now());
	if (is_named)
		return 0;
	inode->links = 0;
	inode->bytes = inode->bytes_high = 0;
	return ext_free_inode(node->node.number,
			      node->node.kind == NODE_DIRECTORY);
}

/* A step on the way to a free inode. 1: again; 0: done. */
static int end_orphan(struct ext_node *node)
{
	uint64_t bytes = node->node.links > 0 ? node->node.bytes : 0;
	struct ext_inode *inode;
	int error = inode_get(node->node.number, &inode);

	if (!error && !has_no_blocks(node, inode))
		error = map_cut(node, contents_page_count(bytes));
	return error ?: journal_begin() ?: journal_end(end_inode(node));
}

int inode_end(struct ext_node *node)
{
	int error = sieve_shrink(&node->sieve);

	if (error)
		return error;
	if (list_is_linked(&node->orphan))
		error = end_orphan(node);
	else if (list_is_linked(&node->dirty))
		error = inode_store(node);
	if (error == -EAGAIN || error == 1)
		return error;
	inode_free(node);
	cache_wake();
	return 0;
}

/* Each orphan becomes a node. A node that is there already has come twice: the
 * list is a circle. */
static int load(uint32_t number, uint32_t *next)
{
	struct ext_inode *inode;
	struct node *node;
	int error = inode_get(number, &inode);

	if (error)
		return error;
	if (inode_is_in_memory(number))
		return -EIO;
	*next = inode->deleted;
	error = inode_node(number, &node);
	if (error)
		return error;
	list_append(&ext.orphans, &ext_node_of(node)->orphan);
	node_put(node);
	return 0;
}

int orphans_load(void)
{
	struct ext_super *super;
	uint32_t number;
	int error = CACHE_REPEAT(super_get(&super));

	number = error ? 0 : super->last_orphan;
	while (!error && number)
		error = CACHE_REPEAT(load(number, &number));
	return error;
}
