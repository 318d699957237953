/*
 * late_page.c - a page of the user that a call of the kernel cannot have now.
 *
 * A copy routine of the kernel cannot wait. If the copy needs a page that must
 * come from a disk, the copy ends with -EFAULT, and the task notes the page:
 * the page is late. So does a copy of many parts that has brought in enough
 * pages without a chance to switch tasks (kernel/obj/vector.c).
 *
 * - A call that fails with -EFAULT has changed nothing. On its way back to the
 *   program the task waits for the page, and makes the whole call again
 *   (kernel/sys/fault.c).
 * - A read or write that has moved some bytes waits for the page by
 *   late_page_came(), and goes on with the other bytes.
 * - A call that has slept until a deadline writes its result with
 *   late_page_copy_to_user(): made again, the call would sleep twice.
 *
 * So a program never sees that a page was late.
 */
#include "kernel/task/late_page.h"

#include "kernel/abi/errno.h"
#include "kernel/task/cpu.h"

int (*late_page_wait)(void);

void late_page_note(uaddr_t address, unsigned access)
{
	struct task *task = task_current();

	task->late_page = address;
	task->late_access = access;
	task->signal_pending = true;
	cpu_pend(PENDING_SIGNAL);
}

int late_page_copy_to_user(uaddr_t to, const void *from, size_t bytes)
{
	while (copy_to_user(to, from, bytes) != 0)
		if (!late_page_came())
			return -EFAULT;
	return 0;
}
