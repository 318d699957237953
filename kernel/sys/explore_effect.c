/*
 * explore_effect.c - what the next step of an explored task can change outside
 * the task.
 *
 * Two steps of different tasks that use different words or pipes have the same
 * effect in both orders. An explorer need not try both. A wrong answer here
 * hides a failure, so each call that is not named below conflicts with all
 * others.
 *
 * Without EXPLORE_MEMORY, a task that shares memory may use any word between
 * two calls. Then each call of the task conflicts.
 */
#include "kernel/sys/explore.h"

#include "arch/arch.h"
#include "kernel/lib/string.h"
#include "kernel/mm/region.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"

/* Above the keys of words in private memory, below those of shared memory. */
#define PIPE_KEYS	0x40000000u

uint32_t explore_word_key(uaddr_t address)
{
	struct process *process = process_current();
	const struct region *region = region_find(process->space, address);

	if (!region)
		return 0;
	if (region->flags & REGION_SHARED)
		return 0x80000000u | (region->source_page * PAGE_SIZE +
				      address - region->start) >> 2;
	return process->task_count > 1 ? address >> 2 : 0;
}

static bool shares_memory(const struct process *process)
{
	const struct region *region;

	if (process->task_count > 1)
		return true;
	REGIONS_IN(region, process->space, 0, UINT32_MAX)
		if (region->flags & REGION_SHARED)
			return true;
	return false;
}

/* The number of the pipe, by its first use in the run; 0: too many pipes. An
 * address that was freed and is in use again keeps the number. */
static uint32_t pipe_key(struct explore *explore, const struct object *pipe)
{
	unsigned i;

	for (i = 0; i < explore->pipe_count; i++)
		if (explore->pipes[i] == pipe)
			return PIPE_KEYS + i;
	if (i == EXPLORE_PIPES_MOST)
		return 0;
	explore->pipes[explore->pipe_count++] = pipe;
	return PIPE_KEYS + i;
}

static uint32_t key_of_descriptor(struct explore *explore, int fd)
{
	const struct open_file *file = descriptor_file(fd);

	if (!file || strcmp(file->object->ops->kind, "pipe") != 0)
		return 0;
	return pipe_key(explore, file->object);
}

/* The only word or pipe that the call uses; 0: the call may do more. */
static uint32_t key_of_call(struct explore *explore, uint32_t number,
			    const uint32_t *arguments)
{
	const struct task *task = task_current();

	if (!explore->has_memory || !task->is_stepped)
		return number == CALL_read || number == CALL_write
			? key_of_descriptor(explore, arguments[0]) : 0;
	switch (number) {
	case CALL_futex: case CALL_sem_post: case CALL_sem_wait:
		return explore_word_key(arguments[0]);
	case CALL_thread_exit:
		return explore_word_key(task->clear_at_exit);
	}
	return 0;
}

void explore_effect_of_call(struct explore *explore, struct explore_step *step,
			    const uint32_t *arguments)
{
	const struct task *task = task_current();

	if (!task->is_stepped && shares_memory(task->process))
		return;
	if (step->call == CALL_sched_yield) {
		step->effect = EXPLORE_NOTHING;
		return;
	}
	step->key = key_of_call(explore, step->call, arguments);
	if (step->key)
		step->effect = EXPLORE_WRITES;
}
