/*
 * proc.c - files in /proc: the kernel's state as text.
 *
 * Opening a name runs the writer of this name into a new nameless regular file,
 * and the reader gets this file. So reads, seeks and the size work as for any
 * file, and the text goes away with the last close. To add a file, add a line
 * to the table. proc_tree.c has the names.
 */
#include "kernel/fs/proc.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/system.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/sched_point.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/obj/enders.h"
#include "kernel/task/id.h"
#include "kernel/task/load.h"
#include "kernel/task/task.h"

#define LINE_BYTES 512
#define NAME_PART 128

static void proc_cmdline(struct proc_text *text)
{
	proc_puts(text, boot_info.command_line);
	proc_puts(text, "\n");
}

static void proc_cpuinfo(struct proc_text *text)
{
	char words[LINE_BYTES];

	arch_cpu_describe(words, sizeof(words));
	proc_puts(text, words);
}

/* The numbers of Linux: three averages; the tasks that run or are ready, and
 * all tasks. */
static void proc_loadavg(struct proc_text *text)
{
	uint32_t loads[LOADS];

	load_averages(loads);
	for (int i = 0; i < LOADS; i++)
		proc_printf(text, "%u.%02u ", loads[i] / LOAD_ONE,
			    loads[i] % LOAD_ONE * 100 / LOAD_ONE);
	proc_printf(text, "%u/%u\n", load_tasks(), task_count);
}

static void proc_uptime(struct proc_text *text)
{
	uint64_t us = arch_now_ns() / 1000;

	proc_printf(text, "%llu.%06llu\n", us / 1000000, us % 1000000);
}

static void proc_version(struct proc_text *text)
{
	proc_printf(text, "Parley " PARLEY_VERSION " i686, compiled by "
		    __VERSION__ ", build %08x\n", (unsigned)arch_build());
}

static void proc_mounts(struct proc_text *text)
{
	const struct file_system *fs;
	char path[LINE_BYTES] = "";

	LIST_FOR_EACH(fs, &file_systems, all) {
		node_path(fs->root, path, sizeof(path));
		proc_printf(text, "%s\t", fs->source);
		proc_put_name(text, path);
		proc_printf(text, "\t%s\t%s\n", fs->type,
			    fs->is_read_only ? "ro" : "rw");
	}
}

/* Every user may read what concerns names, times and waits. Root alone reads
 * what shows the inside of the kernel, such as addresses. */
const struct proc_file proc_files[] = {
	{ "cmdline",	S_IFREG | 0444, proc_cmdline },
	{ "cpuinfo",	S_IFREG | 0444, proc_cpuinfo },
	{ "frames",	S_IFREG | 0444, proc_frames },
	{ "ipc",	S_IFREG | 0444, proc_ipc },
	{ "limits",	S_IFREG | 0444, proc_limits },
	{ "loadavg",	S_IFREG | 0444, proc_loadavg },
	{ "meminfo",	S_IFREG | 0444, proc_meminfo },
	{ "mounts",	S_IFREG | 0444, proc_mounts },
	{ "net",	S_IFREG | 0444, proc_net },
	{ "self",	S_IFLNK | 0777, NULL },
	{ "tasks",	S_IFREG | 0444, proc_tasks },
	{ "trace",	S_IFREG | 0400, proc_trace },
	{ "uptime",	S_IFREG | 0444, proc_uptime },
	{ "version",	S_IFREG | 0444, proc_version },
	{ "waits",	S_IFREG | 0444, proc_waits },
	{ "why",	S_IFREG | 0444, proc_why },
	{ NULL,		0,		NULL },
};

/* ---- The text ----------------------------------------------------------- */

/* [own] */
struct proc_text {
	struct contents *contents;	/* NULL: into the log */
	int error;			/* the first error, or 0 */
	bool has_parts;			/* other tasks ran in between */
	pid_t id;			/* of the process, or 0 */
};

void proc_add(struct proc_text *text, const char *bytes, size_t length)
{
	ssize_t done;

	if (!text->contents)
		printk("%.*s", (int)length, bytes);
	if (!text->contents || text->error)
		return;
	done = contents_write(text->contents, text->contents->bytes,
			      (uintptr_t)bytes, length, contents_from_kernel);
	if (done != length)
		text->error = -ENOMEM;
}

void proc_puts(struct proc_text *text, const char *string)
{
	proc_add(text, string, strlen(string));
}

void proc_printf(struct proc_text *text, const char *format, ...)
{
	char line[LINE_BYTES];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	proc_add(text, line, MIN(length, LINE_BYTES - 1));
}

void proc_put_name(struct proc_text *text, const char *name)
{
	char part[NAME_PART];
	size_t length;

	do {
		length = strlcpy(part, name, sizeof(part));
		name += MIN(length, sizeof(part) - 1);
		make_printable(part);
		proc_puts(text, part);
	} while (*name);
}

void proc_fail(struct proc_text *text, int error)
{
	if (!text->error)
		text->error = error;
}

void proc_pause(struct proc_text *text)
{
	if (!text->contents)
		return;
	text->has_parts = true;
	sched_point();
}

static struct enders log_enders;	/* [P] for the log, in one piece */

struct enders *proc_begin_enders(struct proc_text *text)
{
	struct enders *set;

	if (!text->contents)
		return &log_enders;
	set = enders_create();
	if (!set) {
		text->error = -ENOMEM;
		return NULL;
	}
	set->may_pause = text->has_parts = true;
	text->error = enders_index(set);
	return set;
}

void proc_end_enders(struct enders *set)
{
	if (set != &log_enders)
		enders_destroy(set);
}

void proc_log(proc_writer *write)
{
	struct proc_text text = { .contents = NULL };

	write(&text);
}

struct process *proc_process(const struct proc_text *text)
{
	return id_process(text->id);
}

/* A new process does not get the number of the text's process meanwhile. */
static void write_text(struct proc_text *text, const struct proc_file *file)
{
	uint32_t first_event = trace_count;

	if (text->id)
		id_get(text->id);
	file->write(text);
	if (text->id)
		id_put(text->id);
	if (text->has_parts && trace_is_running())
		proc_printf(text, "taken from event %u to event %u\n",
			    first_event, trace_count);
}

int proc_open(struct node *name, uint32_t flags, struct object **out)
{
	const struct proc_file *file = name->data;
	struct proc_text text = { .id = name->number / PROC_NUMBERS };
	ino_t number = name->number;
	struct node *node;

	if ((flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	node = node_create(S_IFREG | (name->mode & 07777));
	if (!node)
		return -ENOMEM;
	node->number = number;		/* the name may go in a pause */
	text.contents = &node->contents;
	write_text(&text, file);
	if (text.error) {
		node_put(node);
		return text.error;
	}
	*out = &node->object;
	return 0;
}
