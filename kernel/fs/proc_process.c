/*
 * proc_process.c - /proc/PID: the texts about one process.
 *
 *	status	the state, ids and memory, a line for each fact
 *	cmdline	the arguments, each with a NUL behind
 *	maps	a line for each region of memory
 *	fd	a link for each descriptor: proc_tree.c
 *
 * The forms are those of Linux, so that programs can read them. Every user may
 * read status and cmdline. The memory and the descriptors say where secrets
 * lie: only the owner and root may look.
 *
 * The process may end in each pause, or run a new program. So a writer looks
 * the process up again after each pause, and goes on behind the last address.
 */
#include "kernel/fs/proc.h"

#include "kernel/fs/node.h"
#include "kernel/lib/string.h"
#include "kernel/mm/region.h"
#include "kernel/obj/descriptor.h"

#define KIB(pages)	((pages) * (PAGE_SIZE / 1024))
#define PIECE		256		/* of cmdline */
#define REGIONS_PART	64u		/* then tasks may switch */

/* ---- status -------------------------------------------------------------- */

static const char *state_of(const struct process *process)
{
	const struct task *task;

	if (process->state == PROCESS_ZOMBIE)
		return "Z (zombie)";
	if (process->state == PROCESS_STOPPED)
		return "T (stopped)";
	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (task->state == TASK_RUNNING || task->state == TASK_READY)
			return "R (running)";
	return "S (sleeping)";
}

static void put_ids(struct proc_text *text, const struct process *process)
{
	const struct identity *who = &process->identity;

	proc_printf(text, "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\n", process->id,
		    process->id, process->parent ? process->parent->id : 0);
	proc_printf(text, "Uid:\t%u\t%u\t%u\t%u\n", (unsigned)who->real_user,
		    (unsigned)who->user, (unsigned)who->saved_user,
		    (unsigned)who->user);
	proc_printf(text, "Gid:\t%u\t%u\t%u\t%u\n", (unsigned)who->real_group,
		    (unsigned)who->group, (unsigned)who->saved_group,
		    (unsigned)who->group);
	proc_printf(text, "Groups:\t");
	for (uint32_t i = 0; i < who->group_count; i++)
		proc_printf(text, "%u ", (unsigned)who->groups[i]);
	proc_printf(text, "\nNSpgid:\t%d\nNSsid:\t%d\n", process->group,
		    process->session);
}

/* A space may have a thousand regions. */
static void put_memory(struct proc_text *text, const struct process *process)
{
	const struct region *region;
	uint32_t pages = 0, count = 0;
	uaddr_t at = 0;

	while (process && process->space &&
	       (region = region_above(process->space, at)) != NULL) {
		pages += (region->end - region->start) / PAGE_SIZE;
		at = region->end;
		if (++count % REGIONS_PART == 0) {
			proc_pause(text);
			process = proc_process(text);
		}
	}
	if (process && process->space)
		proc_printf(text, "VmSize:\t%8u kB\nVmRSS:\t%8u kB\n",
			    KIB(pages), KIB(process->space->pages));
}

static void put_signals(struct proc_text *text, const struct process *process)
{
	const struct signals *signals = &process->signals;
	sigset_t ignored = 0, caught = 0;

	for (int n = 1; n < NSIG; n++) {
		uaddr_t handler = signals->actions->of[n].handler;

		if (handler == 1)
			ignored |= SIGNAL_BIT(n);
		else if (handler)
			caught |= SIGNAL_BIT(n);
	}
	proc_printf(text, "ShdPnd:\t%016llx\n", signals->pending.set);
	if (process->task_count)
		proc_printf(text, "SigBlk:\t%016llx\n",
			    process_task(process)->signals.blocked);
	proc_printf(text, "SigIgn:\t%016llx\nSigCgt:\t%016llx\n", ignored,
		    caught);
}

static void put_head(struct proc_text *text, const struct process *process)
{
	proc_puts(text, "Name:\t");
	proc_put_name(text, process->name);
	proc_printf(text, "\nUmask:\t%04o\nState:\t%s\n", process->umask,
		    state_of(process));
}

static void put_counts(struct proc_text *text, const struct process *process)
{
	if (process->descriptors)
		proc_printf(text, "FDSize:\t%u\n",
			    process->descriptors->capacity);
	proc_printf(text, "Threads:\t%u\n", process->task_count);
}

static void put_status(struct proc_text *text)
{
	static void (*const parts[])(struct proc_text *,
				     const struct process *) = {
		put_head, put_ids, put_memory, put_counts, put_signals,
	};
	const struct process *process;

	for (unsigned i = 0; i < ARRAY_LENGTH(parts); i++) {
		process = proc_process(text);
		if (!process)
			return;
		parts[i](text, process);
		proc_pause(text);
	}
}

/* ---- cmdline ------------------------------------------------------------- */

/* The program may have changed its arguments, and what it has unmapped is left
 * out. */
static void put_arguments(struct proc_text *text)
{
	const struct process *process = proc_process(text);
	struct space *space = process ? process->space : NULL;
	uaddr_t at = space ? space->arguments : 0;
	char piece[PIECE];
	size_t bytes;

	while (space && at < space->arguments_end) {
		bytes = MIN(space->arguments_end - at,
			    PIECE - at % PIECE);
		if (!space_peek(space, at, piece, bytes))
			return;
		proc_add(text, piece, bytes);
		at += bytes;
		proc_pause(text);
		process = proc_process(text);
		space = process ? process->space : NULL;
	}
}

/* ---- maps ---------------------------------------------------------------- */

static void put_source(struct proc_text *text, const struct region *region)
{
	const struct space *space = region->space;
	char path[256];

	if (region->source && region->source->ops->touch) {
		if (node_path(node_of_source(region->source), path,
			      sizeof(path)) < 0)
			strlcpy(path, "(a file without a name)", sizeof(path));
		proc_puts(text, " ");
		proc_put_name(text, path);
	} else if (region->source) {
		proc_puts(text, " (shared)");
	} else if (region->flags & REGION_STACK) {
		proc_puts(text, " [stack]");
	} else if (region->start < space->heap_end &&
		   region->end > space->heap_start) {
		proc_puts(text, " [heap]");
	}
}

static void put_region(struct proc_text *text, const struct region *region)
{
	struct page_source *source = region->source;
	const struct node *node = source && source->ops->touch
		? node_of_source(source) : NULL;

	proc_printf(text, "%08x-%08x %c%c%c%c %08x 00:%02x %u", region->start,
		    region->end, region->prot & PROT_READ ? 'r' : '-',
		    region->prot & PROT_WRITE ? 'w' : '-',
		    region->prot & PROT_EXEC ? 'x' : '-',
		    region->flags & REGION_SHARED ? 's' : 'p',
		    source ? region->source_page * PAGE_SIZE : 0,
		    node ? (unsigned)node->fs->device : 0,
		    node ? (unsigned)node->number : 0);
	put_source(text, region);
	proc_puts(text, "\n");
}

static void put_maps(struct proc_text *text)
{
	const struct process *process = proc_process(text);
	const struct region *region;
	uaddr_t at = 0;

	while (process && process->space) {
		region = region_above(process->space, at);
		if (!region)
			return;
		put_region(text, region);
		at = region->end;
		proc_pause(text);
		process = proc_process(text);
	}
}

const struct proc_file proc_process_files[] = {
	{ "cmdline",	S_IFREG | 0444, put_arguments },
	{ "fd",		S_IFDIR | 0500, NULL },
	{ "maps",	S_IFREG | 0400, put_maps },
	{ "status",	S_IFREG | 0444, put_status },
	{ NULL,		0,		NULL },
};
