/*
 * ext.h - the disk format of ext3, and the parts of its driver.
 *
 * Numbers on the disk have the byte order of the PC; those of the journal have
 * the opposite order. A block has 4096 bytes. All functions need [P], and none
 * sleeps, but for the kernel task of mount.c. An int is 0 or -errno; -EAGAIN:
 * a block is missing, see kernel/fs/cache.h. Most work is a row of steps, of
 * which each can fail: `a() ?: b() ?: c()` goes on to the first error.
 */
#pragma once

#include "kernel/abi/errno.h"
#include "kernel/fs/journal.h"
#include "kernel/fs/node.h"
#include "kernel/fs/sieve.h"

#define EXT_MAGIC		0xef53
#define EXT_ROOT		2	/* the inode of the root */
#define EXT_LINKS_MOST		32000
#define EXT_DIRECT		12	/* blocks that the inode names itself */
#define EXT_SLOTS		(BLOCK_BYTES / 4) /* of an indirect block */
#define EXT_POINTERS		15
#define EXT_LARGEST	/* bytes of a file: what the slots reach */ \
	((off_t)(EXT_DIRECT + (1 << 10) + (1 << 20) + (1 << 30)) * BLOCK_BYTES)

#define EXT_HAS_ERRORS		0x2	/* a state */
#define EXT_FLAG_INDEX		0x1000	/* a directory with a tree of hashes */
#define EXT_HAS_JOURNAL		0x4	/* compatible features */
#define EXT_FILETYPE		0x2	/* incompatible ... */
#define EXT_RECOVER		0x4
#define EXT_SPARSE		0x1	/* compatible for readers ... */
#define EXT_LARGE_FILE		0x2
#define EXT_BTREE		0x4

/* [P] At byte 1024 of the disk. */
struct ext_super {
	uint32_t inodes, blocks, reserved_blocks, free_blocks, free_inodes;
	uint32_t first_block, log_block_bytes, log_fragment_bytes;
	uint32_t blocks_per_group, fragments_per_group, inodes_per_group;
	uint32_t mounted, written;
	uint16_t mounts, mounts_most, magic, state, errors, minor;
	uint32_t checked, check_interval, creator, revision;
	uint16_t reserved_uid, reserved_gid;
	uint32_t first_inode;
	uint16_t inode_bytes, group;
	uint32_t compatible, incompatible, read_compatible;
	uint8_t uuid[16];
	char label[16], last_mounted[64];
	uint32_t compression;
	uint8_t preallocate, preallocate_directories;
	uint16_t reserved_gdt;
	uint8_t journal_uuid[16];
	uint32_t journal_inode, journal_device, last_orphan;
};

/* [P] */
struct ext_group {
	uint32_t block_bitmap, inode_bitmap, inode_table;
	uint16_t free_blocks, free_inodes, directories, flags;
	uint32_t reserved[3];
};

/* [P] */
struct ext_inode {
	uint16_t mode, uid;
	uint32_t bytes;
	uint32_t accessed, changed, modified;
	uint32_t deleted;		/* of an orphan: the next orphan */
	uint16_t gid, links;
	uint32_t sectors, flags, version;
	uint32_t block[EXT_POINTERS];
	uint32_t generation, attributes, bytes_high, fragment;
	uint16_t unused, attributes_high, uid_high, gid_high;
	uint32_t reserved;
};

/* [P] The next entry begins `bytes` later. */
struct ext_entry {
	uint32_t inode;			/* 0: free space */
	uint16_t bytes;
	uint8_t length, type;
	char name[];
};

/* [P] */
struct ext_node {
	struct node node;		/* first */
	struct list_node by_number;	/* in a slot of inode.c */
	struct list_node by_age;
	struct list_node dirty;		/* its attributes are not logged */
	struct list_node orphan;	/* in ext.orphans, the last one first */
	struct list_node ended;		/* the disk's task frees it */
	uint32_t epoch;			/* the commit with its last change */
	uint32_t goal;			/* the block behind the last new one */
	struct sieve sieve;		/* of a directory */
	uint32_t room_block;		/* ... the block of the last new name */
	uint32_t room_at;		/* ... the entry that made room there */
	uint32_t childless;		/* ... its first blocks without a child
					   */
};

/* [P] The mounted disk; one is enough. */
struct ext {
	struct file_system fs;
	struct ext_super super;		/* [const] of the mount: the counts of
					   what is free are old */
	uint32_t groups;		/* [const] */
	bool is_mounted;		/* [P] */
	bool is_crowded;		/* [P] too many nodes are in memory */
	struct list dirty;		/* nodes */
	struct list orphans;
	struct list ended;
};

extern struct ext ext;

/* Let mount(2) know the type "ext3". */
void ext_init(void);
extern const struct page_source_ops ext_source_ops;

static inline struct ext_node *ext_node_of(const struct node *node)
{
	return CONTAINER_OF((struct node *)node, struct ext_node, node);
}

/* ---- super.c ----------------------------------------------------------- */

int super_get(struct ext_super **super);
/* Within a change: the same, and the block is edited. */
int super_edit(struct ext_super **super);
/* For the disk's task: 0 if the disk has a format that we know. */
int super_check(void);
/* For the disk's task: if the disk is in use, its log counts after a power
 * cut. */
int super_mark(bool is_in_use);
/* The descriptor of a group. */
int ext_group(uint32_t number, struct block **block, struct ext_group **group);

/* ---- balloc.c: blocks and inodes in use -------------------------------- */

