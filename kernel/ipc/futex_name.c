/*
 * futex_name.c - the readable name of a word that tasks sleep on.
 *
 *	semaphore /jobs				by sem_open()
 *	mutex at 0x8 of shared memory /table	in a file, shared memory, pages
 *	mutex fork[2] of philosophers		a variable of a program
 *	mutex at 0x40000010 of philosophers	neither
 *	thread 7				until it ends: pthread_join()
 *
 * libc hands in the kind with the system call. The name of a file and the
 * offset are the same for all programs. For memory without a name, the name
 * comes from the first process that maps the memory: the address, and the
 * variable of the program. Only fork() shares such memory, so all processes
 * that share the memory have the same addresses and variables.
 *
 * A name is computed when a report needs the name, and not stored. The search
 * for a process ends after LOOKS_MOST regions that show different pages. Then
 * the futex is named by its number.
 */
#include "kernel/ipc/futex.h"

#include "arch/arch.h"
#include "kernel/abi/futex.h"
#include "kernel/fs/frames.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/lib/variables.h"
#include "kernel/mm/region.h"
#include "kernel/task/process.h"

#define LOOKS_MOST	500

/* The word in the address space of a process: [own]. */
struct view {
	const struct process *process;
	const struct region *region;
	uaddr_t word;
};

uint32_t futex_peek(struct space *space, uaddr_t word)
{
	uint32_t value;

	return space_peek(space, word, &value, sizeof(value)) ? value : 0;
}

/* Read from the word: the mutex may have a new owner since the sleep began. */
pid_t futex_owner(const struct task *task)
{
	const struct futex_sleeper *sleeper = task->wait.context;

	if (!sleeper->names_owner)
		return 0;
	return futex_peek(task->process->space, sleeper->word) &
	       FUTEX_OWNER_MASK;
}

/* Does the region of the source show the word? */
static bool shows(const struct region *region, const struct futex *futex,
		  struct view *view)
{
	uaddr_t word = futex->place.address + region->start -
		       region->source_page * PAGE_SIZE;

	if (!region->space || !(region->flags & REGION_SHARED) ||
	    word - region->start >= region->end - region->start)
		return false;
	view->process = process_find(region->space->process);
	view->region = region;
	view->word = word;
	return view->process;
}

/* Find the first process that maps the word of shared memory. */
static bool find_shared(const struct futex *futex, struct view *view)
{
	const struct region *region;
	unsigned looks = 0;

	LIST_FOR_EACH(region, &futex->place.source->regions, viewer) {
		if (shows(region, futex, view))
			return true;
		if (++looks == LOOKS_MOST)
			break;
	}
	return false;
}

/* Find the process with the private memory of the word. */
static bool find_private(const struct futex *futex, struct view *view)
{
	const struct process *process;

	LIST_FOR_EACH(process, &process_list, all) {
		if (!process->space || process->space != futex->place.base)
			continue;
		view->process = process;
		view->word = futex->place.address;
		view->region = region_find(process->space, view->word);
		return view->region;
	}
	return false;
}

/* The name of the shared object that contains the word; false: no such name. */
static bool describe_holder(const struct view *view, char *to, size_t size)
{
	const struct page_source *source = view->region->source;
	const struct object *holder;

	if (!(view->region->flags & REGION_SHARED) || !source)
		return false;
	holder = CONTAINER_OF(source->refs, struct object, refs);
	if (holder->ops == &regular_ops)
		return holder->ops->describe(holder, to, size);
	object_describe(holder, to, size);
	return true;
}

static uint32_t read_word(const void *context, uint32_t address)
{
	const struct process *process = context;

	return address % sizeof(uint32_t) ? 0
					  : futex_peek(process->space, address);
}

static bool describe_variable(const struct view *view, char *to, size_t size)
{
	const struct variable_query query = {
		.address = view->word,
		.start = view->region->start,
		.has_many = view->region->flags & REGION_SHARED,
		.read = read_word,
		.context = view->process,
	};
	struct symbols symbols;

	return program_symbols(view->process, &symbols) &&
	       variable_describe(&symbols, &query, to, size);
}

bool futex_describe(const struct object *object, char *to, size_t size)
{
	const struct futex *futex = CONTAINER_OF(object, struct futex, object);
	const char *kind = object->ops->kind;
	char holder[OBJECT_NAME_BYTES], name[64];
	struct view view;
	bool is_thread = strcmp(kind, "thread") == 0;
	size_t length = strlen(kind);

	if (futex->place.source ? !find_shared(futex, &view)
				: !find_private(futex, &view))
		return false;
	if (is_thread && futex_peek(view.process->space, view.word)) {
		snprintf(to, size, "thread %u", (unsigned)
			 futex_peek(view.process->space, view.word));
	} else if (!describe_holder(&view, holder, sizeof(holder))) {
		if (!describe_variable(&view, name, sizeof(name)))
			snprintf(name, sizeof(name), "at 0x%x",
				 (unsigned)view.word);
		snprintf(to, size, "%s %s of %s", kind, name,
			 view.process->name);
	} else if (futex->place.address == 0 && holder[length] == ' ' &&
		   strncmp(kind, holder, length) == 0) {
		strlcpy(to, holder, size);	/* semaphore /jobs */
	} else {
		snprintf(to, size, "%s at 0x%x of %s", kind,
			 (unsigned)futex->place.address, holder);
	}
	return true;
}

void futex_report(const struct object *object, char *to, size_t size)
{
	const struct task *first;
	pid_t owner;

	*to = '\0';
	if (list_is_empty(&object->queue[END_READ].sleepers))
		return;
	first = LIST_ENTRY(object->queue[END_READ].sleepers.head.next,
			   struct task, wait.node);
	owner = futex_owner(first);
	if (owner)
		snprintf(to, size, "held by %d", owner);
	else
		strlcpy(to, "waited for", size);
}
