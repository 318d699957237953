/*
 * log.c - the blocks of a transaction, on their way to the journal.
 *
 * A transaction in the log is blocks of tags, each followed by the blocks that
 * its tags name, and a commit block behind a flush. The log is a ring. Its
 * blocks are needed only until a flush after the blocks have come to their
 * places; so if there is too little room, such a flush makes the whole log
 * free. The superblock of the journal says where a recovery begins.
 *
 * Only the task of the journal runs these functions, and they sleep.
 */
#include "kernel/fs/ext/ext.h"

#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/task/cpu.h"

#define TAG_BYTES	8
#define UUID_BYTES	16
#define TAGS_MOST	500		/* in a block of tags */
#define EXTRA_BLOCKS	8		/* of tags and commit, and these two: */
#define OWN_COPY	(EXTRA_BLOCKS - 1)	/* of a block that needs it */
#define OWN_SUPER	(EXTRA_BLOCKS - 2)	/* the journal's first block */

static struct journal_place place;	/* [const] */
static uint32_t head;			/* [own] the next block of the log */
static uint32_t log_room;		/* [own] blocks left in the log */
static struct block own[EXTRA_BLOCKS];	/* [own] */

static void put_header(struct block *block, uint32_t type)
{
	uint32_t *words = (uint32_t *)block->bytes;

	memset(words, 0, BLOCK_BYTES);
	words[0] = big(JOURNAL_MAGIC);
	words[1] = big(type);
	words[2] = big(place.sequence);
}

/* The disk's number of the next block of the log. */
static uint32_t take_log_block(void)
{
	uint32_t number = journal_block(&place, head);

	if (++head == place.length)
		head = place.first;
	log_room--;
	return number;
}

/* A block of the log must not look like a header: its first word becomes zero,
 * and the tag says so. */
static struct block *escape(struct block *block, struct block *copy)
{
	if (*(uint32_t *)block->bytes != big(JOURNAL_MAGIC))
		return NULL;
	memcpy(copy->bytes, block->bytes, BLOCK_BYTES);
	*(uint32_t *)copy->bytes = 0;
	return copy;
}

static uint32_t *put_tag(uint32_t *at, const struct block *block,
			 uint32_t flags, bool is_first)
{
	at[0] = big(block->number);
	at[1] = big(flags | (is_first ? 0 : TAG_SAME_UUID));
	return at + (TAG_BYTES + (is_first ? UUID_BYTES : 0)) / 4;
}

/* Log up to TAGS_MOST blocks from this one on: the node behind the last. */
static struct list_node *log_tags(const struct list *logged,
				  struct list_node *node, struct block *tags)
{
	uint32_t *at = (uint32_t *)tags->bytes + JOURNAL_HEADER_BYTES / 4;
	struct block *block, *copy;
	uint32_t flags, own_place;
	unsigned count;

	put_header(tags, JOURNAL_TAGS);
	own_place = take_log_block();
	for (count = 0; node != &logged->head && count < TAGS_MOST; count++) {
		block = LIST_ENTRY(node, struct block, place);
		node = node->next;
		copy = escape(block, &own[OWN_COPY]);
		flags = copy ? TAG_ESCAPED : 0;
		if (node == &logged->head || count == TAGS_MOST - 1)
			flags |= TAG_LAST;
		at = put_tag(at, block, flags, count == 0);
		cache_write(copy ? copy : block, take_log_block());
		if (copy)
			cache_sleep(cache_has_no_writes, FOREVER);
		sched_point();
	}
	cache_write(tags, own_place);
	return node;
}

static bool has_room(uint32_t blocks)
{
	return log_room >= blocks + EXTRA_BLOCKS;
}

int log_write(const struct list *logged, uint32_t blocks)
{
	struct list_node *node = logged->head.next;
	unsigned count = 0;
	int error = has_room(blocks) ? 0 : log_empty(false);

	if (error || !has_room(blocks))
		return error ?: -EFBIG;
	while (node != &logged->head)
		node = log_tags(logged, node, &own[count++]);
	error = cache_flush();
	if (error)
		return error;
	put_header(&own[count], JOURNAL_COMMIT);
	cache_write(&own[count], take_log_block());
	place.sequence++;
	return cache_flush();
}

static struct journal_super *own_super(void)
{
	return (void *)own[OWN_SUPER].bytes;
}

bool log_is_used(void)
{
	return own_super()->start != 0;
}

int log_empty(bool is_clean)
{
	struct journal_super *super = own_super();
	int error = cache_flush();

	if (error)
		return error;
	head = place.first;
	log_room = place.length - place.first;
	super->start = is_clean ? 0 : big(head);
	super->sequence = big(place.sequence);
	cache_write(&own[OWN_SUPER], journal_block(&place, 0));
	return cache_flush();
}

int log_start(uint32_t *length)
{
	struct block *block;
	unsigned i;
	int error;

	for (i = 0; i < EXTRA_BLOCKS; i++) {
		own[i].state = BLOCK_LOGGED;
		if (!own[i].bytes && !(own[i].bytes = page_alloc(FRAME_BUFFER)))
			return -ENOMEM;
	}
	error = journal_recover(&place) ?:
		CACHE_REPEAT(cache_get(journal_block(&place, 0), &block));
	if (error)
		return error;
	memcpy(own_super(), block->bytes, BLOCK_BYTES);
	*length = place.length - place.first;
	return 0;
}
