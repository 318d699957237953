/* pipe.h - pipes, for their system call and for FIFOs. */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/obj/file.h"

#define PIPE_PAGES	(PIPE_CAPACITY / PAGE_SIZE)

struct pipe {
	struct object object;
	uint32_t head;			/* [P] bytes read, see pipe.c */
	uint32_t tail;			/* [P] bytes written */
	uint8_t *pages[PIPE_PAGES];	/* [P] NULL where no byte is */
};

/* A new pipe, open at both ends; flags may have O_NONBLOCK. Returns 0, or
 * -ENOMEM with nothing made. */
int pipe_create(uint32_t flags, struct open_file **reader,
		struct open_file **writer);

/* For an object that begins with a zeroed struct pipe: its operations, and
 * what destroy has to do before it frees the struct. */
ssize_t pipe_read(struct open_file *file, uaddr_t to, size_t bytes);
ssize_t pipe_write(struct open_file *file, uaddr_t from, size_t bytes);
unsigned pipe_poll(const struct open_file *file);
void pipe_close(struct open_file *file);
void pipe_report(const struct object *object, char *to, size_t size);
void pipe_free_pages(struct pipe *pipe);
