/*
 * counters.c - the resources in use in the kernel: all of them must be free
 * again after a test.
 *
 * Frames of the kernel's own structures (FRAME_HEAP) are not compared: a pool
 * keeps its last page. The objects of each pool are counted instead. FRAME_BOOT
 * only grows: the page tables of the stack area stay for ever.
 */
#include "tests/kernel/counters.h"

#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/file.h"
#include "kernel/task/process.h"

_Static_assert(TEST_FRAME_USES == FRAME_USES, "test_call.h counts them");

/* Pools register at their first use, the newest first: a pool keeps its number
 * counted from the end. */
static uint32_t pool_number(const struct pool *pool)
{
	uint32_t number = 0;

	while ((pool = pool->next) != NULL)
		number++;
	ASSERT(number < TEST_POOLS);
	return number;
}

void counters_take(struct test_counters *counters)
{
	const struct pool *pool;

	memset(counters, 0, sizeof(*counters));
	memcpy(counters->frames, frame_count, sizeof(counters->frames));
	for (pool = pool_list; pool; pool = pool->next)
		counters->pools[pool_number(pool)] = pool->used;
	counters->objects = object_count;
	counters->files = file_count;
	counters->tasks = task_count;
	counters->processes = process_count;
}

static uint32_t compare(uint32_t before, uint32_t now, const char *kind,
			const char *name, struct text *out)
{
	if (now == before)
		return 0;
	text_printf(out, " %s%s%+d", kind, name, (int)(now - before));
	return now > before ? now - before : before - now;
}

uint32_t counters_compare(const struct test_counters *before,
			  const struct test_counters *now, struct text *out)
{
	const struct pool *pool;
	uint32_t leak = 0, i;

	for (i = FRAME_HEAP + 1; i < FRAME_USES; i++)
		leak += compare(before->frames[i], now->frames[i],
				frame_use_name[i], "-frames", out);
	for (pool = pool_list; pool; pool = pool->next) {
		i = pool_number(pool);
		leak += compare(before->pools[i], now->pools[i], "pool-",
				pool->name, out);
	}
	leak += compare(before->objects, now->objects, "objects", "", out);
	leak += compare(before->files, now->files, "files", "", out);
	leak += compare(before->tasks, now->tasks, "tasks", "", out);
	return leak + compare(before->processes, now->processes, "processes",
			      "", out);
}
