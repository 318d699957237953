/*
 * proc_tree.c - the names in /proc: a file system without files.
 *
 *	/proc/NAME		a line of the table in proc.c
 *	/proc/self		a link to the running process
 *	/proc/PID/NAME		a line of the table in proc_process.c
 *	/proc/PID/fd/N		a link: what descriptor N has open
 *
 * A name is made at the first lookup. Root pays: a process has five names at
 * most, and the user who looks may be gone before the names.
 * The names of a process end with the process, and also when the process gets a
 * new user or group: the next lookup makes names with the right owner. So a
 * name never leads to a later process with the same number, and fork and exit
 * pay nothing for names that no task looks up.
 *
 * A link is true for one lookup only: /proc/self depends on the process that
 * asks, and descriptors come and go. So all links are one node without an
 * entry, and each lookup writes the target that is true at this moment. A walk
 * along a path has left the text of a link before it looks up the next: no text
 * contains a second link of /proc.
 *
 * The names of a process belong to its user. A process whose real, effective
 * and saved ids differ may know secrets of two users: its names belong to root.
 */
#include "kernel/fs/proc.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/device.h"
#include "kernel/fs/node.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/string.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/id.h"

#define TEXT_BYTES	12		/* a number with a NUL */

static struct file_system proc_system;
static struct node *link;		/* [const] its target: [P] */

/* ---- Directories --------------------------------------------------------- */

static ino_t directory_of(const struct node *node)
{
	return node->number - node->number % PROC_NUMBERS;
}

/* The process of the directory's names; NULL: of /proc itself. */
static const struct process *process_of(const struct node *directory)
{
	return id_process(directory->number / PROC_NUMBERS);
}

static bool is_top(const struct node *directory)
{
	return directory == proc_system.root;
}

/* The directory `fd`, the only one in a table. */
static bool is_fd(const struct node *directory)
{
	return directory->number % PROC_NUMBERS != 0;
}

static const struct proc_file *table_of(const struct node *directory)
{
	static const struct proc_file none[] = { { NULL, 0, NULL } };

	if (is_top(directory))
		return proc_files;
	return is_fd(directory) ? none : proc_process_files;
}

/* ---- Lookup -------------------------------------------------------------- */

static void set_owner(struct node *node, const struct process *process)
{
	const struct identity *who = &process->identity;
	bool is_one = who->user == who->real_user &&
		      who->user == who->saved_user &&
		      who->group == who->real_group &&
		      who->group == who->saved_group;

	node->uid = is_one ? who->user : 0;
	node->gid = is_one ? who->group : 0;
}

/* A node of this number; its process has names from now on. */
static int give(struct place *place, mode_t mode, ino_t number,
		const struct proc_file *file)
{
	struct process *process = id_process(number / PROC_NUMBERS);
	struct node *node = memory_create(&proc_system, file && file->write
						? S_IFCHR : mode);

	if (!node)
		return -ENOMEM;
	node->mode = mode;		/* a text is special: node.c */
	node->number = number;
	node->uid = node->gid = 0;
	if (process) {
		process->has_names = true;
		set_owner(node, process);
	}
	if (file && file->write) {
		node->open = proc_open;
		node->data = (void *)file;
	}
	node->links = node_is_directory(node) ? 2 : 1;
	place->node = node;
	return 0;
}

static int give_link(struct place *place, ino_t number, const char *target)
{
	link->number = number;
	strlcpy(link->target, target, PATH_MAX);
	place->node = link;
	return 1;
}

/* The path of a file or a device, or the name of a further object. */
static int give_descriptor(struct place *place, const struct open_file *file,
			   ino_t number)
{
	char text[PATH_MAX];
	struct node *node = file->object->ops->stat == node_stat
		? node_of(file->object) : device_node(file->object);

	if (!node || node_path(node, text, sizeof(text)) < 0)
		object_describe(file->object, text, OBJECT_NAME_BYTES);
	return give_link(place, number, text);
}

/* The number that the name spells in decimal, or -1. */
static int number_of(const struct place *place)
{
	int number = 0;

	for (size_t i = 0; i < place->length; i++) {
		unsigned digit = place->name[i] - '0';

		if (digit > 9 || number > ID_MOST || (i == 1 && number == 0))
			return -1;
		number = number * 10 + digit;
	}
	return number;
}

static int look_up_number(struct place *place)
{
	const struct node *directory = place->directory;
	const struct process *process = process_of(directory);
	const struct open_file *file;
	int number = number_of(place);

	if (number >= 0 && is_top(directory) && id_process(number))
		return give(place, S_IFDIR | 0555, number * PROC_NUMBERS, NULL);
	if (number < 0 || !is_fd(directory) || !process ||
	    !process->descriptors)
		return 0;
	file = descriptors_file(process->descriptors, number);
	return file ? give_descriptor(place, file, directory_of(directory) +
				      PROC_FIRST + number) : 0;
}

static int look_up_self(struct place *place, ino_t number)
{
	const struct process *process = task_current()->process;
	char text[TEXT_BYTES];

	if (!process)
		return 0;
	snprintf(text, sizeof(text), "%d", process->id);
	return give_link(place, number, text);
}

static bool is_called(const struct proc_file *file, const struct place *place)
{
	return strncmp(file->name, place->name, place->length) == 0 &&
	       file->name[place->length] == '\0';
}

