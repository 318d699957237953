/*
 * file.h - an open file: an object, how it was opened, and a position.
 *
 * All descriptors that dup() and fork() make share the open file. [P]
 */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/lib/refs.h"
#include "kernel/obj/object.h"

struct open_file {
	struct object *object;		/* [const] with a reference */
	uint32_t refs;			/* [P] descriptors and calls */
	uint32_t flights;		/* [P] messages: kernel/obj/flight.h */
	uint32_t flags;			/* [P] O_ACCMODE, O_NONBLOCK, ... */
	off_t position;			/* [P] in bytes, if seekable */
	struct async *async;		/* [P] see async.h, or NULL */
	bool is_locked;			/* [P] has a lock of flock(2) */
	struct list watches;		/* [P] struct file_watch: watch.h */
};

static inline bool file_can_read(const struct open_file *file)
{
	return !(file->flags & O_WRONLY);	/* O_EXEC has this bit, too */
}

static inline bool file_can_write(const struct open_file *file)
{
	uint32_t mode = file->flags & O_ACCMODE;

	return mode == O_WRONLY || mode == O_RDWR;
}

/* Create an open file with one reference. The file takes a reference of the
 * object, and counts in object->ends. 0, -ENFILE (the user has too many),
 * -ENOMEM, or the error of ops->open. */
int file_open(struct object *object, uint32_t flags, struct open_file **out);
/* The rest of open(2): sleep until ops->meet allows the return. 0, or -EINTR
 * (a signal). */
int file_meet(struct open_file *file);
/* The last descriptor has gone. If no message holds the file: ends go down, and
 * ops->close is called. */
void file_close(struct open_file *file);

static inline void file_get(struct open_file *file)
{
	ASSERT(file->refs > 0);
	file->refs++;
}

static inline void file_put(struct open_file *file)
{
	if (refs_drop(&file->refs))
		file_close(file);
}

/*
 * read(2) and write(2): block unless the file has O_NONBLOCK. Bytes done, or
 * -EBADF (not open for this), -EAGAIN (O_NONBLOCK), -EINTR (a signal), -EFAULT,
 * -EPIPE (after SIGPIPE), -EINVAL (no such operation), -EISDIR, or the error of
 * the object's operation.
 */
ssize_t file_read(struct open_file *file, uaddr_t to, size_t bytes);
ssize_t file_write(struct open_file *file, uaddr_t from, size_t bytes);

/*
 * The attempt at this end of the file was in vain just now. -EAGAIN with
 * O_NONBLOCK; else wait and repeat the attempt, as wait_for(). The caller holds
 * a reference of the file.
 */
long file_wait(struct open_file *file, struct wait_queue *queue,
	       uint64_t deadline_ns, wait_attempt *attempt, void *context);
/* The running task has done the work at this end. If the object has work for
 * the next task in the queue, give that task a turn. */
void file_wake_sleeper(const struct open_file *file, int end);
static inline void file_wake_next(const struct open_file *file, int end)
{
	if (!list_is_empty(&file->object->queue[end].sleepers))
		file_wake_sleeper(file, end);
}

/* The queue in which the running task waits at this end. */
static inline struct wait_queue *file_queue(struct open_file *file, int end)
{
	return file->object->ops->queue ? file->object->ops->queue(file, end)
					: &file->object->queue[end];
}

/* POLL bits now. */
unsigned file_poll(const struct open_file *file);

extern uint32_t file_count;		/* [P] open files alive */
