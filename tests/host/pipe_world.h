/* pipe_world.h - stubs below the kernel's files in the test of pipes: signals,
 * time, descriptors, the node of the FIFO. Part of pipe.c. */
#pragma once

int signal_send(struct process *process, int n, const siginfo_t *info)
{
	if (process != process_current() || n != SIGPIPE || info)
		fail("signal_%d_is_sent", n);
	mine()->pipe_signals++;
	return 0;
}

int timespec_fetch(uaddr_t from, uint64_t *ns)
{
	*ns = from;
	return 0;
}

void node_get(struct node *node)
{
	node->links++;
}

void node_put(struct node *node)
{
	node->links--;
}

int node_stat(struct object *object, struct stat *status)
{
	(void)object;
	(void)status;
	return 0;
}

bool node_describe_as(const char *kind, const struct node *node, char *to,
		      size_t size)
{
	(void)node;
	strlcpy(to, kind, size);
	return true;
}
