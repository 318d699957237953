/*
 * enders.c - which tasks could end a wait.
 *
 * A report of all waits asks for each waiting task: which processes hold the
 * other end of this pipe? The failure that this file prevents: looking at each
 * descriptor of each process for each waiting task. 250 processes that poll
 * kept the processor for seconds in that way.
 *
 * So the descriptors are looked at once, before all waits, and noted by object.
 * A note is a pointer to compare with, and never followed: meanwhile the object
 * may be gone, and the number of the process may belong to a new process.
 */
#include "kernel/obj/enders.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"

#define NOTES_AT_ONCE	64u	/* divides DESCRIPTORS_PART */

/* [own] A process has a thing open: an object, or a locked open file. */
struct holder {
	struct list_node node;
	const void *thing;
	const struct process *process;
	pid_t id;
	bool has[2];			/* by end */
};

static struct pool holder_pool = POOL("holder", sizeof(struct holder));

static struct list *slot_of(struct enders *set, const void *thing)
{
	return HASH_SLOT(set->holders, hash_mix((uintptr_t)thing, 0));
}

static void pause(const struct enders *set)
{
	if (set->may_pause)
		sched_point();
}

static void forget(struct enders *set)
{
	struct list_node *node;
	uint32_t slot;

	for (slot = 0; slot < ENDERS_SLOTS; slot++) {
		while ((node = list_take_first(HASH_SLOT(set->holders, slot))))
			pool_free(&holder_pool,
				  LIST_ENTRY(node, struct holder, node));
		pause(set);
	}
	set->is_indexed = false;
}

struct enders *enders_create(void)
{
	return heap_alloc(sizeof(struct enders));
}

void enders_destroy(struct enders *set)
{
	forget(set);
	heap_free(set);
}

/* What a task may wait for: an object with poll(), or the end of a lock. NULL:
 * nothing. */
static const void *thing_of(const struct open_file *file)
{
	if (file->object->ops->poll)
		return file->object;
	return file->is_locked ? file : NULL;
}

/* Note so many numbers of the table, from `fd` on. Descriptors of an object
 * mostly stand side by side, as 0, 1 and 2 do. */
static int note_some(struct enders *set, const struct process *process,
		     const struct descriptors *table, uint32_t fd)
{
	uint32_t end = MIN(table->limit, fd + NOTES_AT_ONCE);
	struct holder *holder = NULL;

	for (; fd < end; fd++) {
		const struct open_file *file = table->files[fd];

		if (!file || !thing_of(file))
			continue;
		if (!holder || holder->thing != thing_of(file)) {
			holder = pool_alloc(&holder_pool);
			if (!holder)
				return -ENOMEM;
			holder->thing = thing_of(file);
			holder->process = process;
			holder->id = process->id;
			list_append(slot_of(set, holder->thing), &holder->node);
		}
		holder->has[END_READ] |= file_can_read(file);
		holder->has[END_WRITE] |= file_can_write(file);
	}
	return 0;
}

/* The process may end between two steps. */
static int note(struct enders *set, const struct process *process, pid_t id)
{
	const struct descriptors *part = process->descriptors;
	uint32_t fd = 0;
	int error = 0;

	while (part && !error) {
		error = note_some(set, process, part, fd % DESCRIPTORS_PART);
		pause(set);
		fd += NOTES_AT_ONCE;
		part = id_process(id) == process
			? descriptors_part(process->descriptors, fd) : NULL;
	}
	return error;
}

int enders_index(struct enders *set)
{
	const struct process *process;
	int error = 0;
	pid_t id = 0;

	forget(set);
	while (!error && (process = process_after(&id)) != NULL) {
		error = note(set, process, id);
		pause(set);		/* also for one without descriptors */
	}
	set->is_indexed = !error;
	return error;
}

void enders_add_task(struct enders *set, pid_t id)
{
	id_bits_put(&set->tasks, id, true);
}

void enders_add_process(struct enders *set, const struct process *process)
{
	const struct task *task;

	if (process)
		LIST_FOR_EACH(task, &process->tasks, sibling)
			enders_add_task(set, task->id);
}

static bool holds_end(const struct process *process, const void *thing,
		      int end)
{
	const struct descriptors *part = process->descriptors;

	for (; part; part = part->next)
		for (uint32_t fd = 0; fd < part->limit; fd++) {
			const struct open_file *file = part->files[fd];

			if (file && thing_of(file) == thing &&
			    (end == END_WRITE ? file_can_write(file)
					      : file_can_read(file)))
				return true;
		}
	return false;
}

static void add_holders(struct enders *set, const void *thing, int end)
{
	const struct process *process;
	const struct holder *holder;

	if (!set->is_indexed) {
		LIST_FOR_EACH(process, &process_list, all)
			if (holds_end(process, thing, end))
				enders_add_process(set, process);
		return;
	}
	LIST_FOR_EACH(holder, slot_of(set, thing), node) {
		if (holder->thing != thing || !holder->has[end])
			continue;
		if (id_process(holder->id) == holder->process)
			enders_add_process(set, holder->process);
		pause(set);
	}
}

void enders_add_holders(struct enders *set, const struct object *object,
			int end)
{
	if (object->ends[end] > 0)
		add_holders(set, object, end);
}

void enders_add_openers(struct enders *set, const struct open_file *file)
{
	bool may_pause = set->may_pause;

	set->may_pause = false;		/* the caller walks a list of locks */
	add_holders(set, file, file_can_read(file) ? END_READ : END_WRITE);
	set->may_pause = may_pause;
}
