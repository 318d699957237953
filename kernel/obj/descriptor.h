/*
 * descriptor.h - the small numbers by which a process names its open files.
 */
#pragma once

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/obj/file.h"
#include "kernel/task/process.h"

#define DESCRIPTORS_PART	256	/* numbers of a part */
#define DESCRIPTOR_WORDS	(DESCRIPTORS_PART / 32)
#define DESCRIPTORS_FIRST	8

/* [P]: the threads of a process share the table. A table is a chain of parts;
 * all numbers in a part count from its begin. A part lives as long as the
 * table. */
struct descriptors {
	struct open_file **files;	/* capacity entries; NULL: free */
	uint32_t capacity;
	uint32_t limit;			/* no descriptor is >= this */
	uint32_t full;			/* a bit for each full word of `used` */
	uint32_t used[DESCRIPTOR_WORDS];	/* a bit for each number */
	uint32_t close_on_exec[DESCRIPTOR_WORDS];
	struct open_file *first[DESCRIPTORS_FIRST];	/* before it grows */
	struct descriptors *next;	/* the next numbers, or NULL */
	uint32_t puts;			/* first part: files put in so far */
};

/* The part with this number, or NULL. */
static inline struct descriptors *descriptors_part(struct descriptors *table,
						   uint32_t fd)
{
	for (; table && fd >= DESCRIPTORS_PART; fd -= DESCRIPTORS_PART)
		table = table->next;
	return table;
}

/* The open file with this number; the caller gets no reference. NULL: no such
 * descriptor. */
static inline struct open_file *descriptors_file(
		const struct descriptors *table, uint32_t fd)
{
	while (fd >= table->limit) {		/* not in this part */
		table = table->next;
		if (fd < DESCRIPTORS_PART || !table)
			return NULL;
		fd -= DESCRIPTORS_PART;
	}
	return table->files[fd];
}

/* The same for the running process. NULL: -EBADF. */
static inline struct open_file *descriptor_file(int fd)
{
	return descriptors_file(process_current()->descriptors, fd);
}

/* The first number in use from `fd` on, or -1. */
int descriptors_next(const struct descriptors *table, uint32_t fd);

struct descriptors *descriptors_create(void);
/* For fork: the same open files. NULL: no memory. */
struct descriptors *descriptors_clone(const struct descriptors *from);
/* Close all. */
void descriptors_destroy(struct descriptors *table);
void descriptors_close_on_exec(struct descriptors *table);

/* Has the running process a descriptor of the object at the end of the search?
 * Between two parts of the table, other tasks may run. */
bool descriptors_hold(const struct object *object);

/* Give `file` the lowest free number >= lowest; takes over the caller's
 * reference only on success. The number, or -EMFILE, -ENOMEM, -EINVAL. */
int descriptor_install(struct open_file *file, int lowest, bool close_on_exec);
/* A number for a new file; takes over the caller's reference, and closes the
 * file on failure. */
int descriptor_give(struct open_file *file, bool close_on_exec);
/* The same for a new open file of the object; takes over the caller's
 * reference of the object. NULL: -ENOMEM, since there is no memory for the
 * object. Other errors as descriptor_give() and file_open(). */
int descriptor_open(struct object *object, uint32_t flags, bool close_on_exec);
/* Numbers for both ends of a pipe or of a pair of sockets, written to the
 * user's int[2]: both or none. 0, the error of descriptor_give(), -EFAULT. */
int descriptor_give_pair(struct open_file *const files[2], bool close_on_exec,
			 uaddr_t fds_at);
/* descriptor_install() in two steps, for any process: the number, with room in
 * the table; then the number gets the file. */
int descriptor_reserve(struct process *process, int lowest);
void descriptor_fill(struct process *process, int fd, struct open_file *file);
int descriptor_close(int fd);
int descriptor_dup2(int fd, int to, bool close_on_exec);
bool descriptor_is_close_on_exec(int fd);
void descriptor_set_close_on_exec(int fd, bool on);