static int look_up(struct place *place)
{
	const struct proc_file *table = table_of(place->directory), *file;
	ino_t number = directory_of(place->directory) + 1;

	for (file = table; file->name; file++) {
		if (!is_called(file, place))
			continue;
		number += file - table;
		return (file->mode & S_IFMT) == S_IFLNK
			? look_up_self(place, number)
			: give(place, file->mode, number, file);
	}
	return look_up_number(place);
}

/* ---- Listing ------------------------------------------------------------- */

/* The place of a name: 0 ".", 1 "..", then the lines of the table, then from
 * PROC_FIRST + 1 on numbers of processes or descriptors. */
#define FIRST_LINE	2
#define FIRST_NUMBER	(PROC_FIRST + 1)

/* The first number of a name from `number` on, or -1. */
static int next_number(const struct node *directory, int number)
{
	const struct process *process = process_of(directory);
	pid_t id = number - 1;

	if (is_top(directory))
		return process_after(&id) ? id : -1;
	if (!is_fd(directory) || !process || !process->descriptors)
		return -1;
	return descriptors_next(process->descriptors, number);
}

static bool list_number(const struct node *directory, off_t at,
			struct listed *listed)
{
	static char text[TEXT_BYTES];	/* [P] until it is copied out */
	int number;

	if (at > FIRST_NUMBER + ID_MOST)
		return false;
	number = next_number(directory, MAX(at, FIRST_NUMBER) - FIRST_NUMBER);
	if (number < 0)
		return false;
	snprintf(text, sizeof(text), "%d", number);
	listed->name = text;
	listed->behind = FIRST_NUMBER + number + 1;
	listed->mode = is_top(directory) ? S_IFDIR : S_IFLNK;
	listed->number = is_top(directory) ? number * PROC_NUMBERS
		: directory_of(directory) + PROC_FIRST + number;
	return true;
}

/* The name at this place, or the next behind. False: there is none. */
static bool list_name(const struct node *directory, off_t at,
		      struct listed *listed)
{
	const struct proc_file *file = table_of(directory);
	const struct node *up = node_parent(directory);
	off_t line = FIRST_LINE;

	listed->behind = at + 1;
	if (at < FIRST_LINE) {
		listed->name = at == 0 ? "." : "..";
		listed->number = (at == 1 && up ? up : directory)->number;
		listed->mode = S_IFDIR;
		return true;
	}
	while (file->name && line < at)
		file++, line++;
	if (!file->name)
		return list_number(directory, at, listed);
	listed->name = file->name;
	listed->number = directory_of(directory) + 1 + at - FIRST_LINE;
	listed->mode = file->mode;
	return true;
}

static ssize_t list(struct open_file *file, uaddr_t to, size_t bytes)
{
	const struct node *directory = node_of(file->object);
	struct listed listed;
	size_t done = 0;
	ssize_t part;

	while (directory->links > 0 &&
	       list_name(directory, file->position, &listed)) {
		listed.length = strlen(listed.name);
		part = directory_put(to + done, bytes - done, &listed);
		if (part <= 0 && done == 0)
			return part ? part : -EINVAL;
		if (part <= 0)
			break;
		done += part;
		file->position = listed.behind;
	}
	return done;
}

/* ---- The file system ----------------------------------------------------- */

static void end_names(struct process *process)
{
	char text[TEXT_BYTES];
	struct node *directory;

	snprintf(text, sizeof(text), "%d", process->id);
	process->has_names = false;
	directory = place_in(proc_system.root, text).node;
	if (!directory)
		return;
	while (!list_is_empty(&directory->children))
		node_lose_names(LIST_ENTRY(directory->children.head.next,
					   struct entry, sibling)->node);
	node_lose_names(directory);
}

static int proc_statvfs(struct file_system *fs, struct statvfs *status)
{
	(void)fs, (void)status;
	return 0;
}

static const struct node_ops proc_ops = {
	.lookup = look_up,
	.root_pays = true,
	.destroy = memory_destroy,
	.list = list,
	.statvfs = proc_statvfs,
};

static struct file_system proc_system = { .ops = &proc_ops };

/* Once: there is one /proc. */
static int proc_mount(const char *source, bool is_read_only,
		      struct file_system **out)
{
	(void)source, (void)is_read_only;
	if (proc_system.root)
		return -EBUSY;
	proc_system.root = memory_create(&proc_system, S_IFDIR | 0555);
	if (!proc_system.root)
		return -ENOMEM;
	proc_system.root->number = 0;
	proc_system.root->links = 2;
	*out = &proc_system;
	return 0;
}

static struct file_system_type proc_type = {
	.name = "proc", .mount = proc_mount,
};

/* The names of the table stay, and root has paid for them. */
static void add_names(void)
{
	const struct proc_file *file;
	struct place place;

	for (file = proc_files; file->name; file++) {
		place = place_in(proc_system.root, file->name);
		if (entry_look(&place))
			panic("no memory for /proc/%s", file->name);
	}
}

void proc_init(struct node *root)
{
	static const struct mount_call call = { "proc", "proc", true };
	struct place place = place_in(root, "proc");
	struct node *node;

	file_system_register(&proc_type);
	process_end_names = end_names;
	if (!place.node && tree_create(&place, S_IFDIR | 0555, &node))
		panic("no memory for /proc");
	place = place_in(root, "proc");
	link = memory_create(&proc_system, S_IFLNK | 0777);
	if (link)
		link->target = heap_alloc(PATH_MAX);
	if (!link || !link->target || tree_mount(&place, &call))
		panic("/proc cannot be mounted");
	link->links = 1;
	add_names();
}
