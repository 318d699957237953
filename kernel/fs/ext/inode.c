/*
 * inode.c - inodes on the disk, and their nodes in memory.
 *
 * The numbers of blocks, the length of a directory and the target of a link are
 * in the inode alone. Mode, owner, links, times and the length of a file are in
 * the node while there is a node; a changed node is in the list ext.dirty, and
 * the next commit writes the attributes to the inode. So a thousand writes to a
 * file change the inode once.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"

#define NODES_MOST	1024u	/* in memory, when no program uses them */
#define PART_NODES	32	/* of inodes_forget() */

static struct list nodes[256];		/* [P] by number */
static struct list by_age = LIST_INIT(by_age);	/* [P] the oldest first */
static uint32_t in_use_count;		/* [P] seen since one was forgotten */
static struct pool node_pool = POOL_COUNTED("ext-node",
					    sizeof(struct ext_node),
					    ACCOUNT_NAMES);

/* ---- On the disk -------------------------------------------------------- */

static int find_inode(uint32_t number, struct block **block,
		      struct ext_inode **inode)
{
	uint32_t index = number - 1, offset;
	struct ext_group *group;
	int error;

	if (index >= ext.super.inodes)
		return -EIO;
	error = ext_group(index / ext.super.inodes_per_group, block, &group);
	if (error)
		return error;
	offset = index % ext.super.inodes_per_group * ext.super.inode_bytes;
	error = cache_get(group->inode_table + offset / BLOCK_BYTES, block);
	if (!error)
		*inode = (void *)((*block)->bytes + offset % BLOCK_BYTES);
	return error;
}

int inode_get(uint32_t number, struct ext_inode **inode)
{
	struct block *block;

	return find_inode(number, &block, inode);
}

int inode_edit(uint32_t number, struct ext_inode **inode)
{
	struct block *block;

	return find_inode(number, &block, inode) ?:
	       journal_edit(block, *inode, ext.super.inode_bytes);
}

/* ---- Nodes -------------------------------------------------------------- */

struct node *inode_create(struct file_system *fs, mode_t mode)
{
	struct ext_node *node = pool_alloc(&node_pool);

	if (!node)
		return NULL;
	node_init(&node->node, fs, mode);
	node->node.source.tracks_writes = true;
	return &node->node;
}

void inode_enter(struct ext_node *node)
{
	list_prepend(HASH_SLOT(nodes, node->node.number), &node->by_number);
	list_append(&by_age, &node->by_age);
	if (ext.fs.nodes > NODES_MOST) {
		ext.is_crowded = true;
		cache_wake();
	}
}

bool inodes_forget(void)
{
	struct ext_node *node;
	unsigned i;

	for (i = 0; i < PART_NODES && in_use_count < ext.fs.nodes; i++) {
		node = LIST_ENTRY(list_take_first(&by_age), struct ext_node,
				  by_age);
		list_append(&by_age, &node->by_age);
		in_use_count = node_forget(&node->node) ? 0 : in_use_count + 1;
	}
	if (in_use_count < ext.fs.nodes)
		return true;
	in_use_count = 0;
	return false;
}

static void leave(struct list_node *place)
{
	if (list_is_linked(place))
		list_remove(place);
}

void inode_free(struct ext_node *node)
{
	leave(&node->by_number);
	leave(&node->dirty);
	leave(&node->orphan);
	leave(&node->ended);
	if (node->node.kind == NODE_LINK)
		heap_free(node->node.target);
	source_end(&node->node.source);
	node_end(&node->node);
	pool_free(&node_pool, node);
}

static uint64_t bytes_of(const struct ext_inode *inode)
{
	if ((inode->mode & S_IFMT) != S_IFREG)
		return inode->bytes;
	return inode->bytes | (uint64_t)inode->bytes_high << 32;
}

/* No file at all, or a file that is longer than the slots reach. */
static bool is_broken(const struct ext_inode *inode)
{
	return inode->mode == 0 || ((inode->mode & S_IFMT) == S_IFREG &&
				    bytes_of(inode) > EXT_LARGEST);
}

static void load(struct node *node, uint32_t number,
		 const struct ext_inode *inode)
{
	const node_time second = NSEC_PER_SEC;

	node->number = number;
	node->uid = inode->uid | inode->uid_high << 16;
	node->gid = inode->gid | inode->gid_high << 16;
	node->links = inode->links;
	node->accessed = (int32_t)inode->accessed * second;
	node->modified = (int32_t)inode->modified * second;
	node->changed = (int32_t)inode->changed * second;
	node->bytes = bytes_of(inode);
	node->blocks = inode->sectors;
}

void inode_measure(struct node *node)
{
	struct ext_inode *inode;

	if (inode_get(node->number, &inode) != 0)
		return;
	node->blocks = inode->sectors;
	if (node->kind != NODE_FILE)
		node->bytes = bytes_of(inode);
}

static struct ext_node *find(uint32_t number)
{
	struct ext_node *node;

	LIST_FOR_EACH(node, HASH_SLOT(nodes, number), by_number)
		if (node->node.number == number)
			return node;
	return NULL;
}

bool inode_is_in_memory(uint32_t number)
{
	return find(number);
}

int inode_node(uint32_t number, struct node **out)
{
	struct ext_node *node = find(number);
	struct ext_inode *inode;
	int error;

	if (node && list_is_linked(&node->ended))
		return cache_missing();
	if (node) {
		node_get(&node->node);
		*out = &node->node;
		return 0;
	}
	error = inode_get(number, &inode);
	if (error || is_broken(inode))
		return error ?: -EIO;
	*out = inode_create(&ext.fs, inode->mode);
	if (!*out)
		return -ENOMEM;
	load(*out, number, inode);
	inode_enter(ext_node_of(*out));
	return 0;
}

void inode_changed(struct node *node)
{
	struct ext_node *own = ext_node_of(node);

	if (node->number == 0)
		return;
	if (!list_is_linked(&own->dirty))
		list_append(&ext.dirty, &own->dirty);
	own->epoch = journal_epoch();
	journal_note_change();
}

int inode_write(const struct node *node, struct ext_inode *inode)
{
	struct ext_super *super;
	int error;

	inode->mode = node->mode;
	inode->uid = node->uid;
	inode->uid_high = node->uid >> 16;
	inode->gid = node->gid;
	inode->gid_high = node->gid >> 16;
	inode->links = node->links;
	inode->accessed = ext_seconds(node->accessed);
	inode->modified = ext_seconds(node->modified);
	inode->changed = ext_seconds(node->changed);
	inode->flags &= ~EXT_FLAG_INDEX;	/* see dir.c */
	if (node->kind != NODE_FILE)
		return 0;
	inode->bytes = node->bytes;
	inode->bytes_high = (uint64_t)node->bytes >> 32;
	if (node->bytes <= INT32_MAX)
		return 0;
	error = super_edit(&super);
	if (!error)
		super->read_compatible |= EXT_LARGE_FILE;
	return error;
}

int inode_store(struct ext_node *node)
{
	struct ext_inode *inode;
	int error = journal_begin() ?:
		    journal_end(inode_edit(node->node.number, &inode) ?:
				inode_write(&node->node, inode));

	if (error != -EAGAIN)
		list_remove(&node->dirty);
	return error;
}
