/*
 * process_pages.h - bytes on their way between processes, in a list of frames.
 *
 * Each frame of a list holds a page of the bytes, and the last may hold less:
 * frame_next() links the frames. All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/lib/types.h"

struct process;

/* The bytes in whole pages. */
static inline size_t process_whole_pages(size_t bytes)
{
	return ALIGN_DOWN(bytes, PAGE_SIZE);
}

/* Copy bytes of the running process into a new list. 0, -EFAULT, -ENOMEM: the
 * caller frees the list, also after an error. */
int process_copy_pages(frame_t *list, uaddr_t from, size_t bytes);
/* The same, and the whole pages leave the memory of the process: the next
 * access there finds zeros. */
int process_take_pages(frame_t *list, uaddr_t from, size_t bytes);
/* May the whole pages leave: private memory from a page boundary? */
bool process_may_take(uaddr_t from, size_t bytes);
/* Free the frames; the list is empty (0) then. After each part of many frames
 * tasks may switch: no other task can find the list. */
void process_free_pages(frame_t *list);

/* Write the bytes of the list from byte `first`, which begins a frame, to the
 * buffer `at` of the process. 0 or -EFAULT. */
int process_write_pages(const struct process *to, uaddr_t at, frame_t list,
			size_t first, size_t bytes);
/* The whole pages replace pages of the buffer `at`. The list keeps the rest. 0,
 * -ENOMEM and nothing has changed. */
int process_place_pages(const struct process *to, uaddr_t at, frame_t *list,
			size_t bytes);
/* May whole pages replace the memory there: private, from a page boundary? */
bool process_may_place(const struct process *to, uaddr_t at, size_t bytes);
