/*
 * attempt.c - waiting for a block of a disk.
 *
 * An operation of a file system never sleeps. An operation that needs a block
 * that is not in memory begins to read the block, changes nothing, and returns
 * fs_missing(). The system call is an attempt: fs_try() sleeps until the block
 * is there, and makes the whole attempt again, from the path on. So no node
 * needs a lock, and a check is still true when the call relies on the result.
 */
#include "kernel/fs/node.h"

/* [P] What the attempt that has just ended in vain waits for. */
static struct wait_request missing;

int fs_missing(struct wait_queue *queue, struct object *object)
{
	missing = (struct wait_request){
		.queue = queue, .object = object, .event = WAIT_DATA,
		.deadline_ns = FOREVER, .is_deaf = true,
	};
	return -EAGAIN;
}

static long was_woken(void *unused)
{
	(void)unused;
	return 0;
}

long fs_try(wait_attempt *attempt, void *context)
{
	struct wait_request request;
	long result;

	do {
		missing.queue = NULL;
		result = attempt(context);
		if (result != -EAGAIN || !missing.queue)
			return result;
		request = missing;
		result = wait_for(&request, was_woken, NULL);
	} while (result == 0);
	return result;
}
