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
 * No function waits in the middle of its work. A task that misses a block gets
 * -EAGAIN, sleeps in the only queue of the cache, and makes its whole attempt
 * again. The blocks that an attempt has got before are the youngest, so they
 * are still there, and each attempt gets further than the last. A task that
 * finds its blocks in memory never waits, whatever the disk does.
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
#include "kernel/fs/device.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/file.h"
#include "kernel/task/cpu.h"

#define CACHE_MOST	4096u		/* blocks: 16 MiB */
#define CACHE_PART	8		/* of the machine's memory */
#define SLOTS		1024u		/* of the hash table */
#define SECTORS		(BLOCK_BYTES / SECTOR_BYTES)
#define KEPT_CLEAN	2		/* at least so much of the cache */

static struct object disk_object;	/* [P] /dev/disk */
static struct wait_queue queue;		/* [P] all waits for the disk */
static struct block *slots[SLOTS];	/* [P] by number */
static struct list clean = LIST_INIT(clean);	/* [P] by last use */
static struct list dirty = LIST_INIT(dirty);	/* [P] */
static uint32_t block_count;		/* [const] */
static uint32_t dirty_count;		/* [P] dirty or logged */
static uint32_t writes;			/* [P] under way */
static int write_error;			/* [P] since the last cache_finish() */
static struct pool block_pool = POOL("block", sizeof(struct block));

struct wait_queue *cache_queue(void)
{
	return &queue;
}

uint32_t cache_disk_blocks(void)
{
	return disk_sectors() / SECTORS;
}

void cache_wake(void)
{
	wait_wake_all(&queue);
}

/* ---- The disk has done a request ---------------------------------------- */

static void tell_error(const struct disk_request *request, const char *what)
{
	printk("disk: block %u cannot be %s\n",
	       (uint32_t)(request->header.sector / SECTORS), what);
}

static void was_read(struct disk_request *request, int error)
{
	struct block *block = CONTAINER_OF(request, struct block, request);

	block->is_busy = false;
	block->error = error;
	block->state = error ? BLOCK_EMPTY : BLOCK_CLEAN;
	list_append(&clean, &block->place);
	if (error)
		tell_error(request, "read");
	cache_wake();
}

static void was_written(struct disk_request *request, int error)
{
	struct block *block = CONTAINER_OF(request, struct block, request);

	block->is_busy = false;
	writes--;
	if (error) {
		write_error = error;
		tell_error(request, "written");
	}
	if (block->state == BLOCK_CLEAN)
		list_append(&clean, &block->place);
	if (block->state == BLOCK_DIRTY)
		list_append(&dirty, &block->place);
	cache_wake();
}

static void start(struct block *block, enum disk_work work, uint32_t number)
{
	block->is_busy = true;
	block->request.work = work;
	block->request.length = BLOCK_BYTES;
	block->request.bytes = block->bytes;
	block->request.done = work == DISK_READ ? was_read : was_written;
	disk_start(&block->request, (uint64_t)number * SECTORS);
}

int cache_missing(void)
{
	return fs_missing(&queue, &disk_object);
}

/* ---- Blocks by number --------------------------------------------------- */

static struct block **slot_of(uint32_t number)
{
	return &slots[number % SLOTS];
}

static struct block *find(uint32_t number)
{
	struct block *block = *slot_of(number);

	while (block && block->number != number)
		block = block->next;
	return block;
}

static void forget(struct block *block)
{
	struct block **slot = slot_of(block->number);

	while (*slot && *slot != block)
		slot = &(*slot)->next;
	if (*slot)
		*slot = block->next;
}

/* ---- Mapped blocks ------------------------------------------------------ */

static void release(struct block *block)
{
	frame_t frame = virt_to_frame(block->bytes);

	if (frame_refs(frame) > 1)
		source_release(block->source, block->page, frame);
	ASSERT(frame_refs(frame) == 1);
}

static void drop_summary(struct block *block)
{
	heap_free(block->summary);
	block->summary = NULL;
}

/* The bytes of a clean block do not count any more. */
static void empty(struct block *block)
{
	release(block);
	drop_summary(block);
	block->state = BLOCK_EMPTY;
	block->error = 0;
}

void cache_release(uint32_t number)
{
	struct block *block = find(number);

	if (block)
		release(block);
}

frame_t cache_map(struct block *block, struct page_source *source,
		  uint32_t page)
{
	if (block->source != source || block->page != page)
		release(block);		/* a damaged disk names it twice */
	block->source = source;
	block->page = page;
	return virt_to_frame(block->bytes);
}

/* ---- Getting blocks ----------------------------------------------------- */

/* The block that was not used for the longest time gets this number; NULL: each
 * block waits to be written. It is in no list. */
static struct block *take_oldest(uint32_t number)
{
	struct list_node *first = list_take_first(&clean);
	struct block *block;

	if (!first)
		return NULL;
	block = LIST_ENTRY(first, struct block, place);
	forget(block);
	empty(block);
	block->number = number;
	block->next = *slot_of(number);
	*slot_of(number) = block;
	return block;
}

static void was_used(struct block *block)
{
	if (block->is_busy || block->state > BLOCK_CLEAN)
		return;
	list_remove(&block->place);
	list_append(&clean, &block->place);
}

static int begin_read(struct block *block)
{
	int error = block->error;

	block->error = 0;
	if (error)
		return error;
	list_remove(&block->place);
	start(block, DISK_READ, block->number);
	return cache_missing();
}

