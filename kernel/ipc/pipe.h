/* pipe.h - pipes, for their system call and for FIFOs. */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/mm/frame.h"
#include "kernel/obj/file.h"

#define PIPE_PAGES	(PIPE_CAPACITY / PAGE_SIZE)

struct pipe {
	struct object object;		/* [P] */
	uint32_t head;			/* [P] place of the oldest byte */
	uint32_t fill;			/* [P] how many bytes there are */
	uint32_t page_count;		/* [P] the pages, from the first on */
	uint8_t *pages[PIPE_PAGES];	/* [P] NULL: not yet needed */
	bool is_ended;			/* [P] no reader or no writer is left */
};

/* A new pipe, open at both ends; flags may have O_NONBLOCK. Returns 0, or
 * -ENOMEM with nothing made. */
int pipe_create(uint32_t flags, struct open_file **reader,
		struct open_file **writer);

/* ---- For FIFOs, which begin with a struct pipe ---------------------- */

/* A zeroed struct pipe becomes an empty pipe with one reference. */
void pipe_init(struct pipe *pipe, const struct object_ops *ops);
/* To be called before the memory of the struct is freed. */
void pipe_free_pages(struct pipe *pipe);

/* Operations for the object's table. */
ssize_t pipe_read(struct open_file *file, uaddr_t to, size_t bytes);
ssize_t pipe_write(struct open_file *file, uaddr_t from, size_t bytes);
unsigned pipe_poll(const struct open_file *file);
/* This open file has come, or gone. */
void pipe_ends_changed(struct open_file *file);
void pipe_report(const struct object *object, char *to, size_t size);
