/*
 * cache.c - the blocks of the disk that are in memory.
 *
 * The memory of the cache is taken once, at boot, if there is a disk: an eighth
 * of the machine's, at most CACHE_MOST blocks. So the cache has a bound, and no
 * read or write fails for lack of memory.
 *
 * Each block is empty, or in one of these places:
 *
 *	clean	by last use; a new block takes the place of the first one that
 *		has not been used for the longest time
 *	dirty	bytes of files that the disk does not have yet
 *	logged	changed by a transaction; the journal alone writes such a block
 *	busy	in no list, while the disk reads or writes the bytes
 *
 * A program may change a dirty block while the disk writes the block: then the
 * block is dirty again, and is written once more.
 *
 * The frame of a block can be mapped. Before the frame gets the bytes of a
 * different block, it leaves all mappings. A block that a program can write to
 * is dirty; before its write, too, it leaves the mappings. So the next store is
 * a fault, and makes the block dirty again.
 */
#include "kernel/fs/cache.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/node.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/task/cpu.h"

#define CACHE_MOST	4096u		/* blocks: 16 MiB */
#define CACHE_PART	8		/* of the machine's memory */
#define SLOTS		2048		/* of the hash table */
#define SECTORS		(BLOCK_BYTES / SECTOR_BYTES)
#define CLEAN_PART	2		/* so much of the cache stays clean */
#define READS_MOST	16		/* at once, see cache_pace() */

static struct list slots[SLOTS];	/* [P] by number */
static struct list clean = LIST_INIT(clean);	/* [P] by last use */
static struct list dirty = LIST_INIT(dirty);	/* [P] */
static uint32_t block_count;		/* [const] */
static uint32_t dirty_count;		/* [P] dirty or logged */
static uint32_t reads;			/* [P] under way */
static bool is_failing;			/* [P] the log says so already */
static struct pool block_pool = POOL("block", sizeof(struct block));

uint32_t cache_disk_blocks(void)
{
	return disk_sectors() / SECTORS;
}

/* ---- The disk has done a request ---------------------------------------- */

/* One line in the log for a stretch of errors: a disk may have been pulled. */
static void note_result(const struct disk_request *request, int error)
{
	if (error && !is_failing)
		printk("disk: block %u cannot be %s\n",
		       (uint32_t)(request->header.sector / SECTORS),
		       request->work == DISK_READ ? "read" : "written");
	is_failing = error;
}

static void was_read(struct disk_request *request, int error)
{
	struct block *block = CONTAINER_OF(request, struct block, request);

	reads--;
	block->is_busy = false;
	block->error = error;
	block->state = error ? BLOCK_EMPTY : BLOCK_CLEAN;
	list_append(&clean, &block->place);
	note_result(request, error);
	cache_wake();
}

static void was_written(struct disk_request *request, int error)
{
	struct block *block = CONTAINER_OF(request, struct block, request);

	block->is_busy = false;
	note_result(request, error);
	if (block->state == BLOCK_CLEAN)
		list_append(&clean, &block->place);
	if (block->state == BLOCK_DIRTY)
		list_append(&dirty, &block->place);
	cache_write_ends(error);
}

static void start(struct block *block, enum disk_work work, uint32_t number)
{
	reads += work == DISK_READ;
	block->is_busy = true;
	block->request.work = work;
	block->request.length = BLOCK_BYTES;
	block->request.bytes = block->bytes;
	block->request.done = work == DISK_READ ? was_read : was_written;
	disk_start(&block->request, (uint64_t)number * SECTORS);
}

/* ---- Blocks by number --------------------------------------------------- */

static struct block *find(uint32_t number)
{
	struct block *block;

	LIST_FOR_EACH(block, HASH_SLOT(slots, number), by_number)
		if (block->number == number)
			return block;
	return NULL;
}

/* ---- Mapped blocks ------------------------------------------------------ */

/* No mapping shows the block any more. False: some still do, try again. */
static bool release(struct block *block)
{
	frame_t frame = virt_to_frame(block->bytes);

	return frame_refs(frame) == 1 ||
	       source_release(block->source, block->page, frame);
}

/* The bytes of a clean block do not count any more. False: try again. */
static bool empty(struct block *block)
{
	if (!release(block))
		return false;
	if (list_is_linked(&block->by_number))
		list_remove(&block->by_number);
	block->state = BLOCK_EMPTY;
	block->error = 0;
	return true;
}

int cache_release(uint32_t number)
{
	struct block *block = find(number);

	return !block || release(block) ? 0 : cache_again();
}

frame_t cache_map(struct block *block, struct page_source *source,
		  uint32_t page)
{
	/* A damaged disk names the block twice. */
	if ((block->source != source || block->page != page) &&
	    !release(block)) {
		cache_again();
		return PAGE_WAIT;
	}
	block->source = source;
	block->page = page;
	return virt_to_frame(block->bytes);
}

/* ---- Getting blocks ----------------------------------------------------- */

/* The block that was not used for the longest time gets this number. -EAGAIN:
 * each block waits to be written, or the oldest is still mapped. */
static int renumber_oldest(uint32_t number, struct block **out)
{
	struct list_node *first = list_first(&clean);

	if (!first)
		return cache_missing();
	*out = LIST_ENTRY(first, struct block, place);
	if (!empty(*out))
		return cache_again();
	(*out)->number = number;
	list_prepend(HASH_SLOT(slots, number), &(*out)->by_number);
	return 0;
}

