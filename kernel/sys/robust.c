/*
 * robust.c - a task ends, or begins a new program, and still holds locks.
 *
 * libc keeps a list of the robust mutexes that a thread holds, in the memory of
 * the mutexes (struct futex_list). The kernel knows the address of the list
 * only. When the task leaves its memory, the kernel walks through the list and
 * releases each lock that the task still owns: futex_abandon().
 *
 * The kernel believes nothing of the list. Each word comes by a copy routine. A
 * bad address ends the walk. A list in a circle, or with millions of nodes,
 * ends after FUTEX_LIST_MOST nodes; other tasks run between two nodes. A lock
 * is released only if its word holds the id of this task. A thread that wants
 * to do harm can write such a word without this list, too.
 *
 * `next` is read before the lock is released: the next owner writes the node.
 *
 * A node on a page of a file may have to come from the disk. A task that was
 * killed waits for this page, and for no more.
 */
#include "kernel/sys/robust.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/futex.h"
#include "kernel/ipc/futex.h"
#include "kernel/sys/fault.h"
#include "kernel/task/process.h"

static int fetch(void *to, uaddr_t from, size_t bytes)
{
	int error;

	do
		error = copy_from_user(to, from, bytes);
	while (error && fault_wait_for_page() == 0);
	return error;
}

static long abandon(uaddr_t word)
{
	long error;

	do
		error = futex_abandon(word);
	while (error == -EFAULT && fault_wait_for_page() == 0);
	return error;
}

void robust_release(struct task *task)
{
	uaddr_t next, node = task->lock_list;
	struct futex_list list;
	unsigned count;
	long error;

	task->lock_list = 0;
	if (!node || fetch(&list, node, sizeof(list)))
		return;
	error = 0;
	node = list.first;
	for (count = 0; node && !error && count < FUTEX_LIST_MOST; count++) {
		error = fetch(&next, node, sizeof(next));
		if (!error)
			error = abandon(node + list.to_word);
		node = next;
		sched_point();
	}
	if (list.pending)
		abandon(list.pending + list.to_word);
}
