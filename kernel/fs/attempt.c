/*
 * attempt.c - waiting for a block of a disk.
 *
 * An operation of a file system never sleeps. An operation that needs a block
 * that is not in memory begins to read the block, changes nothing, and returns
 * fs_missing(). The system call is an attempt: fs_try() sleeps until the block
 * is there, and makes the whole attempt again, from the path on. So no node
 * needs a lock, and a check is still true when the call relies on the result.
 * A long work without a missing block is done in parts, by fs_again(); a kill
 * ends the work between two parts.
 */
#include "kernel/fs/node.h"

#include "kernel/abi/errno.h"
#include "kernel/task/signal.h"

/* [P] What the attempt that has just ended in vain waits for. */
static struct wait_request missing;
/* [P] The attempt waits for no block, and the next one will get further. */
static bool goes_on;

int fs_missing(struct wait_queue *queue, struct object *object)
{
	missing = (struct wait_request){
		.queue = queue, .object = object, .event = WAIT_DATA,
		.deadline_ns = FOREVER, .is_deaf = true,
	};
	return -EAGAIN;
}

int fs_again(void)
{
	goes_on = true;
	return -EAGAIN;
}

static long was_woken(void *unused)
{
	(void)unused;
	return 0;
}

long fs_try(wait_attempt *attempt, void *context)
{
	struct path_pause *pauses = NULL;
	struct wait_request request;
	long result;

	do {
		missing.queue = NULL;
		goes_on = false;
		path_pauses = &pauses;
		result = attempt(context);
		path_pauses = NULL;
		if (result != -EAGAIN || (!missing.queue && !goes_on))
			break;
		request = missing;
		if (goes_on)
			result = signal_lets_go_on() ? 0 : -EINTR;
		else
			result = wait_for(&request, was_woken, NULL);
	} while (result == 0);
	path_forget(pauses);
	return result;
}