static void was_used(struct block *block)
{
	if (block->is_busy || block->state > BLOCK_CLEAN)
		return;
	list_remove(&block->place);
	list_append(&clean, &block->place);
}

/* Read the bytes of an empty block, unless the disk has much to do. */
static int begin_read(struct block *block)
{
	if (reads < READS_MOST) {
		list_remove(&block->place);
		start(block, DISK_READ, block->number);
	}
	return cache_missing();
}

/* The last read has failed: say so once, and then read again. */
static int read_again(struct block *block)
{
	int error = block->error;

	block->error = 0;
	return error ?: begin_read(block);
}

int cache_get(uint32_t number, struct block **out)
{
	struct block *block = find(number);

	if (number >= cache_disk_blocks())
		return -EIO;
	if (!block)
		return renumber_oldest(number, &block) ?: begin_read(block);
	if (block->state == BLOCK_EMPTY)
		return block->is_busy ? cache_missing() : read_again(block);
	was_used(block);
	*out = block;
	return 0;
}

void cache_set(struct block *block, const void *bytes)
{
	memcpy(block->bytes, bytes, BLOCK_BYTES);
}

void cache_read_ahead(uint32_t number)
{
	struct block *block;

	if (number < cache_disk_blocks() && !find(number) &&
	    reads < READS_MOST && renumber_oldest(number, &block) == 0)
		begin_read(block);
}

int cache_get_new(uint32_t number, struct block **out)
{
	struct block *block = find(number);
	int error = 0;

	if (number >= cache_disk_blocks())
		return -EIO;
	if (!block)
		error = renumber_oldest(number, &block);
	if (error || block->is_busy)
		return error ?: cache_missing();
	block->error = 0;
	if (block->state == BLOCK_EMPTY)
		block->state = BLOCK_CLEAN;
	was_used(block);
	*out = block;
	return 0;
}

int cache_get_zeroed(uint32_t number, struct block **out)
{
	int error = cache_get_new(number, out);

	if (!error)
		memset((*out)->bytes, 0, BLOCK_BYTES);
	return error;
}

/* ---- Changes ------------------------------------------------------------ */

void cache_dirty(struct block *block)
{
	if (block->state > BLOCK_CLEAN)
		return;
	block->state = BLOCK_DIRTY;
	dirty_count++;
	if (block->is_busy)
		return;			/* was_written() puts it in the list */
	list_remove(&block->place);
	list_append(&dirty, &block->place);
}

void cache_log(struct block *block, struct list *to)
{
	ASSERT(!block->is_busy && block->state != BLOCK_LOGGED);
	dirty_count += block->state != BLOCK_DIRTY;
	block->state = BLOCK_LOGGED;
	list_remove(&block->place);
	list_append(to, &block->place);
}

void cache_unlog(struct block *block)
{
	ASSERT(!block->is_busy && block->state == BLOCK_LOGGED);
	dirty_count--;
	block->state = BLOCK_CLEAN;
	list_remove(&block->place);
	list_append(&clean, &block->place);
}

void cache_write(struct block *block, uint32_t number)
{
	cache_write_begins();
	start(block, DISK_WRITE, number);
}

void cache_write_dirty(void)
{
	struct list_node *first;
	struct block *block;

	while ((first = list_first(&dirty))) {
		block = LIST_ENTRY(first, struct block, place);
		if (release(block)) {
			list_remove(&block->place);
			block->state = BLOCK_CLEAN;
			dirty_count--;
			cache_write(block, block->number);
		}
		cache_pace();
	}
}

/* The bytes on the disk count, and those of the list do not. */
static void drop(struct list *blocks)
{
	struct list_node *first;
	struct block *block;

	while ((first = list_take_first(blocks))) {
		block = LIST_ENTRY(first, struct block, place);
		dirty_count -= block->state > BLOCK_CLEAN;
		block->state = BLOCK_CLEAN;
		list_prepend(&clean, &block->place);
		sched_point();
	}
}

void cache_drop(struct list *logged)
{
	struct list_node *first;
	uint32_t left;

	cache_finish();
	drop(logged);
	drop(&dirty);
	for (left = block_count; left > 0; sched_point()) {
		first = list_first(&clean);
		if (!empty(LIST_ENTRY(first, struct block, place)))
			continue;
		list_remove(first);
		list_append(&clean, first);
		left--;
	}
}

bool cache_is_behind(void)
{
	return dirty_count + cache_writes() > block_count / CLEAN_PART;
}

/* ---- Start -------------------------------------------------------------- */

static bool add_block(void)
{
	struct block *block = pool_alloc(&block_pool);

	if (!block)
		return false;
	block->bytes = page_alloc(FRAME_BUFFER);
	if (!block->bytes) {
		pool_free(&block_pool, block);
		return false;
	}
	list_append(&clean, &block->place);
	block_count++;
	return true;
}

uint32_t cache_blocks(void)
{
	return block_count;
}

int cache_init(void)
{
	uint32_t most = MIN(frame_count_low() / CACHE_PART, CACHE_MOST);

	if (!disk_init())
		return -ENODEV;
	while (block_count < MAX(most, CACHE_LEAST))
		if (!add_block())
			return -ENOMEM;
	return cache_wait_init();
}
