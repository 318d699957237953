/*
 * cache.h - the blocks of the disk that are in memory.
 *
 * A function that needs a block which is not in memory starts the read and
 * returns -EAGAIN; the caller gives up without a change, and tries again from
 * its start when the read is done. All functions need [P].
 */
#pragma once

#include "kernel/dev/disk.h"

#define BLOCK_BYTES	4096u
#define CACHE_LEAST	256u		/* blocks */

struct object_ops;
struct page_source;
struct wait_queue;

enum block_state {
	BLOCK_EMPTY,		/* no bytes, or not those of the disk yet */
	BLOCK_CLEAN,		/* as on the disk */
	BLOCK_DIRTY,		/* to be written at any time */
	BLOCK_LOGGED		/* of a transaction: the journal decides */
};

struct block {
	struct list_node place;	/* [P] in a list of the cache by state, or of
				   the journal */
	struct list_node by_number;	/* [P] in a slot of the hash table */
	uint32_t number;	/* [P] on the disk */
	uint8_t state;		/* [P] enum block_state */
	bool is_busy;		/* [P] a read or write is under way */
	int error;		/* [P] of the last read, for the next get */
	char *bytes;		/* [const] */
	struct page_source *source;	/* [P] of the last mapping */
	uint32_t page;		/* [P] of the source */
	struct disk_request request;	/* [P] */
};

/* Find the disk and take memory for the cache. 0, -ENODEV, or -ENOMEM. */
int cache_init(void);
/* [const] Blocks on the disk. */
uint32_t cache_disk_blocks(void);
/* [const] Blocks in the cache. */
uint32_t cache_blocks(void);

/* The block with its bytes; it stays in memory while fewer than CACHE_LEAST / 4
 * further blocks are got. 0, -EAGAIN (the disk reads the block, has much to do,
 * or all blocks wait to be written), or -EIO. */
int cache_get(uint32_t number, struct block **out);
/* The same for a block whose old bytes do not matter: the caller replaces all
 * bytes, or they are zeros. */
int cache_get_new(uint32_t number, struct block **out);
int cache_get_zeroed(uint32_t number, struct block **out);
/* Replace all bytes of a block. */
void cache_set(struct block *block, const void *bytes);
/* Begin to read a block that will be needed soon. */
void cache_read_ahead(uint32_t number);

/* The frame of the block, as this page of a mapped file, or PAGE_WAIT. The
 * block leaves the mappings when the disk gets its bytes, or when different
 * bytes come. */
frame_t cache_map(struct block *block, struct page_source *source,
		  uint32_t page);
/* The block is free on the disk: no mapping may show its next bytes. 0, or
 * -EAGAIN: it has many mappings. */
int cache_release(uint32_t number);

/* The bytes were changed: they are written within seconds. */
void cache_dirty(struct block *block);
/* The journal takes the block over, and gives it back. */
void cache_log(struct block *block, struct list *to);
void cache_unlog(struct block *block);

/* For a kernel task: forget all blocks, and changes that are not on the disk:
 * the disk may become a different one. */
void cache_drop(struct list *logged);

/* Begin to write the bytes of a block to this place. */
void cache_write(struct block *block, uint32_t number);
/* Begin to write all dirty blocks. */
void cache_write_dirty(void);
/* Too many blocks wait to be written: write some before the next change. */
bool cache_is_behind(void);

/* ---- cache_raw.c: /dev/disk --------------------------------------------- */

extern const struct object_ops cache_raw_ops;

/* ---- cache_wait.c ------------------------------------------------------- */

/* The queue of all waits for the disk. */
struct wait_queue *cache_queue(void);
/* -EAGAIN: the attempt waits for the next event of the disk. */
int cache_missing(void);
/* -EAGAIN: the attempt has done a part of its work, and waits for nothing. A
 * kernel task of the disk will wake the queue. */
int cache_again(void);
/* The state has changed for tasks that wait here. */
void cache_wake(void);

/* For cache.c: writes under way. */
void cache_write_begins(void);
void cache_write_ends(int error);
uint32_t cache_writes(void);
/* 0, or the error of device_register(). */
int cache_wait_init(void);

/* For a kernel task: sleep until all writes are done, then let the disk flush.
 * 0, or -EIO if a write has failed since the last call. */
int cache_finish(void);
int cache_flush(void);
/* For a kernel task that writes many blocks: between two of them, sleep while
 * the disk has much to do, and let other tasks run. */
void cache_pace(void);
/* For a kernel task: sleep until is_over() says so or the deadline. */
void cache_sleep(bool (*is_over)(void), uint64_t deadline_ns);
bool cache_has_no_writes(void);
/* ... until the next event of the disk. */
void cache_sleep_once(void);
/* The result of an attempt that is repeated until no block is missing. */
#define CACHE_REPEAT(attempt) ({					\
	int result_;							\
	while ((result_ = (attempt)) == -EAGAIN)			\
		cache_sleep_once();					\
	result_;							\
})
