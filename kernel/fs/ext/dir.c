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
 * A long directory is not searched entry by entry. While a block is in the
 * cache, a summary says which names it may have (a Bloom filter: two bits for
 * each name) and how much room. The summary may promise too much, never too
 * little: a removed name leaves its bits. A search that finds no room where the
 * summary has promised room makes a new summary.
 *
 * A search begins again after each block that comes from the disk. So a
 * directory has at most as many blocks as half the cache: the search could
 * never end if the first blocks left the cache before the last block came.
 *
 * The disk may be damaged: each entry is checked before its use.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"

#define ENTRY_BYTES	8u	/* in front of the name */
#define SUMMARY_BITS	8192u	/* of a block with 100 to 300 names */

/* [P] */
struct summary {
	uint32_t room;		/* no entry has more */
	uint32_t names[SUMMARY_BITS / 32];
};

static struct pool summary_pool = POOL("summary", sizeof(struct summary));

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

/* ---- What a block may have ---------------------------------------------- */

/* The word and the bit of one half of a hash. */
static uint32_t *word_of(struct summary *summary, uint32_t half)
{
	return &summary->names[half % SUMMARY_BITS / 32];
}

static uint32_t hash_of(const char *name, size_t length)
{
	return hash_bytes((const uint8_t *)name, length);
}

static void note_name(struct summary *summary, const char *name, size_t length)
{
	uint32_t hash = hash_of(name, length);

	*word_of(summary, hash) |= 1u << hash % 32;
	*word_of(summary, hash >> 16) |= 1u << (hash >> 16) % 32;
}

static bool may_have(struct summary *summary, uint32_t hash)
{
	return *word_of(summary, hash) & 1u << hash % 32 &&
	       *word_of(summary, hash >> 16) & 1u << (hash >> 16) % 32;
}

/* For a block whose entries are valid. */
static void summarize(struct block *block)
{
	struct summary *summary = block->summary;
	const struct ext_entry *entry;
	uint32_t offset;

	if (!summary)
		summary = pool_alloc_for(&summary_pool, &account_root);
	if (!summary)
		return;
	*summary = (struct summary){ .room = 0 };
	for (offset = 0; offset < BLOCK_BYTES; offset += entry->bytes) {
		entry = (const void *)(block->bytes + offset);
		summary->room = MAX(summary->room, spare_of(entry));
		if (entry->inode)
			note_name(summary, entry->name, entry->length);
	}
	block->summary = summary;
}

/* ---- The search --------------------------------------------------------- */

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

/* Is the block worth a look, for the name with this hash? */
static bool is_hopeful(const struct block *block, dir_want *want,
		       const struct place *name, uint32_t hash)
{
	struct summary *summary = block->summary;

	if (!summary || want == is_child)
		return true;
	return want == has_room ? summary->room >= bytes_for(name->length)
				: may_have(summary, hash);
}

static uint32_t blocks_of(const struct ext_inode *inode)
{
	return inode->bytes / BLOCK_BYTES;
}

/* The first entry that is wanted. 1: there is none. -ENOMEM: the directory was
 * made on a machine with a larger cache. */
static int find(const struct node *directory, dir_want *want,
		const struct place *name, struct dir_at *at)
{
	uint32_t hash = name ? hash_of(name->name, name->length) : 0;
	struct ext_inode *inode;
	uint32_t index;
	int result = inode_get(directory->number, &inode);

	if (result)
		return result;
	if (blocks_of(inode) > cache_blocks() / 2)
		return -ENOMEM;
	for (index = 0; index < blocks_of(inode); index++) {
		result = map_get(inode, index, &at->block);
		if (result)
			return result;
		if (!is_hopeful(at->block, want, name, hash))
			continue;
		result = find_in_block(at, want, name);
		if (result <= 0)
			return result;
		if (inode->bytes > BLOCK_BYTES &&
		    (want == has_room || !at->block->summary))
			summarize(at->block);
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

	if (!error && blocks_of(inode) >= cache_blocks() / 2)
		error = -ENOSPC;
	if (!error)
		error = map_make(ext_node_of(directory), blocks_of(inode),
				 &number, &is_new) ?:
			journal_new(number, &at->block);
	if (error)
		return error;
	inode->bytes += BLOCK_BYTES;
	at->entry = (void *)at->block->bytes;
	at->entry->bytes = BLOCK_BYTES;
	return 0;
}

/* Within a change: the wanted entry, in an edited block. */
static int edit(const struct place *place, dir_want *want, struct dir_at *at)
{
	int error = find(place->directory, want, place, at);

	if (error == 1)
		error = want == has_room ? append_block(place->directory, at)
					 : -EIO;
	return error ?: journal_edit(at->block);
}

int dir_add(const struct place *place, const struct node *node)
{
	struct dir_at at;
	struct summary *summary;
	uint32_t spare;
	int error = edit(place, has_room, &at);

	if (error)
		return error;
	summary = at.block->summary;
	if (summary)
		note_name(summary, place->name, place->length);
	spare = spare_of(at.entry);
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
	struct dir_at at;
	struct summary *summary;
	int error = edit(place, is_name, &at);

	if (error)
		return error;
	summary = at.block->summary;
	if (summary)
		summary->room = BLOCK_BYTES;	/* or less: see above */
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
	int error = edit(place, is_name, &at);

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
		if (!is_valid(entry, offset))
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
	ssize_t done;
	int error;

	do {
		error = inode_get(directory->number, &inode);
		if (error)
			return error;
		if (directory->links == 0 || file->position >= inode->bytes)
			return 0;
		error = map_get(inode, file->position / BLOCK_BYTES, &block);
		if (error)
			return error;
		done = list_block(file, block, to, bytes);
	} while (done == 0);
	return done;
}
