/*
 * object.h - everything a task can wait for.
 *
 * A mechanism is a struct that begins with a struct object, and one constant
 * table of operations. An operation never blocks: the operation does the work,
 * or changes nothing and answers -EAGAIN. Blocking, deadlines, O_NONBLOCK,
 * EINTR, partial writes, SIGPIPE and poll() are done once, for all, in
 * kernel/obj/file.c.
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
#include "kernel/lib/refs.h"
#include "kernel/task/wait.h"

struct enders;
struct node;			/* kernel/fs/node.h */
struct open_file;
struct page_source;
struct socket_ops;
struct task;

/* The two directions: index of queue[] and ends[]. */
enum { END_READ, END_WRITE };

struct object {
	const struct object_ops *ops;	/* [const] */
	uint32_t refs;			/* [P] pointers to the object */
	uint32_t ends[2];		/* [P] open files: to read, to write */
	struct wait_queue queue[2];	/* [P] for data, for space */
	uint32_t id;			/* [const] number for reports, traces */
	struct list_node all;		/* [P] in object_list */
	struct node *named;		/* [P] the name under /ipc, or NULL */
};

/* [const]: one table for each kind of object. */
struct object_ops {
	const char *kind;		/* "pipe", "file", "tty" */
	/* The operations trace the bytes, before they wake the waiting task;
	 * file.c does not. */
	bool has_trace;
	/* Bytes without borders between messages: a large transfer is made in
	 * parts, and tasks may switch in between. */
	bool is_stream;
	/* O_ASYNC works: kernel/obj/async.h. */
	bool sends_signals;

	/* Bytes done, 0 at the end of file, -EAGAIN, or an errno. NULL: not
	 * possible for this kind (-EINVAL). */
	ssize_t (*read)(struct open_file *file, uaddr_t to, size_t bytes);
	ssize_t (*write)(struct open_file *file, uaddr_t from, size_t bytes);
	/* The POLL bits of the moment. NULL: always readable and writable.
	 * POLLIN comes with a wake at END_READ, POLLOUT with a wake at
	 * END_WRITE, POLLHUP and POLLERR with wait_wake_all() or
	 * wait_wake_end() at END_READ. */
	unsigned (*poll)(const struct open_file *file);

	/* The queue in which a task waits at this end. NULL: the object's. */
	struct wait_queue *(*queue)(struct open_file *file, int end);

	/* An open file is created, or closes. */
	int (*open)(struct open_file *file);
	void (*close)(struct open_file *file);
	/* The running process has closed a descriptor of an open file of the
	 * object. */
	void (*leave)(struct open_file *file);
	/* May open(2) return? 0, or -EAGAIN and the queue to wait in.
	 * NULL: at once. */
	int (*meet)(struct open_file *file, struct wait_queue **queue);

	/* New position, or -ESPIPE. NULL: -ESPIPE. */
	off_t (*seek)(struct open_file *file, off_t offset, int whence);
	int (*stat)(struct object *object, struct stat *status);
	/* New length. 0, an errno, or 1: a part is done, call again. */
	int (*truncate)(struct object *object, off_t bytes);
	/* Directory entries, whole ones; 0 at the end. NULL: -ENOTDIR. */
	ssize_t (*list)(struct open_file *file, uaddr_t to, size_t bytes);
	int (*control)(struct open_file *file, uint32_t request,
		       uint32_t argument);
	/* For mmap: the offset of the page source in the object. 0: call
	 * map(), which sets *source_out to the source, or NULL for none. */
	uint32_t source_at;
	int (*map)(struct open_file *file, struct page_source **source_out);
	/* The offset of a struct mutex in the object. A read or write holds the
	 * mutex, so that to other reads and writes, the call is one step. 0: no
	 * mutex. */
	uint32_t mutex_at;
	/* The offset of a struct flight_holder in the object, or 0: messages
	 * in this object may contain descriptors. */
	uint32_t holder_at;
	/* NULL: the object is no socket. See kernel/obj/socket.h. */
	const struct socket_ops *socket;

