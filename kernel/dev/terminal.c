/*
 * terminal.c - a terminal as an object: reads and writes.
 *
 * The driver gives the keys to the line discipline (line.c), which echoes,
 * edits and sends signals. A read takes the bytes from the line discipline. The
 * session that owns the terminal, and the foreground, are in owner.c, and the
 * requests of ioctl() in terminal_control.c. The drivers are the console
 * (tty.c) and the pseudo-terminals (pty.c).
 *
 * In raw mode a read can end by time, c_cc[VTIME] tenths of a second: after the
 * last byte, or without VMIN after the read began. A read is tried, sleeps, and
 * is tried again. So the timer belongs to the terminal, and sets `timed_out`
 * for the next try.
 *
 * When the far side of a pseudo-terminal has gone, the terminal is hung up: a
 * read is at the end of the file, and everything else is -EIO.
 */
#include "kernel/dev/terminal.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/obj/file.h"
#include "kernel/task/process.h"

#define PIECE_BYTES	256
#define WRITE_BYTES	128	/* in a try; then tasks may switch */
#define TENTH_NS	(NSEC_PER_SEC / 10)

/* ---- Input -------------------------------------------------------------- */

static void stop_timer(struct terminal *terminal)
{
	terminal->timed_out = false;
	timer_stop(&terminal->timer);
}

static void send_signal(struct line *line, int number)
{
	struct terminal *terminal = CONTAINER_OF(line, struct terminal, line);

	terminal->signals++;
	owner_send_signal(&terminal->owner, number);
}

/* If the output goes on, programs that write can proceed. */
static void wake_writers(struct terminal *terminal, bool was_stopped)
{
	if (was_stopped && !terminal->line.is_stopped)
		object_wake(&terminal->object, END_WRITE);
}

void terminal_input(struct terminal *terminal, const uint8_t *keys,
		    size_t count)
{
	bool was_stopped = terminal->line.is_stopped;

	for (size_t i = 0; i < count; i++)
		line_input(&terminal->line, keys[i]);
	wake_writers(terminal, was_stopped);
}

void terminal_wake(struct terminal *terminal)
{
	if (!line_has_input(&terminal->line))
		return;
	stop_timer(terminal);
	object_wake(&terminal->object, END_READ);
}

static void time_is_up(struct timer *timer)
{
	struct terminal *terminal = CONTAINER_OF(timer, struct terminal, timer);
	struct object *object = &terminal->object;

	/* A signal may have ended the read: then there is no reader. */
	terminal->timed_out = !list_is_empty(&object->queue[END_READ].sleepers);
	object_wake(object, END_READ);
}

/* Input has left the line: there may be room for more. */
static void was_read(struct terminal *terminal)
{
	if (terminal->ops->was_read)
		terminal->ops->was_read(terminal);
}

/* ---- Reading ------------------------------------------------------------ */

static size_t room(const struct terminal *terminal)
{
	if (terminal->line.is_stopped)
		return 0;
	return terminal->ops->room ? terminal->ops->room(terminal) : SIZE_MAX;
}

unsigned terminal_poll(const struct open_file *file)
{
	const struct terminal *terminal = terminal_of(file->object);
	const struct line *line = &terminal->line;
	bool by_time = line->screen.modes.c_cc[VTIME] > 0 ||
		       line->screen.modes.c_cc[VMIN] == 0;
	unsigned events = room(terminal) > 0 ? POLLOUT : 0;

	if (terminal->is_hung_up)
		return POLLIN | POLLOUT | POLLHUP | POLLERR;
	if (line_has_input(line) && (by_time ||
				     line_is_readable(line, SIZE_MAX)))
		events |= POLLIN;
	return events;
}

/* Start the timer of a raw read with VTIME: without VMIN from the beginning,
 * else from the first byte on. */
static void start_timer(struct terminal *terminal)
{
	const cc_t *cc = terminal->line.screen.modes.c_cc;

	if (cc[VTIME] == 0 || timer_is_started(&terminal->timer) ||
	    (cc[VMIN] > 0 && !line_has_input(&terminal->line)))
		return;
	timer_start(&terminal->timer, arch_now_ns() + cc[VTIME] * TENTH_NS);
}

/* May a read return now? A raw read with VTIME and no VMIN returns at the first
 * byte, though line.c would return without a byte. */
static bool may_return(const struct terminal *terminal, size_t bytes)
{
	const struct line *line = &terminal->line;

	if (line_is_canonical(line))
		return line_is_readable(line, bytes);
	if (terminal->timed_out)
		return true;
	if (line->screen.modes.c_cc[VMIN] == 0 &&
	    line->screen.modes.c_cc[VTIME] > 0)
		return line_has_input(line);
	return line_is_readable(line, bytes);
}

