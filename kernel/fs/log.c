/*
 * log.c - the log of the journal: write transactions, and recover the disk.
 *
 * A transaction in the log is blocks of tags, each followed by the blocks that
 * its tags name, and a commit block behind a flush. Transactions have growing
 * numbers, and the log is a ring. A transaction is needed only until a flush
 * after its blocks have come to their places; so if there is too little room,
 * such a flush makes the whole log free. The superblock of the journal says
 * where a recovery begins.
 *
 * After a power cut, the blocks in the log are copied to their places. The last
 * transaction is the last with a commit block: the first block that is no
 * header, or has an unexpected number, ends the log. Copying twice does no
 * harm, so a second power cut during the recovery is no danger. A revoke block
 * of a later transaction names blocks which were freed, and may hold bytes of a
 * file now: their older copies stay in the log. So there are two walks: the
 * first finds the end and the revoked blocks, the second copies.
 *
 * Only the task of the journal runs these functions, and they sleep.
 */
#include "kernel/fs/journal.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/task/cpu.h"

#define MAGIC		0xc03b3998u
#define HEADER_WORDS	3
#define TAG_ESCAPED	1
#define TAG_SAME_UUID	2
#define TAG_LAST	8
#define TAGS_MOST	500u		/* in a block */
#define FEATURE_REVOKE	1		/* incompatible */
#define REVOKED_MOST	2048
#define MAP_PAGES	64
#define MAP_SLOTS	(BLOCK_BYTES / 4)

/* The types of a header. */
enum { TAGS = 1, COMMIT, SUPER_1, SUPER_2, REVOKE };

/* [P] The first block of the journal; big-endian, as each header and tag. */
struct log_super {
	uint32_t magic, type, sequence_here;
	uint32_t block_bytes, length, first;
	uint32_t sequence, start;	/* the first transaction; 0: none */
	uint32_t error, compatible, incompatible, read_compatible;
};

enum { OWN_HEADER, OWN_COPY, OWN_SUPER, OWN_BLOCKS };

static uint32_t *map[MAP_PAGES];	/* [const] each block's number on the
					   disk */
static uint32_t length, first;		/* [const] of the log, as indexes */
static uint32_t sequence;		/* [own] of the next transaction */
static uint32_t head;			/* [own] the next block of the log */
static uint32_t room;			/* [own] blocks from there on */
static struct block own[OWN_BLOCKS];	/* [own] */

static uint32_t big(uint32_t number)
{
	return __builtin_bswap32(number);
}

static struct log_super *own_super(void)
{
	return (void *)own[OWN_SUPER].bytes;
}

static uint32_t number_of(uint32_t index)
{
	return map[index / MAP_SLOTS][index % MAP_SLOTS];
}

static void go_to(uint32_t index)
{
	head = index;
	room = length - first;
}

/* The disk's number of the next block of the log. */
static uint32_t next_number(void)
{
	uint32_t number = number_of(head);

	if (++head == length)
		head = first;
	room--;
	return number;
}

/* ---- Writing ------------------------------------------------------------ */

static uint32_t *put_header(uint32_t type)
{
	uint32_t *words = (uint32_t *)own[OWN_HEADER].bytes;

	memset(words, 0, BLOCK_BYTES);
	words[0] = big(MAGIC);
	words[1] = big(type);
	words[2] = big(sequence);
	return words + HEADER_WORDS;
}

/* A block of the log must not look like a header: a copy goes to the log, with
 * zero as the first word, and the tag says so. */
static struct block *escape(struct block *block)
{
	struct block *copy = &own[OWN_COPY];

	if (*(uint32_t *)block->bytes != big(MAGIC))
		return block;
	cache_sleep(cache_has_no_writes, FOREVER);
	memcpy(copy->bytes, block->bytes, BLOCK_BYTES);
	*(uint32_t *)copy->bytes = 0;
	return copy;
}

/* Log up to TAGS_MOST blocks from this one on: the node behind the last. */
static struct list_node *log_tags(const struct list *logged,
				  struct list_node *node)
{
	uint32_t *at = put_header(TAGS), own_place = next_number(), flags;
	struct block *block, *copy;
	unsigned count;

	for (count = 0; node != &logged->head && count < TAGS_MOST; count++) {
		block = LIST_ENTRY(node, struct block, place);
		node = node->next;
		copy = escape(block);
		flags = (copy != block ? TAG_ESCAPED : 0) |
			(count > 0 ? TAG_SAME_UUID : 0);
		if (node == &logged->head || count == TAGS_MOST - 1)
			flags |= TAG_LAST;
		at[0] = big(block->number);
		at[1] = big(flags);
		at += count > 0 ? 2 : 6;	/* the UUID is zeros */
		cache_write(copy, next_number());
		cache_pace();
	}
	cache_write(&own[OWN_HEADER], own_place);
	return node;
}

int log_write(const struct list *logged, uint32_t blocks)
{
	struct list_node *node = logged->head.next;
	uint32_t wanted = blocks + blocks / TAGS_MOST + 2;
	int error = room < wanted ? log_empty(false) : 0;

	if (!error && room < wanted)
		error = -EFBIG;
	while (!error && node != &logged->head) {
		node = log_tags(logged, node);
		error = cache_finish();
	}
	error = error ?: cache_flush();
	if (error)
		return error;
	put_header(COMMIT);
	cache_write(&own[OWN_HEADER], next_number());
	sequence++;
	return cache_flush();
}

int log_empty(bool is_clean)
{
	int error = cache_flush();

	if (error)
		return error;
	go_to(first);
	own_super()->start = is_clean ? 0 : big(first);
	own_super()->sequence = big(sequence);
	cache_write(&own[OWN_SUPER], number_of(0));
	return cache_flush();
}

