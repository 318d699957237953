/*
 * proc.c - files in /proc: the kernel's state as text.
 *
 * Opening a name runs the writer of this name into a new nameless regular file,
 * and the reader gets this file. So reads, seeks and the size work as for any
 * file, and the text goes away with the last close. To add a file, add a line
 * to the table.
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

#define LINE_BYTES 512

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

static void proc_uptime(struct proc_text *text)
{
	uint64_t us = arch_now_ns() / 1000;

	proc_printf(text, "%llu.%06llu\n", us / 1000000, us % 1000000);
}

static void proc_version(struct proc_text *text)
{
	proc_puts(text, "Parley " PARLEY_VERSION " i686, compiled by "
			__VERSION__ "\n");
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
 * what shows the inside of the kernel, such as addresses. [const] */
static const struct proc_file {
	const char *name;
	proc_writer *write;
	mode_t mode;
} files[] = {
	{ "cmdline",	proc_cmdline,	0444 },
	{ "cpuinfo",	proc_cpuinfo,	0444 },
	{ "frames",	proc_frames,	0444 },
	{ "ipc",	proc_ipc,	0444 },
	{ "limits",	proc_limits,	0444 },
	{ "meminfo",	proc_meminfo,	0444 },
	{ "mounts",	proc_mounts,	0444 },
	{ "net",	proc_net,	0444 },
	{ "tasks",	proc_tasks,	0444 },
	{ "trace",	proc_trace,	0400 },
	{ "uptime",	proc_uptime,	0444 },
	{ "version",	proc_version,	0444 },
	{ "waits",	proc_waits,	0444 },
	{ "why",	proc_why,	0444 },
};

/* ---- The text ----------------------------------------------------------- */

/* [own] */
struct proc_text {
	struct contents *contents;	/* NULL: into the log */
	int error;			/* the first error, or 0 */
	bool has_parts;			/* other tasks ran in between */
};

static void add(struct proc_text *text, const char *bytes, size_t length)
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
	add(text, string, strlen(string));
}

void proc_printf(struct proc_text *text, const char *format, ...)
{
	char line[LINE_BYTES];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	add(text, line, MIN(length, LINE_BYTES - 1));
}

void proc_put_name(struct proc_text *text, const char *name)
{
	for (; *name; name++)
		add(text, is_printable(*name) ? name : "?", 1);
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

static int open_text(struct node *name, uint32_t flags, struct object **out)
{
	const struct proc_file *file = name->data;
	struct proc_text text = { .error = 0 };
	uint32_t first_event = trace_count;
	struct node *node;

	if ((flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	node = node_create(S_IFREG | (name->mode & 07777));
	if (!node)
		return -ENOMEM;
	text.contents = &node->contents;
	file->write(&text);
	if (text.has_parts && trace_is_running())
		proc_printf(&text, "taken from event %u to event %u\n",
			    first_event, trace_count);
	if (text.error) {
		node_put(node);
		return text.error;
	}
	node->number = name->number;
	*out = &node->object;
	return 0;
}

static void add_file(struct node *directory, const struct proc_file *file)
{
	struct place place = place_in(directory, file->name);
	struct node *node = node_create_special(S_IFREG | file->mode, open_text,
						(void *)file);

	if (!node || entry_add(&place, node))
		panic("no memory for /proc/%s", file->name);
	node_put(node);
}

void proc_init(struct node *root)
{
	struct place place = place_in(root, "proc");
	struct node *directory = place.node;

	if (!directory && tree_create(&place, S_IFDIR | 0555, &directory))
		panic("no memory for /proc");
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
		add_file(directory, &files[i]);
	directory->mode = S_IFDIR | 0555;
	directory->is_fixed = true;
}
