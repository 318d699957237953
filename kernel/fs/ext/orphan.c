/*
 * orphan.c - the end of nodes, and files that have lost their names.
 *
 * A file without a name lives until its last reference goes. If the power fails
 * before, no name leads to the file's blocks. So the superblock has a list of
 * such inodes, the orphans, linked by the field for the time of deletion, and
 * the next mount frees them. A file leaves the list in the change that frees
 * the inode, and so no inode is lost or freed twice.
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
	return 0;
}

void orphan_added(struct ext_node *node)
{
	list_prepend(&ext.orphans, &node->orphan);
}

/* Take the node out of the list on the disk. */
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

static int free_inode(struct ext_node *node, struct ext_inode *inode)
{
	int error = orphan_remove(node, inode->deleted) ?:
		    ext_free_inode(node->node.number,
				   node->node.kind == NODE_DIRECTORY);

	inode->links = 0;
	inode->bytes = inode->bytes_high = 0;
	inode->deleted = ext_seconds(node_now());
	return error;
}

/* A step on the way to a free inode. 1: again; 0: done. */
static int end_orphan(struct ext_node *node)
{
	struct ext_inode *inode;
	int error = inode_get(node->node.number, &inode);

	if (!error && !has_no_blocks(node, inode))
		error = map_cut(node, 0);
	return error ?: journal_begin() ?:
	       journal_end(inode_edit(node->node.number, &inode) ?:
			   free_inode(node, inode));
}

int inode_end(struct ext_node *node)
{
	int error = 0;

	if (list_is_linked(&node->orphan))
		error = end_orphan(node);
	else if (list_is_linked(&node->dirty))
		error = inode_store(node);
	if (error == -EAGAIN || error == 1)
		return error;
	if (list_is_linked(&node->orphan))
		list_remove(&node->orphan);
	if (list_is_linked(&node->dirty))
		list_remove(&node->dirty);
	list_remove(&node->ended);
	inode_free(node);
	cache_wake();
	return 0;
}

int orphans_load(void)
{
	struct list_node *last = ext.orphans.head.prev;
	struct ext_inode *inode;
	struct ext_super *super;
	struct node *node;
	uint32_t next = 0;
	int error = super_get(&super);

	if (!error)
		next = super->last_orphan;
	if (!error && last != &ext.orphans.head) {
		node = &LIST_ENTRY(last, struct ext_node, orphan)->node;
		error = inode_get(node->number, &inode);
		next = error ? 0 : inode->deleted;
	}
	if (error || next == 0)
		return error;
	error = inode_node(next, &node);
	if (error)
		return error;
	if (list_is_linked(&ext_node_of(node)->orphan))
		return -EIO;		/* a circle */
	node->links = 0;
	list_append(&ext.orphans, &ext_node_of(node)->orphan);
	node_put(node);
	return 1;
}
