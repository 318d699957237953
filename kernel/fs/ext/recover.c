/*
 * recover.c - after a power cut: copy what the log holds to its places.
 *
 * The log is a row of transactions with growing numbers. A transaction is
 * blocks of tags, each followed by the blocks that its tags name, and at last a
 * commit block. The superblock of the journal says where the first one begins.
 * The last one is the last with a commit block: the first block that is no
 * header, or has an unexpected number, ends the log. Copying twice does no
 * harm, so a second power cut during the recovery is no danger.
 *
 * A revoke block of a later transaction names blocks which were freed, and may
 * hold bytes of a file now: their older copies stay in the log. So there are
 * two walks: the first finds the end and the revoked blocks, the second copies.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/task/cpu.h"

#define FEATURE_REVOKE	1		/* of the journal, incompatible */
#define REVOKED_MOST	(BLOCK_BYTES / sizeof(struct revoked))
#define REVOKED_PAGES	4

/* [own] */
struct revoked {
	uint32_t number, sequence;
};

/* [own] A walk along the log. */
struct walk {
	const struct journal_place *place;
	uint32_t at;			/* the next block of the log */
	uint32_t sequence;		/* of the transaction there */
	uint32_t end;			/* the first that is not committed; 0:
					   the first walk */
	uint32_t left;			/* blocks of the log not passed */
	struct revoked *revoked[REVOKED_PAGES];
	uint32_t revoked_count;
};

static int next_block(struct walk *walk, struct block **block)
{
	uint32_t number = journal_block(walk->place, walk->at);

	if (walk->left == 0)
		return -EIO;
	walk->left--;
	if (++walk->at == walk->place->length)
		walk->at = walk->place->first;
	return CACHE_REPEAT(cache_get(number, block));
}

static struct revoked *revoked_at(struct walk *walk, uint32_t i)
{
	return &walk->revoked[i / REVOKED_MOST][i % REVOKED_MOST];
}

static int note_revoked(struct walk *walk, const struct block *block)
{
	const uint32_t *words = (const uint32_t *)block->bytes;
	uint32_t bytes = big(words[3]), i;
	struct revoked **page;

	if (bytes > BLOCK_BYTES)
		return -EIO;
	for (i = 4; i < bytes / 4; i++) {
		if (walk->revoked_count == REVOKED_MOST * REVOKED_PAGES)
			return -ENOMEM;
		page = &walk->revoked[walk->revoked_count / REVOKED_MOST];
		if (!*page && !(*page = page_alloc(FRAME_BUFFER)))
			return -ENOMEM;
		*revoked_at(walk, walk->revoked_count++) = (struct revoked){
			big(words[i]), walk->sequence
		};
	}
	return 0;
}

static bool is_revoked(struct walk *walk, uint32_t number)
{
	uint32_t i;

	for (i = 0; i < walk->revoked_count; i++)
		if (revoked_at(walk, i)->number == number &&
		    (int32_t)(revoked_at(walk, i)->sequence -
			      walk->sequence) >= 0)
			return true;
	return false;
}

/* Copy the next block of the log to its place. */
static int copy_block(struct walk *walk, uint32_t number, uint32_t flags)
{
	struct block *from, *to;
	int error = next_block(walk, &from);

	if (error || walk->end == 0 || is_revoked(walk, number))
		return error;
	error = CACHE_REPEAT(cache_get_zeroed(number, &to));
	if (error)
		return error;
	cache_set(to, from->bytes);
	if (flags & TAG_ESCAPED)
		*(uint32_t *)to->bytes = big(JOURNAL_MAGIC);
	cache_dirty(to);
	sched_point();
	if (!cache_is_behind())
		return 0;
	cache_write_dirty();
	return cache_finish();
}

static int walk_tags(struct walk *walk, const struct block *block)
{
	static uint32_t tags[BLOCK_BYTES / 4];
	uint32_t *at = tags + JOURNAL_HEADER_BYTES / 4, flags;
	int error;

	/* The block may leave the cache before its last tag. */
	memcpy(tags, block->bytes, BLOCK_BYTES);
	do {
		flags = big(at[1]);
		error = copy_block(walk, big(at[0]), flags);
		at += flags & TAG_SAME_UUID ? 2 : 6;
	} while (!error && !(flags & TAG_LAST) && at + 2 <= tags +
		 BLOCK_BYTES / 4);
	return error;
}