/* ---- Recovery ----------------------------------------------------------- */

static uint32_t end;	/* [own] the transaction to come; 0: first walk */
static unsigned revoked_count;		/* [own] */
static struct {				/* [own] */
	uint32_t number, sequence;
} revoked[REVOKED_MOST];

static int read_next(struct block **block)
{
	uint32_t number;

	if (room == 0)
		return -EIO;
	number = next_number();
	return CACHE_REPEAT(cache_get(number, block));
}

static int note_revoked(const uint32_t *words)
{
	uint32_t bytes = big(words[HEADER_WORDS]), i;

	if (bytes > BLOCK_BYTES)
		return -EIO;
	for (i = HEADER_WORDS + 1; i < bytes / 4; i++) {
		if (revoked_count == REVOKED_MOST)
			return -ENOMEM;
		revoked[revoked_count].number = big(words[i]);
		revoked[revoked_count++].sequence = sequence;
	}
	return 0;
}

static bool is_revoked(uint32_t number)
{
	unsigned i;

	for (i = 0; i < revoked_count; i++)
		if (revoked[i].number == number &&
		    (int32_t)(revoked[i].sequence - sequence) >= 0)
			return true;
	return false;
}

/* Copy the next block of the log to its place. */
static int copy_block(uint32_t number, uint32_t flags)
{
	struct block *from, *to;
	int error = read_next(&from);

	if (error || end == 0 || is_revoked(number))
		return error;
	error = CACHE_REPEAT(cache_get_new(number, &to));
	if (error)
		return error;
	cache_set(to, from->bytes);
	if (flags & TAG_ESCAPED)
		*(uint32_t *)to->bytes = big(MAGIC);
	cache_dirty(to);
	sched_point();
	if (!cache_is_behind())
		return 0;
	cache_write_dirty();
	return cache_finish();
}

static int walk_tags(const uint32_t *words)
{
	static uint32_t tags[BLOCK_BYTES / 4];
	uint32_t *at = tags + HEADER_WORDS, flags;
	int error;

	/* The block may leave the cache before its last tag. */
	memcpy(tags, words, BLOCK_BYTES);
	do {
		flags = big(at[1]);
		error = copy_block(big(at[0]), flags);
		at += flags & TAG_SAME_UUID ? 2 : 6;
	} while (!error && !(flags & TAG_LAST) && at + 2 <= tags +
		 BLOCK_BYTES / 4);
	return error;
}

/* A block of a transaction. 1: the end of the log. */
static int step(void)
{
	const uint32_t *words;
	struct block *block;
	int error = read_next(&block);

	if (error)
		return room == 0 ? 1 : error;
	words = (const uint32_t *)block->bytes;
	if (words[0] != big(MAGIC) || words[2] != big(sequence))
		return 1;
	switch (big(words[1])) {
	case TAGS:
		return walk_tags(words);
	case REVOKE:
		return end ? 0 : note_revoked(words);
	case COMMIT:
		return ++sequence == end;
	default:
		return 1;
	}
}

static int walk_log(void)
{
	int result;

	go_to(big(own_super()->start));
	sequence = big(own_super()->sequence);
	while ((result = step()) == 0)
		sched_point();
	return MIN(result, 0);
}

static int replay(void)
{
	uint32_t oldest = sequence;
	int error;

	end = revoked_count = 0;
	error = walk_log();
	end = sequence;
	if (!error && end != oldest)
		error = walk_log();
	if (error)
		return error;
	if (end != oldest)
		printk("ext3: %u transactions of the journal recovered\n",
		       end - oldest);
	sequence = end + 1;	/* never that of an old block */
	cache_write_dirty();
	return log_empty(true);
}

/* ---- Start -------------------------------------------------------------- */

int log_place(uint32_t index, uint32_t number)
{
	uint32_t **page = &map[index / MAP_SLOTS];

	if (index >= MAP_PAGES * MAP_SLOTS)
		return -EIO;
	if (!*page && !(*page = page_alloc(FRAME_BUFFER)))
		return -ENOMEM;
	(*page)[index % MAP_SLOTS] = number;
	return 0;
}

/* Is this the first block of a journal that we know? */
static int check_super(const struct log_super *super)
{
	if (super->magic != big(MAGIC) ||
	    super->block_bytes != big(BLOCK_BYTES) ||
	    big(super->length) > length || super->first == 0 ||
	    big(super->first) >= big(super->length) ||
	    big(super->start) >= big(super->length))
		return -EIO;
	if (super->error)
		printk("ext3: the journal was ended by an error; e2fsck can "
		       "repair a disk\n");
	if (!(big(super->incompatible) & ~FEATURE_REVOKE))
		return 0;
	printk("ext3: the journal has unknown features 0x%x\n",
	       big(super->incompatible));
	return -EINVAL;
}

static int recover(void)
{
	struct log_super *super = own_super();
	struct block *block;
	int error = CACHE_REPEAT(cache_get(number_of(0), &block));

	if (error)
		return error;
	memcpy(super, block->bytes, BLOCK_BYTES);
	error = check_super(super);
	length = big(super->length);
	first = big(super->first);
	sequence = big(super->sequence);
	if (error || super->start == 0)
		return error;
	if (!disk_is_read_only())
		return replay();
	printk("ext3: refused: the journal must be recovered, and the disk "
	       "cannot be written\n");
	return -EROFS;
}

int log_start(uint32_t blocks)
{
	unsigned i;
	int error;

	for (i = 0; i < OWN_BLOCKS; i++) {
		own[i].state = BLOCK_LOGGED;
		if (!own[i].bytes && !(own[i].bytes = page_alloc(FRAME_BUFFER)))
			return -ENOMEM;
	}
	length = blocks;
	error = recover();
	return error ? error : (int)(length - first);
}
