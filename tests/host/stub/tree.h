/* tree.h - what stands around the file tree, for tests of the tree. */
#pragma once

#include "kernel/abi/errno.h"
#include "kernel/fs/inotify.h"

bool names_know(const struct node *node, char *to, size_t size)
{
	(void)node, (void)to, (void)size;
	return false;
}

void lock_close(struct open_file *file)
{
	(void)file;
}

void lock_leave(struct open_file *file)
{
	(void)file;
}

uint32_t inotify_watches;

void inotify_tell(struct node *watched, uint32_t mask, uint32_t cookie,
		  const char *name)
{
	(void)watched, (void)mask, (void)cookie, (void)name;
}

void inotify_tell_place(struct node *node, uint32_t mask)
{
	(void)node, (void)mask;
}

void inotify_end_watches(struct node *node)
{
	(void)node;
}

void inotify_move(const struct entry *from, const struct entry *to)
{
	(void)from, (void)to;
}

static struct node *root;

struct node *node_root(void)
{
	return root;
}

const struct object_ops special_ops = { .kind = "special" };

int fifo_open_node(struct node *node, uint32_t flags, struct object **out)
{
	(void)node, (void)flags, (void)out;
	return -ENXIO;
}

long wait_for(const struct wait_request *request, wait_attempt *attempt,
	      void *context)
{
	(void)request;
	return attempt(context);
}

static int path_find_existing(struct node *start, const char *path,
			      struct place *place)
{
	int error = path_find(start, path, place);

	return !error && !place->node ? -ENOENT : error;
}

int signal_send_task(struct task *to, int n, const siginfo_t *info)
{
	(void)to;
	(void)info;
	return n;
}
