/*
 * process_memory.c - copies into the memory of a process that does not run.
 *
 * A message for a waiting receiver is copied once: from the memory of the
 * sender, which runs, into the memory of the receiver, which sleeps. The kernel
 * writes there through its own mapping of the frame, and brings in a missing
 * page at the expense of the receiver's user.
 */
#include "kernel/task/process_memory.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/space.h"
#include "kernel/task/process.h"

/* Bring in a page, or copy a page that is shared until the first write. */
static int bring_in(const struct process *process, uaddr_t at, frame_t *frame)
{
	struct account *own = user_charge(process->account);
	int error = space_fault(process->space, at, FAULT_WRITE | FAULT_USER);

	user_charge(own);
	*frame = error ? 0 : arch_lookup_writable(&process->space->arch, at);
	if (*frame)
		return 0;
	return error == -ENOMEM ? -ENOMEM : -EFAULT;
}

/* The frame of the page, ready for a write. 0, -EFAULT, -ENOMEM. */
static int frame_at(const struct process *process, uaddr_t at, frame_t *frame)
{
	*frame = arch_lookup_writable(&process->space->arch, at);
	return *frame ? 0 : bring_in(process, at, frame);
}

int process_pass(const struct process *to, uaddr_t at, uaddr_t from,
		 size_t bytes)
{
	size_t part;
	frame_t frame;
	int error = 0;

	for (; bytes > 0 && !error; bytes -= part, at += part, from += part) {
		part = MIN(bytes, PAGE_SIZE - at % PAGE_SIZE);
		error = frame_at(to, at, &frame);
		if (error)
			return error;
		error = copy_from_user((uint8_t *)frame_open(frame) +
				       at % PAGE_SIZE, from, part);
		frame_close(frame);
	}
	return error ? PROCESS_UNREADABLE : 0;
}

int process_write(const struct process *to, uaddr_t at, const void *from,
		  size_t bytes)
{
	const uint8_t *next = from;
	size_t part;
	frame_t frame;
	int error;

	if (to == process_current())
		return copy_to_user(at, from, bytes);
	for (; bytes > 0; bytes -= part, at += part, next += part) {
		part = MIN(bytes, PAGE_SIZE - at % PAGE_SIZE);
		error = frame_at(to, at, &frame);
		if (error)
			return error;
		memcpy((uint8_t *)frame_open(frame) + at % PAGE_SIZE, next,
		       part);
		frame_close(frame);
	}
	return 0;
}

int process_make_ready(const struct process *process, uaddr_t at, size_t bytes)
{
	uaddr_t end = at + bytes;
	frame_t frame;
	int error = user_range_is_valid(at, bytes) ? 0 : -EFAULT;

	for (; at < end && !error; at = ALIGN_DOWN(at, PAGE_SIZE) + PAGE_SIZE)
		if (!arch_lookup_writable(&process->space->arch, at))
			error = bring_in(process, at, &frame);
	return error;
}