/* A block of a transaction. 1: the end of the log. */
static int step(struct walk *walk)
{
	const uint32_t *words;
	struct block *block;
	int error = next_block(walk, &block);

	if (error)
		return walk->left == 0 ? 1 : error;
	words = (const uint32_t *)block->bytes;
	if (words[0] != big(JOURNAL_MAGIC) || words[2] != big(walk->sequence))
		return 1;
	switch (big(words[1])) {
	case JOURNAL_TAGS:
		return walk_tags(walk, block);
	case JOURNAL_REVOKE:
		return walk->end ? 0 : note_revoked(walk, block);
	case JOURNAL_COMMIT:
		walk->sequence++;
		return walk->end && walk->sequence == walk->end;
	default:
		return 1;
	}
}

static int walk_log(struct walk *walk, uint32_t start, uint32_t sequence)
{
	int result;

	walk->at = start;
	walk->sequence = sequence;
	walk->left = walk->place->length - walk->place->first;
	while ((result = step(walk)) == 0)
		sched_point();
	return result < 0 ? result : 0;
}

static int replay(struct journal_place *place, uint32_t start)
{
	struct walk walk = { .place = place };
	uint32_t first = place->sequence, i;
	int error = walk_log(&walk, start, first);

	walk.end = walk.sequence;
	if (!error && walk.end != first)
		error = walk_log(&walk, start, first);
	for (i = 0; i < REVOKED_PAGES && walk.revoked[i]; i++)
		page_free(walk.revoked[i]);
	if (error)
		return error;
	if (walk.end != first)
		printk("ext3: %u transactions of the journal recovered\n",
		       walk.end - first);
	place->sequence = walk.end + 1;	/* never that of an old block */
	cache_write_dirty();
	return cache_flush();
}

/* ---- The journal's own file --------------------------------------------- */

static int map_journal(struct journal_place *place, uint32_t number)
{
	struct ext_inode inode, *found;
	uint32_t i, at;
	int error = CACHE_REPEAT(inode_get(number, &found));

	if (error)
		return error;
	inode = *found;
	place->length = MIN(inode.bytes / BLOCK_BYTES,
			    JOURNAL_MAPS * EXT_SLOTS);
	for (i = 0; i < place->length; i++) {
		uint32_t **page = &place->map[i / EXT_SLOTS];

		if (!*page && !(*page = page_alloc(FRAME_BUFFER)))
			return -ENOMEM;
		error = CACHE_REPEAT(map_look(&inode, i, &at));
		if (error || at == 0)
			return -EIO;
		(*page)[i % EXT_SLOTS] = at;
		sched_point();
	}
	return place->length ? 0 : -EIO;
}

/* Is this the first block of a journal that we know? */
static int look_at_super(const struct journal_super *super, uint32_t length)
{
	if (super->magic != big(JOURNAL_MAGIC) ||
	    super->block_bytes != big(BLOCK_BYTES) ||
	    big(super->length) > length || super->first == 0 ||
	    big(super->first) >= big(super->length) ||
	    big(super->start) >= big(super->length))
		return -EIO;
	if (!(big(super->incompatible) & ~FEATURE_REVOKE))
		return 0;
	printk("ext3: the journal has unknown features 0x%x\n",
	       big(super->incompatible));
	return -EINVAL;
}

static int recover(struct journal_place *place)
{
	struct journal_super super;
	struct ext_super *disk;
	struct block *block;
	int error = CACHE_REPEAT(super_get(&disk)) ?:
		    map_journal(place, disk->journal_inode) ?:
		    CACHE_REPEAT(cache_get(journal_block(place, 0),
					   &block));

	if (error)
		return error;
	super = *(struct journal_super *)block->bytes;
	error = look_at_super(&super, place->length);
	if (error)
		return error;
	if (super.error)
		printk("ext3: the journal was ended by an error; e2fsck can "
		       "repair a disk\n");
	place->length = big(super.length);
	place->first = big(super.first);
	place->sequence = big(super.sequence);
	if (super.start == 0)
		return 0;
	if (!disk_is_read_only())
		return replay(place, big(super.start));
	printk("ext3: refused: the journal must be recovered, and the disk "
	       "cannot be written\n");
	return -EROFS;
}

int journal_recover(struct journal_place *place)
{
	int error = recover(place);

	if (error == -EIO)
		printk("ext3: the journal cannot be used; e2fsck can repair "
		       "a disk\n");
	return error;
}