/* Copy out the bytes, up to the end of a line. */
static ssize_t read_pieces(struct line *line, uaddr_t to, size_t bytes)
{
	uint8_t buffer[PIECE_BYTES];
	struct line_piece piece;
	size_t done = 0;

	do {
		line_peek(line, buffer, MIN(bytes - done, PIECE_BYTES),
			  &piece);
		if (copy_to_user(to + done, buffer, piece.bytes) != 0)
			return done > 0 ? (ssize_t)done : -EFAULT;
		line_consume(line, &piece);
		done += piece.bytes;
	} while (piece.bytes > 0 && done < bytes && !piece.is_end);
	return done;
}

ssize_t terminal_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	struct terminal *terminal = terminal_of(file->object);
	ssize_t done;
	int error;

	if (terminal->is_hung_up)
		return 0;
	error = owner_check_use(&terminal->owner);
	if (!error)
		error = owner_stop_background(&terminal->owner, SIGTTIN, -EIO);
	if (error)
		return error;
	if (!may_return(terminal, bytes)) {
		if (!line_is_canonical(&terminal->line))
			start_timer(terminal);
		return -EAGAIN;
	}
	done = read_pieces(&terminal->line, to, bytes);
	stop_timer(terminal);
	if (file->object->ops->has_trace && done > 0)
		trace(TRACE_RECEIVE, file->object, done, 0);
	was_read(terminal);
	return done;
}

/* ---- Writing ------------------------------------------------------------ */

/* May the running process write? 0, -EIO, or -EINTR after a signal. */
static int may_write(const struct terminal *terminal)
{
	if (terminal->is_hung_up || owner_has_hung_up(&terminal->owner))
		return -EIO;
	/* TOSTOP: a process that ignores SIGTTOU may write all the same. */
	if (terminal->line.screen.modes.c_lflag & TOSTOP)
		return owner_stop_background(&terminal->owner, SIGTTOU, 0);
	return 0;
}

ssize_t terminal_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	struct terminal *terminal = terminal_of(file->object);
	char buffer[WRITE_BYTES];
	int error = may_write(terminal);

	if (error)
		return error;
	if (bytes > 0 && room(terminal) == 0)
		return -EAGAIN;
	bytes = MIN(MIN(bytes, WRITE_BYTES), room(terminal));
	if (copy_from_user(buffer, from, bytes) != 0)
		return -EFAULT;
	if (file->object->ops->has_trace && bytes > 0)
		trace(TRACE_SEND, file->object, bytes, 0);
	line_output(&terminal->line.screen, buffer, bytes);
	return bytes;
}

/* ---- Modes -------------------------------------------------------------- */

void terminal_set_modes(struct terminal *terminal, const struct termios *modes,
			bool flush)
{
	struct line *line = &terminal->line;
	bool was_canonical = line_is_canonical(line);
	bool was_stopped = line->is_stopped;

	if (flush)
		line_flush_input(line);
	line_set_modes(line, modes);
	if (was_canonical && !line_is_canonical(line) && terminal->ops->is_raw)
		terminal->ops->is_raw(terminal);
	stop_timer(terminal);
	if (line_has_input(line))
		object_wake(&terminal->object, END_READ);
	was_read(terminal);
	wake_writers(terminal, was_stopped);
}

void terminal_stop_output(struct terminal *terminal, bool is_stopped)
{
	bool was_stopped = terminal->line.is_stopped;

	terminal->line.is_stopped = is_stopped;
	wake_writers(terminal, was_stopped);
}

/* ---- Life --------------------------------------------------------------- */

void terminal_hang_up(struct terminal *terminal)
{
	terminal->is_hung_up = true;
	stop_timer(terminal);
	owner_hang_up(&terminal->owner);
	wait_wake_end(&terminal->object.queue[END_READ]);
	wait_wake_end(&terminal->object.queue[END_WRITE]);
}

void terminal_leave(struct process *process)
{
	if (process->terminal)
		owner_leave(&terminal_of(process->terminal)->owner, process);
}

void terminal_inherit(struct process *child, const struct process *parent)
{
	child->terminal = parent->terminal;
	if (child->terminal)
		object_get(child->terminal);
}

void terminal_init(struct terminal *terminal, const struct object_ops *ops)
{
	object_init(&terminal->object, ops);
	terminal->owner.object = &terminal->object;
	terminal->line.signal = send_signal;
	line_init(&terminal->line);
	timer_init(&terminal->timer, time_is_up);
}

void terminal_end(struct terminal *terminal)
{
	timer_stop(&terminal->timer);
}
