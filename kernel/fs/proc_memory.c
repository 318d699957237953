/*
 * proc_memory.c - /proc/meminfo: the memory in use, by kind.
 *
 * These are also the counters of every leak test. After the last user of an
 * object has gone, all counters have their old values again.
 */
#include "kernel/fs/proc.h"

#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/file.h"
#include "kernel/task/process.h"

#define FRAME_KIB (PAGE_SIZE / 1024)

void proc_meminfo(struct proc_text *text)
{
	const struct pool *pool;
	uint32_t total = 0;
	int use;

	for (use = 0; use < FRAME_USES; use++)
		total += frame_count[use];
	proc_printf(text, "total: %u KiB\n", total * FRAME_KIB);
	proc_printf(text, "free: %u KiB\n",
		    frame_count[FRAME_FREE] * FRAME_KIB);
	proc_printf(text, "free-low: %u KiB\n",
		    frame_count_low() * FRAME_KIB);
	for (use = 0; use < FRAME_USES; use++)
		proc_printf(text, "frames-%s: %u\n", frame_use_name[use],
			    frame_count[use]);
	for (pool = pool_list; pool; pool = pool->next) {
		proc_printf(text, "pool-%s: %u objects %u bytes\n", pool->name,
			    pool->used, pool->used * pool->bytes);
		proc_pause(text);	/* a pool never goes */
	}
	proc_printf(text, "objects: %u\n", object_count);
	proc_printf(text, "open-files: %u\n", file_count);
	proc_printf(text, "tasks: %u\n", task_count);
	proc_printf(text, "processes: %u\n", process_count);
}
