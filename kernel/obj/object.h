/*
 * object.h - everything a task can wait for.
 *
 * A mechanism is a struct that begins with a struct object, and one constant
 * table of operations. An operation never blocks: it does the work, or changes
 * nothing and answers -EAGAIN. Blocking, deadlines, O_NONBLOCK, EINTR, partial
 * writes, SIGPIPE and poll() are done once, for all, in kernel/obj/file.c.
 *
 * Five rules for operations:
 * 1. they run with task switches postponed [P] and never sleep;
 * 2. after -EAGAIN poll says no; after poll says yes the next try makes
 *    progress unless another task came first;
 * 3. user memory is copied first, state is changed after;
 * 4. a user page that is not present is made present by the page fault on the
 *    spot; a bad address ends the copy with -EFAULT;
 * 5. an operation calls no other mechanism.
 */
#pragma once

#include "kernel/abi/poll.h"
#include "kernel/abi/stat.h"
#include "kernel/task/wait.h"

struct open_file;
struct task;
struct page_source;
struct task;

/* The two directions: index of queue[] and ends[]. */
enum { END_READ, END_WRITE };

struct object {
	const struct object_ops *ops;
	uint32_t refs;			/* who holds a pointer to it */
	uint32_t ends[2];		/* open files that can read, write */
	struct wait_queue queue[2];	/* waits for data, for space */
	uint32_t id;			/* for people: /proc/waits, ls */
	struct list_node all;		/* in object_list */
};

struct object_ops {
	const char *kind;		/* "pipe", "file", "tty" */
	/* It traces bytes itself, before it wakes who waits for them. */
	bool has_trace;

	/* Bytes done, 0 at the end of file, -EAGAIN, or an errno. NULL: the
	 * object cannot do that (-EINVAL). */
	ssize_t (*read)(struct open_file *file, uaddr_t to, size_t bytes);
	ssize_t (*write)(struct open_file *file, uaddr_t from, size_t bytes);
	/* read(2) and write(2) in one piece with these, see file_inline.h.
	 * NULL: the way that all others go. */
	ssize_t (*read_file)(struct open_file *file, uaddr_t to, size_t bytes);
	ssize_t (*write_file)(struct open_file *file, uaddr_t from,
			      size_t bytes);
	/* POLL bits that hold now. NULL: always readable and writable. */
	unsigned (*poll)(const struct open_file *file);

	/* An open file came to use these ends, or went. */
	int (*open)(struct open_file *file);
	void (*close)(struct open_file *file);
	/* The running process has closed one of its descriptors, of this open
	 * file or another of the object. */
	void (*leave)(struct open_file *file);
	/* May open(2) return? 0, or -EAGAIN and where to wait until it may.
	 * NULL: at once. */
	int (*meet)(struct open_file *file, struct wait_queue **queue);

	/* New position, or -ESPIPE. NULL: -ESPIPE. */
	off_t (*seek)(struct open_file *file, off_t offset, int whence);
	int (*stat)(struct object *object, struct stat *status);
	int (*truncate)(struct object *object, off_t bytes);
	/* Directory entries, whole ones; 0 at the end. NULL: -ENOTDIR. */
	ssize_t (*list)(struct open_file *file, uaddr_t to, size_t bytes);
	int (*control)(struct open_file *file, uint32_t request,
		       uint32_t argument);
	/* For mmap: where in the object its source of pages lies; 0: ask
	 * map(), which puts it, or NULL for no source, to *source_out. */
	uint32_t source_at;
	int (*map)(struct open_file *file, struct page_source **source_out);

	/* Name of this object for people, e.g. a path. Optional. */
	void (*describe)(const struct object *object, char *to, size_t size);

	/* What is in it, for /proc/ipc: "3 of 65536 bytes". Objects without
	 * this, or with nothing to say, are not listed there. */
	void (*report)(const struct object *object, char *to, size_t size);

	/* Who could end the wait of this task, which waits for the object?
	 * One process; or 0 for whoever holds the end written to *end, which
	 * says END_WRITE for data and END_READ for other events before. NULL:
	 * that is right. */
	pid_t (*ender)(const struct task *task, int *end);
	/* Where several tasks could: could `other` end the wait of `waiter`? */
	bool (*can_end)(const struct object *object, const struct task *waiter,
			const struct task *other);

	/* The last reference has gone. */
	void (*destroy)(struct object *object);
};

/* What mmap shows of it without asking, or NULL. */
static inline struct page_source *object_source(struct object *object)
{
	uint32_t at = object->ops->source_at;

	return at ? (struct page_source *)((char *)object + at) : NULL;
}

/* Fill in an object that the caller allocated; it starts with one reference. */
void object_init(struct object *object, const struct object_ops *ops);

static inline void object_get(struct object *object)
{
	ASSERT(object->refs > 0);
	object->refs++;
}

void object_put(struct object *object);
/* The last reference has gone: calls ops->destroy. */
void object_end(struct object *object);

/* State changed so that one reader (writer) may proceed. */
static inline void object_wake(struct object *object, int end)
{
	struct wait_queue *queue = &object->queue[end];

	if (!list_is_empty(&queue->sleepers) ||
	    !list_is_empty(&queue->watchers))
		wait_wake(queue);
}

/* "pipe:12", for people. */
void object_describe(const struct object *object, char *to, size_t size);

/* Its number and name into the trace, and those of all that are in use. */
void object_trace(const struct object *object);
void objects_trace(void);

/* Live objects, all kinds: for leak checks. */
extern uint32_t object_count;
extern struct list object_list;