	/* The name of the object; false: this object has no name. NULL: no
	 * object of this kind has a name. See object_describe(). */
	bool (*describe)(const struct object *object, char *to, size_t size);

	/* The object gets a name in /ipc, or loses the name. */
	void (*name)(struct object *object, bool has_name);

	/* The contents, for /proc/ipc: "3 of 65536 bytes". /proc/ipc does not
	 * list objects without report(), or with an empty report. */
	void (*report)(const struct object *object, char *to, size_t size);

	/* Which processes could end the wait of this task for the object?
	 * A pid: this process alone. 0: all processes that have the end *end
	 * open. Before the call, *end is END_WRITE if the task waits for data,
	 * END_READ for all further events. NULL: 0, with *end unchanged. */
	pid_t (*ender)(const struct task *task, int *end);
	/* In place of ender(): add the tasks that could end the wait. */
	void (*enders)(const struct object *object, const struct task *waiter,
		       struct enders *set);

	/* The object at the far side of a connection, on this machine: only
	 * processes with this object open end a wait. NULL, or no operation:
	 * see above. */
	struct object *(*peer)(const struct object *object);

	/* A wait for the object is a wait for any of its open files: the file
	 * after this number, which becomes the file's; NULL: no more. NULL: the
	 * object is no set. */
	struct open_file *(*file_after)(const struct object *object,
					uint32_t *number);

	/* May any process that knows the name end a wait at this end (END_READ:
	 * for data)? NULL: no. */
	bool (*is_open)(const struct object *object, int end);

	/* The running task of a process that is attached to the object begins
	 * this system call, or ends it with *result: kernel/sys/tracer.h. */
	void (*call)(struct object *tracer, uint32_t number,
		     const uint32_t *arguments, const int32_t *result);

	/* The last reference has gone. With much to free, free a part, and
	 * call object_destroy_later(). */
	void (*destroy)(struct object *object);
};

/* The source of pages at ops->source_at, or NULL without an offset. */
static inline struct page_source *object_source(struct object *object)
{
	uint32_t at = object->ops->source_at;

	return at ? (struct page_source *)((char *)object + at) : NULL;
}

/* Initialise an object in the caller's memory, with one reference. */
void object_init(struct object *object, const struct object_ops *ops);

static inline void object_get(struct object *object)
{
	ASSERT(object->refs > 0);
	object->refs++;
}

/* The last reference has gone: calls ops->destroy. */
void object_end(struct object *object);

static inline void object_put(struct object *object)
{
	if (refs_drop(&object->refs))
		object_end(object);
}

/* Of ops->destroy: call it again on the way out of the kernel, so that tasks
 * may switch in between. */
void object_destroy_later(struct object *object);
/* The deferred work of PENDING_OBJECTS. */
void objects_destroy_ended(void);

/* Give a turn to the first task that waits for data (END_READ) or for space.
 * Mostly no task waits. */
static inline void object_wake(struct object *object, int end)
{
	if (wait_queue_is_used(&object->queue[end]))
		wait_wake(&object->queue[end]);
}

/*
 * The name of the object in all reports: the kind, then the path or the
 * variable's name in the program, or without either the number. "mailbox
 * /calc", "pipe 12", "mutex fork[2] of philosophers". See "One name" in
 * kernel/README.md. `to` has room for OBJECT_NAME_BYTES. No character of the
 * name breaks a line or a table. tools/gdb/names.py follows the same rules.
 */
#define OBJECT_NAME_BYTES 128
void object_describe(const struct object *object, char *to, size_t size);

/* Trace the name of the object; objects_trace(): number, kind and name of each
 * object in use. */
void object_trace(const struct object *object);
void objects_trace(void);

/* Live objects, all kinds: for leak checks. */
extern uint32_t object_count;		/* [P] */
extern struct list object_list;		/* [P] */
