/*
 * search.c - the search for a name, or for room, in a directory.
 *
 * A long directory is not searched entry by entry: a sieve says which blocks
 * may have the name, or room (kernel/fs/sieve.h). An attempt of a call lets the
 * sieve learn a part of a block, or searches one block, and the next attempt
 * goes on there: so no attempt is long, whatever the directory has. What was
 * found out is remembered: by the sieve, by the directory (where room is), and
 * here (how far the last searches for names have come). Few searches run at
 * once: an older one that is forgotten begins again.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"

#define PASSED_MOST	64	/* entries in vain, then the next attempt */
#define LEARN_PART	1500	/* cost of the names noted in an attempt */
#define NOTE_COST	32	/* beside the bytes of the name */

/* ---- How far searches have come ----------------------------------------- */

/* [P] No block before `next` of the directory has the name. */
static struct search {
	uint32_t directory, next;	/* directory 0: none */
	uint32_t hash;
	uint8_t length;
	char name[NAME_MAX];
} searches[8];
static unsigned turn;			/* [P] */

static struct search *search_of(const struct place *place)
{
	struct search *search = searches;

	for (; search < searches + ARRAY_LENGTH(searches); search++)
		if (search->directory == place->directory->number &&
		    search->hash == place->hash &&
		    search->length == place->length &&
		    memcmp(search->name, place->name, place->length) == 0)
			return search;
	return NULL;
}

static uint32_t search_start(const struct place *place)
{
	struct search *search = search_of(place);

	return search ? search->next : 0;
}

static void search_note(const struct place *place, uint32_t block)
{
	struct search *search = search_of(place);

	if (!search) {
		search = &searches[turn++ % ARRAY_LENGTH(searches)];
		search->directory = place->directory->number;
		search->hash = place->hash;
		search->length = place->length;
		memcpy(search->name, place->name, place->length);
	}
	search->next = block;
}

void search_forget(const struct place *place)
{
	struct search *search = search_of(place);

	if (search)
		search->directory = 0;
}

void search_forget_all(void)
{
	memset(searches, 0, sizeof(searches));
}

/* ---- One block ---------------------------------------------------------- */

uint32_t entry_bytes(size_t length)
{
	return ALIGN_UP(EXT_ENTRY_BYTES + length, 4u);
}

uint32_t entry_spare(const struct ext_entry *entry)
{
	return entry->bytes - (entry->inode ? entry_bytes(entry->length) : 0);
}

bool entry_is_valid(const struct ext_entry *entry, uint32_t offset)
{
	return offset <= BLOCK_BYTES - EXT_ENTRY_BYTES &&
	       entry->bytes >= entry_bytes(entry->length) &&
	       entry->bytes % 4 == 0 && entry->bytes <= BLOCK_BYTES - offset;
}

static bool is_wanted(const struct ext_entry *entry, enum dir_want want,
		      const struct place *name)
{
	if (want == DIR_ROOM)
		return entry_spare(entry) >= entry_bytes(name->length);
	if (want == DIR_NAME)
		return entry->length == name->length && entry->inode &&
		       memcmp(entry->name, name->name, name->length) == 0;
	return entry->inode && !(entry->length == 1 && entry->name[0] == '.') &&
	       !(entry->length == 2 && entry->name[0] == '.' &&
		 entry->name[1] == '.');
}

/* Most names are of a different length, end differently, or leave no room: so
 * much is seen without a call. */
int dir_search_block(struct dir_at *at, enum dir_want want,
		     const struct place *name)
{
	struct ext_entry *entry = (void *)(at->block->bytes + at->start);
	struct ext_entry *before = NULL;
	const char *end = at->block->bytes + BLOCK_BYTES;
	const char *last = end - EXT_ENTRY_BYTES;
	unsigned length = want == DIR_NAME ? name->length : 0, passed = 0;
	unsigned least = want == DIR_ROOM
			 ? 2 * EXT_ENTRY_BYTES + name->length : 0;
	unsigned bytes, used;

	for (; (char *)entry <= last; entry = (void *)((char *)entry + bytes)) {
		bytes = entry->bytes;
		used = EXT_ENTRY_BYTES + entry->length;
		if (bytes < used || bytes % 4)
			return -EIO;
		if (length ? entry->length == length &&
			     entry->name[length - 1] == name->name[length - 1]
			   : bytes + EXT_ENTRY_BYTES >= used + least ||
			     entry->inode == 0)
			if (is_wanted(entry, want, name))
				break;
		before = entry;
		passed++;
	}
	at->entry = entry;
	at->before = before;
	at->passed = passed;
	if ((char *)entry <= last)
		return (char *)entry + bytes <= end ? 0 : -EIO;
	return (char *)entry == end ? 1 : -EIO;
}

/* ---- A directory -------------------------------------------------------- */

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
		if (!entry_is_valid(entry, sieve->noted)) {
			sieve->noted = 0;
			return -EIO;
		}
		sieve->room = MAX(sieve->room, entry_spare(entry));
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

void dir_note_room(struct ext_node *own, const struct dir_at *at,
		   const struct ext_entry *entry)
{
	own->room_block = at->index;
	own->room_at = (char *)entry - at->block->bytes;
}

/* This block of the directory was searched in vain. 0: the search goes on. */
static int note_in_vain(const struct place *name, enum dir_want want,
			const struct dir_at *at, uint32_t blocks)
{
	struct ext_node *own = ext_node_of(name->directory);

	if (want == DIR_NAME) {
		search_note(name, at->index + 1);
	} else if (at->start > 0 && at->start < BLOCK_BYTES) {
		own->room_at = 0;	/* there may be room in front */
		return fs_again();
	} else if (blocks > 1) {
		sieve_learned(&own->sieve, at->index,
			      entry_bytes(name->length) - 1);
	} else {
		own->room_block = at->index;
		own->room_at = BLOCK_BYTES;	/* none in the only block */
	}
	return blocks > 1 || at->passed > PASSED_MOST ? fs_again() : 0;
}

int dir_search(const struct place *name, enum dir_want want, struct dir_at *at)
{
	struct ext_node *own = ext_node_of(name->directory);
	struct sieve *sieve = &own->sieve;
	const struct sieve_wish wish = {
		.hash = name->hash,
		.bytes = want == DIR_ROOM ? entry_bytes(name->length) : 0,
	};
	struct ext_inode *inode;
	int result = inode_get(name->directory->number, &inode);

	at->index = want == DIR_NAME ? search_start(name) : 0;
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
		at->start = want == DIR_ROOM && at->index == own->room_block
			    ? own->room_at : 0;
		result = dir_search_block(at, want, name);
		if (result == 0 && want == DIR_ROOM &&
		    at->passed > PASSED_MOST) {
			dir_note_room(own, at, at->entry);
			return fs_again();
		}
		if (result <= 0)
			break;
		result = note_in_vain(name, want, at, blocks_of(inode));
	}
	return result;
}
