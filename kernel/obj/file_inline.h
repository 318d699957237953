/*
 * file_inline.h - the usual way through read(2) and write(2), step by step.
 *
 * The rules are those of file.c; this is how they go when nobody waits in
 * front. In a header so that a mechanism whose every instruction counts can
 * make one function of the rules and its own operation, and give it to those
 * who open it (read_file and write_file in its table):
 *
 *	ssize_t pipe_read_file(struct open_file *file, uaddr_t to, size_t bytes)
 *	{
 *		return file_read_by(pipe_read, file, to, bytes);
 *	}
 *
 * Then the attempt, the sleep and the attempt after it are one piece of code
 * without a call. All others share the function that file.c makes, which finds
 * the operation in the object's table.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/lib/trace.h"
#include "kernel/obj/file.h"
#include "kernel/task/wait_inline.h"

typedef ssize_t file_operation(struct open_file *file, uaddr_t at,
			       size_t bytes);

/* In turn, whoever waits in front. */
ssize_t file_read_in_turn(struct open_file *file, uaddr_t to, size_t bytes);
/* The rest of it after the first sleep; gives back a reference of the file. */
ssize_t file_read_on(struct open_file *file, uaddr_t to, size_t bytes);
/* What is left of a write, of which `done` bytes were made at once. */
ssize_t file_write_rest(struct open_file *file, uaddr_t from, size_t bytes,
			ssize_t done);

static inline void file_trace(const struct open_file *file, int end,
			      ssize_t done)
{
	if (done < 0 || (done > 0 && file->object->ops->has_trace))
		return;
	if (end == END_READ)
		trace(TRACE_RECEIVE, file->object, done, 0);
	else
		trace(TRACE_SEND, file->object, done, 0);
}

/* Nothing was there to read, and nobody waits in front. */
static ALWAYS_INLINE void file_sleep(struct open_file *file)
{
	struct object *object = file->object;
	const struct wait_request request = {
		.queue = &object->queue[END_READ],
		.object = object,
		.event = WAIT_DATA,
		.deadline_ns = FOREVER,
	};

	file_get(file);		/* another thread may close it meanwhile */
	wait_sleep_alone(&request);
}

/* Woken: look again. */
static ALWAYS_INLINE
ssize_t file_read_woken(file_operation *read, struct open_file *file,
			uaddr_t to, size_t bytes)
{
	struct object *object = file->object;
	ssize_t done = -EAGAIN;

	if (LIKELY(wait_has_sole_turn(&object->queue[END_READ])))
		done = read(file, to, bytes);
	if (UNLIKELY(done == -EAGAIN))
		return file_read_on(file, to, bytes);
	file_trace(file, END_READ, done);
	wait_end(&object->queue[END_READ], object, done);
	file_put(file);
	return done;
}

static ALWAYS_INLINE
ssize_t file_read_by(file_operation *read, struct open_file *file, uaddr_t to,
		     size_t bytes)
{
	ssize_t done;

	if (UNLIKELY(!wait_queue_is_idle(&file->object->queue[END_READ])))
		return file_read_in_turn(file, to, bytes);
	done = read(file, to, bytes);
	file_trace(file, END_READ, done);
	if (done != -EAGAIN || UNLIKELY(file->flags & O_NONBLOCK))
		return done;
	if (UNLIKELY(!user_range_is_valid(to, bytes) ||
		     cpu.current->signal_pending))
		return file_read_in_turn(file, to, bytes);
	/* Before all else of the wait: RDTSC needs two registers. */
	cpu.current->wait.since_cycles = arch_cycles();
	file_sleep(file);
	return file_read_woken(read, file, to, bytes);
}

static ALWAYS_INLINE
ssize_t file_write_by(file_operation *write, struct open_file *file,
		      uaddr_t from, size_t bytes)
{
	ssize_t done = 0;

	if (LIKELY(wait_queue_is_idle(&file->object->queue[END_WRITE]))) {
		done = write(file, from, bytes);
		file_trace(file, END_WRITE, done);
		/* No errno, even if it is the size that was asked for. */
		if (LIKELY(done == (ssize_t)bytes && done >= 0) ||
		    done == -EFAULT)
			return done;
	}
	return file_write_rest(file, from, bytes, done);
}