int cache_get(uint32_t number, struct block **out)
{
	struct block *block = find(number);

	if (number >= cache_disk_blocks())
		return -EIO;
	if (!block) {
		block = take_oldest(number);
		if (block)
			start(block, DISK_READ, number);
		return cache_missing();
	}
	if (block->state == BLOCK_EMPTY)
		return block->is_busy ? cache_missing() : begin_read(block);
	was_used(block);
	*out = block;
	return 0;
}

void cache_set(struct block *block, const void *bytes)
{
	memcpy(block->bytes, bytes, BLOCK_BYTES);
	drop_summary(block);
}

void cache_read_ahead(uint32_t number)
{
	struct block *block;

	if (number >= cache_disk_blocks() || find(number))
		return;
	block = take_oldest(number);
	if (block)
		start(block, DISK_READ, number);
}

int cache_get_zeroed(uint32_t number, struct block **out)
{
	struct block *block = find(number);

	if (number >= cache_disk_blocks())
		return -EIO;
	if (!block) {
		block = take_oldest(number);
		if (!block)
			return cache_missing();
		list_append(&clean, &block->place);
	}
	if (block->is_busy)
		return cache_missing();
	memset(block->bytes, 0, BLOCK_BYTES);
	drop_summary(block);
	block->error = 0;
	if (block->state == BLOCK_EMPTY)
		block->state = BLOCK_CLEAN;
	was_used(block);
	*out = block;
	return 0;
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
	writes++;
	start(block, DISK_WRITE, number);
}

void cache_write_dirty(void)
{
	struct list_node *first;
	struct block *block;

	while ((first = list_take_first(&dirty))) {
		block = LIST_ENTRY(first, struct block, place);
		block->state = BLOCK_CLEAN;
		dirty_count--;
		release(block);
		cache_write(block, block->number);
		sched_point();
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
	}
}

void cache_drop(struct list *logged)
{
	struct block *block;

	cache_finish();
	drop(logged);
	drop(&dirty);
	LIST_FOR_EACH(block, &clean, place)
		empty(block);
}

bool cache_is_behind(void)
{
	return dirty_count + writes > block_count / KEPT_CLEAN;
}

/* ---- Waits of kernel tasks ---------------------------------------------- */

static long attempt_over(void *is_over)
{
	return (*(bool (**)(void))is_over)() ? 0 : -EAGAIN;
}

void cache_sleep(bool (*is_over)(void), uint64_t deadline_ns)
{
	const struct wait_request request = {
		.queue = &queue, .event = WAIT_WORK,
		.deadline_ns = deadline_ns, .is_deaf = true,
	};

	if (!is_over())
		wait_for(&request, attempt_over, &is_over);
}

static bool is_second_look;		/* [own] of cache_sleep_once() */

static bool is_woken(void)
{
	bool was_asked = is_second_look;

	is_second_look = true;
	return was_asked;
}

void cache_sleep_once(void)
{
	is_second_look = false;
	cache_sleep(is_woken, FOREVER);
}

bool cache_has_no_writes(void)
{
	return writes == 0;
}

int cache_finish(void)
{
	int error;

	cache_sleep(cache_has_no_writes, FOREVER);
	error = write_error;
	write_error = 0;
	return error;
}

static void was_flushed(struct disk_request *request, int error)
{
	(void)request;
	writes--;
	if (error)
		write_error = error;
	cache_wake();
}

int cache_flush(void)
{
	static struct disk_request flush;
	int error = cache_finish();

	if (error)
		return error;
	flush.work = DISK_FLUSH;
	flush.done = was_flushed;
	writes++;
	disk_start(&flush, 0);
	return cache_finish();
}

/* ---- /dev/disk: the bytes as they are ----------------------------------- */

static ssize_t raw_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	uint64_t end = (uint64_t)cache_disk_blocks() * BLOCK_BYTES;
	uint64_t position = file->position;
	uint32_t offset = position % BLOCK_BYTES;
	struct block *block;
	int error;

	if (position >= end)
		return 0;
	bytes = MIN(bytes, BLOCK_BYTES - offset);
	error = cache_get(position / BLOCK_BYTES, &block);
	if (!error)
		error = copy_to_user(to, block->bytes + offset, bytes);
	if (error)
		return error;
	file->position += bytes;
	return bytes;
}

static off_t raw_seek(struct open_file *file, off_t offset, int whence)
{
	uint64_t end = (uint64_t)cache_disk_blocks() * BLOCK_BYTES;

	return node_seek(file, offset, whence, end);
}

static struct wait_queue *raw_queue(struct open_file *file, int end)
{
	(void)file, (void)end;
	return &queue;
}

static const struct object_ops raw_ops = {
	.kind = "disk",
	.read = raw_read,
	.queue = raw_queue,
	.seek = raw_seek,
};

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
	block->number = UINT32_MAX;
	list_append(&clean, &block->place);
	block_count++;
	return true;
}

int cache_init(void)
{
	uint32_t most = MIN(frame_count_low() / CACHE_PART, CACHE_MOST);

	if (!disk_init())
		return -ENODEV;
	wait_queue_init(&queue);
	queue.is_chosen = true;		/* each event wakes all */
	object_init(&disk_object, &raw_ops);
	while (block_count < MAX(most, CACHE_LEAST))
		if (!add_block())
			return -ENOMEM;
	return device_register("disk", &disk_object, 0400);
}
