/*
 * process_pages.c - bytes on their way between processes, in a list of frames.
 *
 * A long message that no receiver waits for is copied into frames. Whole pages
 * that a process gives away move instead: they leave the address space of the
 * giver, and replace pages of the receiver. Both sides need private memory from
 * a page boundary. The giver or the receiver runs; the user of the receiver
 * pays for the pages.
 */
#include "kernel/task/process_pages.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/space.h"
#include "kernel/task/process.h"
#include "kernel/task/process_memory.h"

#define FRAMES_AT_ONCE	32

void process_free_pages(frame_t *list)
{
	unsigned count = 0;
	frame_t frame;

	while ((frame = *list) != 0) {
		*list = frame_unlink(frame);
		frame_put(frame);
		if (++count % FRAMES_AT_ONCE == 0)
			sched_point();
	}
}

int process_copy_pages(frame_t *list, uaddr_t from, size_t bytes)
{
	frame_t *link = list;
	int error = 0;
	size_t size;

	*list = 0;
	for (; bytes > 0 && !error; bytes -= size, from += size) {
		size = MIN(bytes, PAGE_SIZE);
		*link = frame_alloc(FRAME_BUFFER);
		if (!*link) {
			error = -ENOMEM;
			break;
		}
		*frame_next(*link) = 0;
		error = copy_from_user(frame_open(*link), from, size);
		frame_close(*link);
		link = frame_next(*link);
	}
	return error;
}

bool process_may_take(uaddr_t from, size_t bytes)
{
	size_t whole = process_whole_pages(bytes);

	return whole > 0 && from % PAGE_SIZE == 0 &&
	       user_range_is_valid(from, whole) &&
	       space_may_take(process_current()->space, from, from + whole);
}

static frame_t *next_page;	/* [P] where collect() links the next page */

static void collect(frame_t frame)
{
	frame_set_use(frame, FRAME_BUFFER);
	*next_page = frame;
	next_page = frame_next(frame);
}

/* The rest is copied first, since the copy may fail. In the list, the frame of
 * the rest comes after the pages. */
int process_take_pages(frame_t *list, uaddr_t from, size_t bytes)
{
	size_t whole = process_whole_pages(bytes);
	int error = process_copy_pages(list, from + whole, bytes - whole);
	frame_t rest = *list;

	if (error)
		return error;
	next_page = list;
	error = space_take(process_current()->space, from, from + whole,
			   collect);
	*next_page = rest;
	return error;
}

int process_write_pages(const struct process *to, uaddr_t at, frame_t list,
			size_t first, size_t bytes)
{
	size_t done = 0, size;
	int error = 0;

	for (; done < bytes && !error; list = *frame_next(list), done += size) {
		size = MIN(bytes - done, PAGE_SIZE);
		if (done < first)
			continue;
		error = process_write(to, at + done, frame_open(list), size);
		frame_close(list);
	}
	return error;
}

bool process_may_place(const struct process *to, uaddr_t at, size_t bytes)
{
	size_t whole = process_whole_pages(bytes);

	return at % PAGE_SIZE == 0 && user_range_is_valid(at, whole) &&
	       space_may_place(to->space, at, at + whole);
}

int process_place_pages(const struct process *to, uaddr_t at, frame_t *list,
			size_t bytes)
{
	size_t whole = process_whole_pages(bytes), placed;
	struct account *own = user_charge(to->account);
	int error = space_place(to->space, at, at + whole, *list);
	frame_t frame;

	for (placed = 0; !error && placed < whole; placed += PAGE_SIZE) {
		frame = *list;
		*list = frame_unlink(frame);
		frame_set_use(frame, FRAME_USER);
	}
	user_charge(own);
	return error;
}
