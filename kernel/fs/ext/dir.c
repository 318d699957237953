/*
 * dir.c - names in directories.
 *
 * A directory is a file of entries: number of the inode, length of the entry,
 * length and bytes of the name. Entries fill each block without a gap. To
 * remove a name, the entry before becomes longer, or the inode's number becomes
 * 0. A new name takes the spare end of an entry. Linux can add a tree of hashes
 * to a directory; in a directory that changes here, the flag of the tree is
 * cleared, and Linux then reads the entries alone.
 *
 * The disk may be damaged: each entry is checked before its use.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/lock.h"
#include "kernel/lib/string.h"

#define ENTRY_BYTES	8u	/* in front of the name */

/* [own] A place in a directory. */
struct dir_at {
	struct block *block;
	struct ext_entry *entry;
	struct ext_entry *before;	/* in the block, or NULL */
};

static uint32_t bytes_for(size_t length)
{
	return ALIGN_UP(ENTRY_BYTES + length, 4u);
}

static bool is_valid(const struct ext_entry *entry, uint32_t offset)
{
	return entry->bytes >= bytes_for(entry->length) &&
	       entry->bytes % 4 == 0 && entry->bytes <= BLOCK_BYTES - offset;
}

/* The wanted name; NULL: any. */
typedef bool dir_want(const struct ext_entry *entry, const struct place *name);

static bool is_name(const struct ext_entry *entry, const struct place *name)
{
	return entry->length == name->length && entry->inode &&
	       memcmp(entry->name, name->name, name->length) == 0;
}

static uint32_t spare_of(const struct ext_entry *entry)
{
	return entry->bytes - (entry->inode ? bytes_for(entry->length) : 0);
}

static bool has_room(const struct ext_entry *entry, const struct place *name)
{
	return spare_of(entry) >= bytes_for(name->length);
}

static bool is_child(const struct ext_entry *entry, const struct place *unused)
{
	(void)unused;
	if (entry->inode == 0 || (entry->length == 1 && entry->name[0] == '.'))
		return false;
	return entry->length != 2 || entry->name[0] != '.' ||
	       entry->name[1] != '.';
}

/* The block at this place of the directory. */
static int get_block(const struct ext_inode *inode, uint32_t index,
		     struct block **block)
{
	uint32_t number;
	int error = map_look(inode, index, &number);

	if (!error && number == 0)
		error = -EIO;
	return error ? error : cache_get(number, block);
}

static int find_in_block(struct dir_at *at, dir_want *want,
			 const struct place *name)
{
	uint32_t offset = 0;

	at->before = NULL;
	while (offset < BLOCK_BYTES) {
		at->entry = (void *)(at->block->bytes + offset);
		if (!is_valid(at->entry, offset))
			return -EIO;
		if (want(at->entry, name))
			return 0;
		at->before = at->entry;
		offset += at->entry->bytes;
	}
	return 1;
}

/* The first entry that is wanted. 1: there is none. */
static int find(const struct node *directory, dir_want *want,
		const struct place *name, struct dir_at *at)
{
	struct ext_inode *inode;
	struct block *block;
	uint32_t index;
	int result = inode_get(directory->number, &block, &inode);

	if (result)
		return result;
	for (index = 0; index < inode->bytes / BLOCK_BYTES; index++) {
		result = get_block(inode, index, &at->block);
		if (result == 0)
			result = find_in_block(at, want, name);
		if (result <= 0)
			return result;
	}
	return 1;
}

int dir_find(const struct place *place, uint32_t *number)
{
	struct dir_at at;
	int error = find(place->directory, is_name, place, &at);

	*number = error ? 0 : at.entry->inode;
	return MIN(error, 0);
}

int dir_is_empty(struct node *directory)
{
	struct dir_at at;
	int result = find(directory, is_child, NULL, &at);

	return result < 0 ? result : result == 1;
}

/* ---- Changes ------------------------------------------------------------ */

static uint8_t type_of(mode_t mode)
{
	static const uint8_t types[] = {
		[S_IFREG >> 12] = 1, [S_IFDIR >> 12] = 2, [S_IFCHR >> 12] = 3,
		[6] = 4, [S_IFIFO >> 12] = 5, [12] = 6, [S_IFLNK >> 12] = 7,
	};
	uint32_t type = (mode & S_IFMT) >> 12;

	return type < ARRAY_LENGTH(types) ? types[type] : 0;
}

static void fill(struct ext_entry *entry, const char *name, size_t length,
		 const struct node *node)
{
	entry->inode = node->number;
	entry->length = length;
	entry->type = type_of(node->mode);
	memcpy(entry->name, name, length);
}

