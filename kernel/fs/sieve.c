/*
 * sieve.c - which blocks of a long directory may have a name, or room for one.
 *
 * For 32 blocks there is a table of 4,096 rows, with a bit for each block. A
 * name has three rows, by its hash, and sets the block's bit in each. A search
 * takes the same three rows: a block without a bit in one of them does not have
 * the name. (It is a Bloom filter for each block, turned by 90 degrees: one AND
 * answers for 32 blocks.) A removed name leaves its bits; after many removals
 * the table is freed, and learned again.
 *
 * All tables together have a bound. The sieve that was not used for the longest
 * time loses its tables first.
 */
#include "kernel/fs/sieve.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/cache.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/task/user.h"

#define PART_BLOCKS	32u		/* bits of a row */
#define PARTS_MOST	(PAGE_SIZE / sizeof(struct sieve_part *))
#define ROWS		4096u		/* for blocks with 16 to 340 names */
#define PAGE_ROWS	(PAGE_SIZE / 4)
#define NAME_ROWS	3
#define REMOVED_MOST	2000u
#define CACHE_PART	4		/* the pages of all sieves */

/* [P] */
struct sieve_part {
	uint32_t known;			/* a bit for each block */
	uint32_t removed;		/* names */
	uint16_t room[PART_BLOCKS];	/* no entry of the block has more */
	uint16_t roomiest;		/* no block has more */
	uint32_t *rows[ROWS / PAGE_ROWS];
};

static struct pool part_pool = POOL("sieve", sizeof(struct sieve_part));
static struct list by_age = LIST_INIT(by_age);	/* [P] the oldest first */
static uint32_t page_count;		/* [P] */

/* ---- Memory ------------------------------------------------------------- */

static void *new_page(void)
{
	void *page = page_alloc_zeroed(FRAME_BUFFER);

	page_count += page != NULL;
	return page;
}

static void free_page(void *page)
{
	if (page) {
		page_free(page);
		page_count--;
	}
}

static void free_part(struct sieve_part **part)
{
	unsigned i;

	if (!*part)
		return;
	for (i = 0; i < ARRAY_LENGTH((*part)->rows); i++)
		free_page((*part)->rows[i]);
	pool_free(&part_pool, *part);
	*part = NULL;
}

bool sieve_shrink(struct sieve *sieve)
{
	if (!sieve->parts)
		return false;
	if (sieve->count > 0) {
		free_part(&sieve->parts[--sieve->count]);
		return true;
	}
	free_page(sieve->parts);
	sieve->parts = NULL;
	list_remove(&sieve->by_age);
	return false;
}

/* Is there room for one more part of this sieve? Older sieves make room. */
static bool make_room(const struct sieve *sieve)
{
	struct sieve *oldest;

	while (page_count + ROWS / PAGE_ROWS >= cache_blocks() / CACHE_PART) {
		oldest = LIST_ENTRY(by_age.head.next, struct sieve, by_age);
		if (list_is_empty(&by_age) || oldest == sieve)
			return false;
		sieve_shrink(oldest);
	}
	return true;
}

static bool add_part(struct sieve *sieve, struct sieve_part **part)
{
	bool is_complete = true;
	unsigned i;

	*part = make_room(sieve) ? pool_alloc(&part_pool) : NULL;
	if (!*part)
		return false;
	for (i = 0; i < ARRAY_LENGTH((*part)->rows); i++) {
		(*part)->rows[i] = new_page();
		is_complete = is_complete && (*part)->rows[i];
	}
	if (!is_complete)
		free_part(part);
	return is_complete;
}

static bool add(struct sieve *sieve, uint32_t block)
{
	if (!sieve->parts) {
		sieve->parts = new_page();
		if (!sieve->parts)
			return false;
		list_append(&by_age, &sieve->by_age);
	}
	sieve->count = MAX(sieve->count, block / PART_BLOCKS + 1);
	return add_part(sieve, &sieve->parts[block / PART_BLOCKS]);
}