/* Within a change: a free block near the goal, now in use. */
int ext_new_block(uint32_t goal, uint32_t *number);
int ext_free_block(uint32_t number, bool is_metadata);
int ext_new_inode(uint32_t near, bool is_directory, uint32_t *number);
int ext_free_inode(uint32_t number, bool is_directory);
/* For the disk's task: memory for what a transaction frees. 0, -ENOMEM. */
int ext_freed_start(void);
/* After a commit, the blocks freed before it may be used again. */
void ext_freed_are_free(void);

/* ---- map.c: the blocks of a file --------------------------------------- */

/* The disk's block of block `index` of a file; 0: a hole. */
int map_look(struct ext_inode *inode, uint32_t index, uint32_t *number);
/* ... with its bytes; a hole is -EIO. */
int map_get(struct ext_inode *inode, uint32_t index, struct block **block);
/* Within a change: the disk's block of a file, and a hole gets one; *is_new. */
int map_make(struct ext_node *node, uint32_t index, uint32_t *number,
	     bool *is_new);
/* A change: free blocks behind the first `keep`. 1: more are left. */
int map_cut(struct ext_node *node, uint32_t keep);

/* ---- inode.c ----------------------------------------------------------- */

int inode_get(uint32_t number, struct ext_inode **inode);
/* Within a change: the same, and the block is edited. */
int inode_edit(uint32_t number, struct ext_inode **inode);
/* The node of an inode, with a reference. */
int inode_node(uint32_t number, struct node **node);
/* A new node for node_ops.create. */
struct node *inode_create(struct file_system *fs, mode_t mode);
/* The node has a number now: inode_node() is to find it. */
void inode_enter(struct ext_node *node);
bool inode_is_in_memory(uint32_t number);
/* Drop some of the oldest nodes that no program uses. False: all are in use. */
bool inodes_forget(void);
void inode_changed(struct node *node);
/* After a change: what the inode says about the size. The inode is in memory if
 * the change has edited it. */
void inode_measure(struct node *node);
/* Within a change: the attributes of the node go to the edited inode. */
int inode_write(const struct node *node, struct ext_inode *inode);
/* For the disk's task: a change that writes a changed node. */
int inode_store(struct ext_node *node);
void inode_free(struct ext_node *node);

/* ---- orphan.c ---------------------------------------------------------- */

/* The last step of a change: the last name has gone. */
int orphan_add(struct ext_node *node);
void inode_destroy(struct node *node);
/* For the disk's task: free a node that has ended. 1: again. */
int inode_end(struct ext_node *node);
/* For the disk's task: the orphans of a time before this boot become nodes
 * that have ended. 0, -EIO, -ENOMEM. */
int orphans_load(void);

/* ---- names.c ----------------------------------------------------------- */

/* Operations of struct node_ops. */
int names_lookup(struct place *place);
int names_add(const struct place *place, struct node *node);
int names_remove(const struct place *place);
int names_move(const struct place *from, const struct place *to);
int names_read_link(struct node *link);

/* ---- file.c ------------------------------------------------------------ */

/* Operations of struct node_ops. */
ssize_t ext_read(struct node *node, uint64_t start, uintptr_t to, size_t bytes,
		 contents_copy *copy);
ssize_t ext_write(struct node *node, uint64_t start, uaddr_t from,
		  size_t bytes);
int ext_resize(struct node *node, off_t bytes);

/* ---- search.c: entries of directories ---------------------------------- */

#define EXT_ENTRY_BYTES	8u	/* in front of the name */

/* [own] A place in a directory. */
struct dir_at {
	uint32_t index;			/* of the block */
	struct block *block;
	uint32_t start;			/* the search begins at this byte */
	struct ext_entry *entry;
	struct ext_entry *before;	/* in the block, or NULL */
	unsigned passed;		/* entries in front of this one */
};

/* An entry with this name, with room for this name, or of any child. */
enum dir_want { DIR_NAME, DIR_ROOM, DIR_CHILD };

/* The first entry that is wanted. 1: there is none. -ENOMEM: the directory was
 * made on a larger machine. */
int dir_search(const struct place *name, enum dir_want want,
	       struct dir_at *at);
/* The same in one block, from at->start on. */
int dir_search_block(struct dir_at *at, enum dir_want want,
		     const struct place *name);
/* The next search for room begins at this entry, which stays an entry even if
 * the running change is undone. */
void dir_note_room(struct ext_node *directory, const struct dir_at *at,
		   const struct ext_entry *entry);
/* The name is about to come. */
void search_forget(const struct place *place);
void search_forget_all(void);
/* An entry of the block at this offset can be used. */
bool entry_is_valid(const struct ext_entry *entry, uint32_t offset);
/* ... and has so many bytes more than its name needs. */
uint32_t entry_spare(const struct ext_entry *entry);
uint32_t entry_bytes(size_t length);

/* ---- dir.c: names in directories --------------------------------------- */

/* The inode of this name, or 0. */
int dir_find(const struct place *place, uint32_t *number);
/* 1: it is. */
int dir_is_empty(struct node *directory);
ssize_t dir_list(struct open_file *file, uaddr_t to, size_t bytes);
/* Within a change. */
int dir_add(const struct place *place, const struct node *node);
int dir_remove(const struct place *place);
int dir_set(const struct place *place, const struct node *node);

static inline uint32_t ext_seconds(node_time time)
{
	return time / (node_time)NSEC_PER_SEC;
}
