/*
 * dir.c - names in directories.
 *
 * A directory is a file of entries: number of the inode, length of the entry,
 * length and bytes of the name. Entries fill each block without a gap. To
 * remove a name, the entry before becomes longer, or the inode's number becomes
 * 0. A new name takes the spare end of an entry. Linux can add a tree of hashes
 * to a directory; when the inode of a directory is written here, the flag of
 * the tree is cleared, and Linux then reads the entries alone.
 *
 * The disk may be damaged: each entry is checked before its use.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/string.h"

#define EMPTY_PART	8	/* blocks that an attempt finds empty */

/* ---- Questions ---------------------------------------------------------- */

int dir_find(const struct place *place, uint32_t *number)
{
	struct dir_at at;
	int error = dir_search(place, DIR_NAME, &at);

	*number = error ? 0 : at.entry->inode;
	return MIN(error, 0);
}

int dir_is_empty(struct node *directory)
{
	struct ext_node *own = ext_node_of(directory);
	unsigned left = EMPTY_PART;
	struct ext_inode *inode;
	struct dir_at at;
	int result = inode_get(directory->number, &inode);

	for (; !result && own->childless < inode->bytes / BLOCK_BYTES;
	     own->childless++) {
		if (left-- == 0)
			return fs_again();
		at.start = 0;
		result = map_get(inode, own->childless, &at.block) ?:
			 dir_search_block(&at, DIR_CHILD, NULL);
		if (result != 1)
			return result;		/* 0: a child */
		result = 0;
	}
	return result ?: 1;
}

/* ---- Changes ------------------------------------------------------------ */

/* [const] The types of files, by their number in an entry. */
static const mode_t types[] = {
	0, S_IFREG, S_IFDIR, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, S_IFLNK
};

static uint8_t type_of(mode_t mode)
{
	uint8_t type = ARRAY_LENGTH(types) - 1;

	while (type > 0 && types[type] != (mode & S_IFMT))
		type--;
	return type;
}

static void fill(struct ext_entry *entry, const struct place *name,
		 const struct node *node)
{
	entry->inode = node->number;
	entry->length = name->length;
	entry->type = type_of(node->mode);
	memcpy(entry->name, name->name, name->length);
}

/* A new block at the end, with an empty entry. */
static int append_block(struct node *directory, struct dir_at *at)
{
	struct ext_inode *inode;
	uint32_t number;
	bool is_new;
	int error = inode_edit(directory->number, &inode);

	if (!error)
		error = map_make(ext_node_of(directory), at->index, &number,
				 &is_new) ?:
			journal_new(number, &at->block);
	if (error)
		return error;
	inode->bytes += BLOCK_BYTES;
	at->before = NULL;
	at->entry = (void *)at->block->bytes;
	at->entry->bytes = BLOCK_BYTES;
	return 0;
}

/* Within a change: the wanted entry. It and the one before are edited, but for
 * their names. */
static int edit(const struct place *place, enum dir_want want,
		struct dir_at *at)
{
	int error = dir_search(place, want, at);

	if (error == 1)
		error = want == DIR_ROOM ? append_block(place->directory, at)
					 : -EIO;
	if (!error && at->before)
		error = journal_edit(at->block, at->before, EXT_ENTRY_BYTES);
	return error ?: journal_edit(at->block, at->entry, EXT_ENTRY_BYTES);
}

int dir_add(const struct place *place, const struct node *node)
{
	struct ext_node *own = ext_node_of(place->directory);
	struct dir_at at;
	uint32_t spare;
	int error = edit(place, DIR_ROOM, &at);

	if (error)
		return error;
	dir_note_room(own, &at, at.entry);
	search_forget(place);
	sieve_note(&own->sieve, at.index, place->hash);
	own->childless = MIN(own->childless, at.index);
	spare = entry_spare(at.entry);
	if (at.entry->inode) {
		at.entry->bytes -= spare;
		at.entry = (void *)((char *)at.entry + at.entry->bytes);
		at.entry->bytes = spare;
	}
	fill(at.entry, place, node);
	return 0;
}

int dir_remove(const struct place *place)
{
	struct ext_node *own = ext_node_of(place->directory);
	struct dir_at at;
	int error = edit(place, DIR_NAME, &at);

	if (error)
		return error;
	sieve_removed(&own->sieve, at.index);
	dir_note_room(own, &at, at.before ?: at.entry);
	if (at.before)
		at.before->bytes += at.entry->bytes;
	else
		at.entry->inode = 0;
	return 0;
}

/* Let this name be a name of the node; ".." for example. */
int dir_set(const struct place *place, const struct node *node)
{
	struct dir_at at;
	int error = edit(place, DIR_NAME, &at);

	if (!error)
		fill(at.entry, place, node);
	return error;
}

/* ---- Listing ------------------------------------------------------------ */

/* Copy out the entries of a block from this offset on. */
static ssize_t list_block(struct open_file *file, struct block *block,
			  uaddr_t to, size_t bytes)
{
	uint32_t offset = 0, wanted = file->position % BLOCK_BYTES;
	off_t start = file->position - wanted;
	struct ext_entry *entry;
	ssize_t done = 0, part;

	for (; offset < BLOCK_BYTES; offset += entry->bytes) {
		entry = (void *)(block->bytes + offset);
		if (!entry_is_valid(entry, offset))
			return done ? done : -EIO;
		if (offset < wanted)
			continue;
		if (entry->inode) {
			part = directory_put(to + done, bytes - done,
				&(struct listed){
				.name = entry->name, .length = entry->length,
				.number = entry->inode,
				.mode = entry->type < ARRAY_LENGTH(types)
					? types[entry->type] : 0,
				.behind = start + offset + entry->bytes,
			});
			if (part <= 0)
				return done ? done : part ? part : -EINVAL;
			done += part;
		}
		file->position = start + offset + entry->bytes;
	}
	return done;
}

ssize_t dir_list(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct node *directory = node_of(file->object);
	struct ext_inode *inode;
	struct block *block;
	int error = inode_get(directory->number, &inode);

	if (error || directory->links == 0 || file->position >= inode->bytes)
		return error;
	error = map_get(inode, file->position / BLOCK_BYTES, &block);
	if (error)
		return error;
	/* Behind an empty block, the attempt goes on with the next block. */
	return list_block(file, block, to, bytes) ?: fs_again();
}
