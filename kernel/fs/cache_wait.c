/*
 * cache_wait.c - waiting for the disk.
 *
 * No function of the cache waits in the middle of its work. A task that misses
 * a block gets -EAGAIN, sleeps in the only queue of the disk, and makes its
 * whole attempt again. The blocks that an attempt has got before are the
 * youngest, so they are still there, and each attempt gets further than the
 * last. A task that finds its blocks in memory never waits, whatever the disk
 * does.
 *
 * The kernel task that writes back waits here for the end of its writes. A
 * completed write may still be in the disk's own memory: only a flush makes the
 * bytes safe.
 */
#include "kernel/fs/cache.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/device.h"
#include "kernel/fs/node.h"
#include "kernel/task/cpu.h"

#define WRITES_MOST	16

static struct object disk_object;	/* [P] /dev/disk */
static struct wait_queue queue;		/* [P] all waits for the disk */
static bool is_nudged;			/* [P] by cache_again() */
static uint32_t writes;			/* [P] under way */
static int write_error;			/* [P] since the last cache_finish() */

struct wait_queue *cache_queue(void)
{
	return &queue;
}

void cache_wake(void)
{
	wait_wake_all(&queue);
}

int cache_missing(void)
{
	return fs_missing(&queue, &disk_object);
}

int cache_again(void)
{
	is_nudged = true;
	cache_wake();
	return cache_missing();
}

/* In a kernel task: wake whoever waits for the next attempt alone. */
static bool pass_nudge(void)
{
	bool was_nudged = is_nudged;

	is_nudged = false;
	if (was_nudged)
		cache_wake();
	return was_nudged;
}

/* ---- Waits of kernel tasks ---------------------------------------------- */

static long attempt_over(void *is_over)
{
	pass_nudge();
	return (*(bool (**)(void))is_over)() ? 0 : -EAGAIN;
}

void cache_sleep(bool (*is_over)(void), uint64_t deadline_ns)
{
	const struct wait_request request = {
		.queue = &queue, .event = WAIT_WORK,
		.deadline_ns = deadline_ns, .is_deaf = true,
	};

	if (attempt_over(&is_over) != 0)
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
	if (pass_nudge()) {
		sched_point();
		return;
	}
	is_second_look = false;
	cache_sleep(is_woken, FOREVER);
}

/* ---- Writes under way --------------------------------------------------- */

void cache_write_begins(void)
{
	writes++;
}

void cache_write_ends(int error)
{
	writes--;
	if (error)
		write_error = error;
	cache_wake();
}

uint32_t cache_writes(void)
{
	return writes;
}

bool cache_has_no_writes(void)
{
	return writes == 0;
}

static bool has_few_writes(void)
{
	return writes < WRITES_MOST / 2;
}

/* The disk ends writes while the kernel notes the ends of others. Hundreds
 * under way would be one long row of ends, in which no task runs. */
void cache_pace(void)
{
	if (writes >= WRITES_MOST)
		cache_sleep(has_few_writes, FOREVER);
	sched_point();
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
	cache_write_ends(error);
}

int cache_flush(void)
{
	static struct disk_request flush;
	int error = cache_finish();

	if (error)
		return error;
	flush.work = DISK_FLUSH;
	flush.done = was_flushed;
	cache_write_begins();
	disk_start(&flush, 0);
	return cache_finish();
}

int cache_wait_init(void)
{
	wait_queue_init(&queue);
	queue.is_chosen = true;		/* each event wakes all */
	object_init(&disk_object, &cache_raw_ops);
	return device_register("disk", &disk_object, 0400);
}
