/*
 * fd.c - /dev/fd/N: a name for descriptor N of the process that opens the name.
 *
 *	/dev/fd/0 to /dev/fd/19		as many as POSIX promises
 *	/dev/stdin, stdout, stderr	links to the first three
 *	/dev/shm			a link to the names of shm_open()
 *
 * A program that takes the name of a file can so be given an open file: a pipe,
 * or what the shell has opened. Opening the name is dup(2): position and flags
 * are shared with the descriptor, and the name gives no access that the
 * descriptor has not. Linux opens a regular file anew, with a position of its
 * own; the Eighth Edition of Unix, where the names come from, and BSD do as
 * here.
 */
#include "kernel/dev/fd.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/device.h"
#include "kernel/lib/printk.h"
#include "kernel/obj/descriptor.h"

#define NAMES	20			/* _POSIX_OPEN_MAX */

/* node->data is the number plus 1. Only fd_open() opens the name. */
static int open_nowhere(struct node *node, uint32_t flags, struct object **out)
{
	(void)node, (void)flags, (void)out;
	return -ENXIO;
}

int fd_of_node(const struct node *node)
{
	if (node->kind != NODE_SPECIAL || node->open != open_nowhere)
		return -1;
	return (int)(uintptr_t)node->data - 1;
}

static bool has_access(const struct open_file *file, uint32_t flags)
{
	uint32_t wanted = flags & O_ACCMODE;

	return (wanted == O_WRONLY || file_can_read(file)) &&
	       (wanted == O_RDONLY || file_can_write(file));
}

int fd_open(int fd, uint32_t flags)
{
	struct open_file *file = descriptor_file(fd);
	int copy;

	if (!file)
		return -ENOENT;
	if (!has_access(file, flags))
		return -EACCES;
	file_get(file);
	copy = descriptor_install(file, 0, flags & O_CLOEXEC);
	if (copy < 0)
		file_put(file);
	return copy;
}

static void add_number(struct node *directory, int number)
{
	char name[4];
	struct place place;
	struct node *node;

	snprintf(name, sizeof(name), "%d", number);
	place = place_in(directory, name);
	node = node_create_special(S_IFCHR | 0666, open_nowhere,
				   (void *)(uintptr_t)(number + 1));
	if (!node || entry_add(&place, node))
		panic("no memory for /dev/fd/%d", number);
	node_put(node);
}

void fd_init(void)
{
	struct node *directory = device_directory("fd", 0755);

	for (int number = 0; number < NAMES; number++)
		add_number(directory, number);
	device_link("stdin", "fd/0");
	device_link("stdout", "fd/1");
	device_link("stderr", "fd/2");
	device_link("shm", "/ipc/shm");
}