static struct sieve_part *part_of(const struct sieve *sieve, uint32_t block)
{
	if (!sieve->parts || block / PART_BLOCKS >= PARTS_MOST)
		return NULL;
	return sieve->parts[block / PART_BLOCKS];
}

int sieve_prepare(struct sieve *sieve, uint32_t block)
{
	struct account *payer;
	bool has_memory;

	if (part_of(sieve, block))
		return 1;
	payer = user_charge(&account_root);
	has_memory = block / PART_BLOCKS < PARTS_MOST && add(sieve, block);
	user_charge(payer);
	return has_memory ? 0 : -ENOMEM;
}

/* ---- The rows of a name ------------------------------------------------- */

static void find_rows(uint32_t hash, uint32_t rows[NAME_ROWS])
{
	rows[0] = hash % ROWS;
	rows[1] = (hash >> 16) % ROWS;
	rows[2] = hash * 0x9e3779b1 >> 20;
}

static uint32_t *row_of(const struct sieve_part *part, uint32_t row)
{
	return &part->rows[row / PAGE_ROWS][row % PAGE_ROWS];
}

static uint32_t with_room(struct sieve_part *part, uint32_t bytes)
{
	uint32_t found = 0, i;

	if (part->roomiest < bytes)
		return 0;
	for (i = 0; i < PART_BLOCKS; i++)
		found |= (uint32_t)(part->room[i] >= bytes) << i;
	if (!found)
		part->roomiest = bytes - 1;
	return found;
}

static void set_room(struct sieve_part *part, uint32_t block, uint32_t room)
{
	part->room[block % PART_BLOCKS] = room;
	part->roomiest = MAX(part->roomiest, room);
}

/* ---- Searching and learning --------------------------------------------- */

uint32_t sieve_next(struct sieve *sieve, uint32_t block, uint32_t end,
		    const struct sieve_wish *wish)
{
	uint32_t rows[NAME_ROWS], found;
	struct sieve_part *part;

	if (sieve->parts) {
		list_remove(&sieve->by_age);
		list_append(&by_age, &sieve->by_age);
	}
	find_rows(wish->hash, rows);
	while (block < end && (part = part_of(sieve, block))) {
		found = ~part->known |
			(wish->bytes ? with_room(part, wish->bytes)
			 : *row_of(part, rows[0]) & *row_of(part, rows[1]) &
			   *row_of(part, rows[2]));
		found &= ~0u << block % PART_BLOCKS;
		block -= block % PART_BLOCKS;
		if (found)
			return MIN(block + __builtin_ctz(found), end);
		block += PART_BLOCKS;
	}
	return MIN(block, end);
}

bool sieve_knows(const struct sieve *sieve, uint32_t block)
{
	const struct sieve_part *part = part_of(sieve, block);

	return part && part->known & 1u << block % PART_BLOCKS;
}

void sieve_learned(struct sieve *sieve, uint32_t block, uint32_t room)
{
	struct sieve_part *part = part_of(sieve, block);

	part->known |= 1u << block % PART_BLOCKS;
	set_room(part, block, room);
}

void sieve_note(struct sieve *sieve, uint32_t block, uint32_t hash)
{
	struct sieve_part *part = part_of(sieve, block);
	uint32_t rows[NAME_ROWS], i;

	if (!part)
		return;
	find_rows(hash, rows);
	for (i = 0; i < NAME_ROWS; i++)
		*row_of(part, rows[i]) |= 1u << block % PART_BLOCKS;
}

void sieve_removed(struct sieve *sieve, uint32_t block)
{
	struct sieve_part *part = part_of(sieve, block);

	sieve->noted = 0;		/* two entries may be one now */
	if (!part)
		return;
	set_room(part, block, BLOCK_BYTES);	/* or less */
	if (++part->removed > REMOVED_MOST)
		free_part(&sieve->parts[block / PART_BLOCKS]);
}