/* A new block at the end, with an empty entry. */
static int append_block(struct node *directory, struct dir_at *at)
{
	struct ext_inode *inode;
	uint32_t number;
	bool is_new;
	int error = inode_edit(directory->number, &inode);

	if (!error)
		error = map_make(ext_node_of(directory),
				 inode->bytes / BLOCK_BYTES, &number, &is_new);
	if (!error)
		error = journal_new(number, &at->block);
	if (error)
		return error;
	inode->bytes += BLOCK_BYTES;
	at->entry = (void *)at->block->bytes;
	at->entry->bytes = BLOCK_BYTES;
	return 0;
}

/* Linux is not to use the tree of hashes any more. */
static int drop_index(struct node *directory)
{
	struct ext_inode *inode;
	struct block *block;
	int error = inode_get(directory->number, &block, &inode);

	if (error || !(inode->flags & EXT_FLAG_INDEX))
		return error;
	error = journal_edit(block);
	if (!error)
		inode->flags &= ~EXT_FLAG_INDEX;
	return error;
}

int dir_add(const struct place *place, const struct node *node)
{
	struct dir_at at;
	uint32_t spare;
	int error = find(place->directory, has_room, place, &at);

	if (error == 1)
		error = append_block(place->directory, &at);
	if (!error)
		error = drop_index(place->directory);
	if (!error)
		error = journal_edit(at.block);
	if (error)
		return error;
	spare = spare_of(at.entry);
	if (at.entry->inode) {
		at.entry->bytes -= spare;
		at.entry = (void *)((char *)at.entry + at.entry->bytes);
		at.entry->bytes = spare;
	}
	fill(at.entry, place->name, place->length, node);
	return 0;
}

int dir_remove(const struct place *place)
{
	struct dir_at at;
	int error = find(place->directory, is_name, place, &at);

	if (error == 1)
		error = -EIO;
	if (!error)
		error = drop_index(place->directory);
	if (!error)
		error = journal_edit(at.block);
	if (error)
		return error;
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
	int error = find(place->directory, is_name, place, &at);

	if (error == 1)
		error = -EIO;
	if (!error)
		error = journal_edit(at.block);
	if (!error)
		fill(at.entry, place->name, place->length, node);
	return error;
}

int dir_start(struct ext_node *directory, const struct node *parent)
{
	struct ext_entry *entry;
	struct dir_at at;
	int error = append_block(&directory->node, &at);

	if (error)
		return error;
	fill(at.entry, ".", 1, &directory->node);
	at.entry->bytes = bytes_for(1);
	entry = (void *)((char *)at.entry + at.entry->bytes);
	fill(entry, "..", 2, parent);
	entry->bytes = BLOCK_BYTES - at.entry->bytes;
	return 0;
}

/* ---- Directories as objects --------------------------------------------- */

static const uint16_t mode_of[] = { 0, S_IFREG, S_IFDIR, S_IFCHR, 0x6000,
				    S_IFIFO, 0xc000, S_IFLNK };

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
		if (!is_valid(entry, offset))
			return done ? done : -EIO;
		if (offset < wanted)
			continue;
		if (entry->inode) {
			part = directory_put(to + done, bytes - done,
				&(struct listed){
				.name = entry->name, .length = entry->length,
				.number = entry->inode,
				.mode = entry->type < ARRAY_LENGTH(mode_of)
					? mode_of[entry->type] : 0,
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

static ssize_t directory_list(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct node *directory = node_of(file->object);
	struct ext_inode *inode;
	struct block *block;
	ssize_t done;
	int error;

	do {
		error = inode_get(directory->number, &block, &inode);
		if (error)
			return error;
		if (directory->links == 0 || file->position >= inode->bytes)
			return 0;
		error = get_block(inode, file->position / BLOCK_BYTES, &block);
		if (error)
			return error;
		done = list_block(file, block, to, bytes);
	} while (done == 0);
	return done;
}

static off_t directory_seek(struct open_file *file, off_t offset, int whence)
{
	return node_seek(file, offset, whence, 0);
}

static ssize_t directory_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	(void)file, (void)to, (void)bytes;
	return -EISDIR;
}

const struct object_ops ext_directory_ops = {
	.kind = "directory",
	.read = directory_read,
	.seek = directory_seek,
	.close = node_close,
	.leave = lock_leave,
	.stat = node_stat,
	.list = directory_list,
	.describe = node_describe,
	.destroy = inode_destroy,
};
