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
 * A long directory is not searched entry by entry: a sieve says which blocks
 * may have the name, or room (kernel/fs/sieve.h). An attempt lets the sieve
 * learn a part of a block, or searches one block in vain, and the next attempt
 * goes on there: so no attempt is long, whatever the directory has.
 *
 * The disk may be damaged: each entry is checked before its use.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"

#define ENTRY_BYTES	8u	/* in front of the name */
#define PASSED_MOST	64	/* entries in vain, then the next attempt */
#define EMPTY_PART	8	/* blocks that an attempt finds empty */
#define LEARN_PART	1500	/* cost of the names noted in an attempt */
#define NOTE_COST	32	/* beside the bytes of the name */

/* [own] A place in a directory. */
struct dir_at {
	uint32_t index;			/* of the block */
	struct block *block;
	uint32_t start;			/* the search begins at this byte */
	struct ext_entry *entry;
	struct ext_entry *before;	/* in the block, or NULL */
	unsigned passed;		/* entries in front of this one */
};

static uint32_t bytes_for(size_t length)
{
	return ALIGN_UP(ENTRY_BYTES + length, 4u);
}

static bool is_valid(const struct ext_entry *entry, uint32_t offset)
{
	return offset <= BLOCK_BYTES - ENTRY_BYTES &&
	       entry->bytes >= bytes_for(entry->length) &&
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

/* ---- The search --------------------------------------------------------- */

/* The first entry of the block that is wanted. 1: there is none. Most names are
 * of a different length, end differently, or leave no room: so much is seen
 * without a call. */
static int find_in_block(struct dir_at *at, dir_want *want,
			 const struct place *name)
{
	struct ext_entry *entry = (void *)(at->block->bytes + at->start);
	struct ext_entry *before = NULL;
	const char *end = at->block->bytes + BLOCK_BYTES - ENTRY_BYTES;
	unsigned length = want == is_name ? name->length : 0, passed = 0;
	unsigned least = want == has_room
			 ? 2 * ENTRY_BYTES + name->length : 0;
	unsigned bytes, used;

	for (; (char *)entry <= end; entry = (void *)((char *)entry + bytes)) {
		bytes = entry->bytes;
		used = ENTRY_BYTES + entry->length;
		if (bytes < used || bytes % 4)
			return -EIO;
		if (length ? entry->length == length &&
			     entry->name[length - 1] == name->name[length - 1]
			   : bytes + ENTRY_BYTES >= used + least ||
			     entry->inode == 0)
			if (want(entry, name))
				break;
		before = entry;
		passed++;
	}
	at->entry = entry;
	at->before = before;
	at->passed = passed;
	if ((char *)entry <= end)
		return (char *)entry + bytes <= end + ENTRY_BYTES ? 0 : -EIO;
	return (char *)entry == end + ENTRY_BYTES ? 1 : -EIO;
}

static uint32_t blocks_of(const struct ext_inode *inode)
{
	return inode->bytes / BLOCK_BYTES;
}

/* Let the sieve note names of an unknown block; an attempt notes a few. */
static int learn(struct sieve *sieve, const struct dir_at *at)
{
	int result = sieve_prepare(sieve, at->index);
	const struct ext_entry *entry;
	int left = LEARN_PART;

	if (result != 1 || sieve->learning != at->index)
		sieve->noted = sieve->room = 0;
	sieve->learning = at->index;
	if (result != 1)
		return result ?: fs_again();
	while (left > 0 && sieve->noted < BLOCK_BYTES) {
		entry = (const void *)(at->block->bytes + sieve->noted);
		if (!is_valid(entry, sieve->noted)) {
			sieve->noted = 0;
			return -EIO;
		}
		sieve->room = MAX(sieve->room, spare_of(entry));
		sieve->noted += entry->bytes;
		left -= NOTE_COST + entry->length;
		if (entry->inode)
			sieve_note(sieve, at->index,
				   hash_name(entry->name, entry->length));
	}
	if (sieve->noted == BLOCK_BYTES) {
		sieve_learned(sieve, at->index, sieve->room);
		sieve->noted = sieve->room = 0;
	}
	return fs_again();
}

/* The next search for room begins here. The entry stays an entry, even if the
 * running change is undone. */
static void note_room(struct ext_node *own, const struct dir_at *at,
		      const struct ext_entry *entry)
{
	own->room_block = at->index;
	own->room_at = (char *)entry - at->block->bytes;
}

/* This block of the directory was searched in vain. 0: the search goes on. */
static int note_in_vain(const struct place *name, dir_want *want,
			const struct dir_at *at, uint32_t blocks)
{
	struct ext_node *own = ext_node_of(name->directory);

	if (want == is_name) {
		search_note(name, at->index + 1);
	} else if (at->start > 0 && at->start < BLOCK_BYTES) {
		own->room_at = 0;	/* there may be room in front */
		return fs_again();
	} else if (blocks > 1) {
		sieve_learned(&own->sieve, at->index,
			      bytes_for(name->length) - 1);
	} else {
		own->room_block = at->index;
		own->room_at = BLOCK_BYTES;	/* none in the only block */
	}
	return blocks > 1 || at->passed > PASSED_MOST ? fs_again() : 0;
}

/* The first entry that is wanted. 1: there is none. -ENOMEM: the directory was
 * made on a larger machine. */
static int find(const struct place *name, dir_want *want, struct dir_at *at)
{
	struct ext_node *own = ext_node_of(name->directory);
	struct sieve *sieve = &own->sieve;
	const struct sieve_wish wish = {
		.hash = name->hash,
		.bytes = want == has_room ? bytes_for(name->length) : 0,
	};
	struct ext_inode *inode;
	int result = inode_get(name->directory->number, &inode);

	at->index = want == is_name ? search_start(name) : 0;
	for (; !result; at->index++) {
		if (blocks_of(inode) > 1)
			at->index = sieve_next(sieve, at->index,
					       blocks_of(inode), &wish);
		if (at->index >= blocks_of(inode))
			return 1;
		result = map_get(inode, at->index, &at->block);
		if (result)
			break;
		if (blocks_of(inode) > 1 && !sieve_knows(sieve, at->index))
			return learn(sieve, at);
		at->start = want == has_room && at->index == own->room_block
			    ? own->room_at : 0;
		result = find_in_block(at, want, name);
		if (result == 0 && want == has_room &&
		    at->passed > PASSED_MOST) {
			note_room(own, at, at->entry);
			return fs_again();
		}
		if (result <= 0)
			break;
		result = note_in_vain(name, want, at, blocks_of(inode));
	}
	return result;
}

int dir_find(const struct place *place, uint32_t *number)
{
	struct dir_at at;
	int error = find(place, is_name, &at);

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

	for (; !result && own->childless < blocks_of(inode);
	     own->childless++) {
		if (left-- == 0)
			return fs_again();
		at.start = 0;
		result = map_get(inode, own->childless, &at.block) ?:
			 find_in_block(&at, is_child, NULL);
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
static int edit(const struct place *place, dir_want *want, struct dir_at *at)
{
	int error = find(place, want, at);

	if (error == 1)
		error = want == has_room ? append_block(place->directory, at)
					 : -EIO;
	if (!error && at->before)
		error = journal_edit(at->block, at->before, ENTRY_BYTES);
	return error ?: journal_edit(at->block, at->entry, ENTRY_BYTES);
}

int dir_add(const struct place *place, const struct node *node)
{
	struct ext_node *own = ext_node_of(place->directory);
	struct dir_at at;
	uint32_t spare;
	int error = edit(place, has_room, &at);

	if (error)
		return error;
	note_room(own, &at, at.entry);
	search_forget(place);
	sieve_note(&own->sieve, at.index, place->hash);
	own->childless = MIN(own->childless, at.index);
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
	struct ext_node *own = ext_node_of(place->directory);
	struct dir_at at;
	int error = edit(place, is_name, &at);

	if (error)
		return error;
	sieve_removed(&own->sieve, at.index);
	note_room(own, &at, at.before ?: at.entry);
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
	int error = inode_get(directory->number, &inode);

	if (error || directory->links == 0 || file->position >= inode->bytes)
		return error;
	error = map_get(inode, file->position / BLOCK_BYTES, &block);
	if (error)
		return error;
	/* Behind an empty block, the attempt goes on with the next block. */
	return list_block(file, block, to, bytes) ?: fs_again();
}
