/*
 * terminal.c - a terminal as an object: reads, writes, modes and size.
 *
 * The driver gives the keys to the line discipline (line.c), which echoes,
 * edits and sends signals. A read takes the bytes from the line discipline. The
 * session that owns the terminal, and the foreground, are in owner.c. The
 * drivers are the console (tty.c) and the pseudo-terminals (pty.c).
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

void terminal_input(struct terminal *terminal, const uint8_t *keys,
		    size_t count)
{
	for (size_t i = 0; i < count; i++)
		line_input(&terminal->line, keys[i]);
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
	if (terminal->is_stopped)
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

/* ---- Control ------------------------------------------------------------ */

static void take_modes(struct terminal *terminal, const struct termios *modes,
		       bool flush)
{
	struct line *line = &terminal->line;
	bool was_canonical = line_is_canonical(line);

	if (flush)
		line_flush_input(line);
	line_set_modes(line, modes);
	if (was_canonical && !line_is_canonical(line) && terminal->ops->is_raw)
		terminal->ops->is_raw(terminal);
	stop_timer(terminal);
	if (line_has_input(line))
		object_wake(&terminal->object, END_READ);
	was_read(terminal);
}

/* May the running process change modes? 0, -EIO, or -EINTR after a signal. */
static int may_change(struct terminal *terminal)
{
	int error = owner_check_use(&terminal->owner);

	return error ? error
		     : owner_stop_background(&terminal->owner, SIGTTOU, 0);
}

static int set_modes(struct terminal *terminal, uaddr_t from, bool flush,
		     bool is_far)
{
	struct termios modes;
	int error;

	if (copy_from_user(&modes, from, sizeof(modes)) != 0)
		return -EFAULT;
	error = is_far ? 0 : may_change(terminal);
	if (!error)
		take_modes(terminal, &modes, flush);
	return error;
}

/* tcflow(3): stop and continue the output, or send the key that asks the far
 * side to do so with the input. */
static int set_flow(struct terminal *terminal, uint32_t action)
{
	struct line_screen *screen = &terminal->line.screen;
	char key = screen->modes.c_cc[action == TCIOFF ? VSTOP : VSTART];
	int error = may_change(terminal);

	if (error)
		return error;
	switch (action) {
	case TCOOFF:
	case TCOON:
		terminal->is_stopped = action == TCOOFF;
		if (!terminal->is_stopped)
			object_wake(&terminal->object, END_WRITE);
		return 0;
	case TCIOFF:
	case TCION:
		if (key)
			screen->output(screen, &key, 1);
		return 0;
	default:
		return -EINVAL;
	}
}

void terminal_set_size(struct terminal *terminal, const struct winsize *size)
{
	bool is_new = memcmp(&terminal->size, size, sizeof(*size)) != 0;

	terminal->size = *size;
	terminal->line.screen.columns = size->ws_col;
	if (is_new)
		owner_send_signal(&terminal->owner, SIGWINCH);
}

static int set_size(struct terminal *terminal, uaddr_t from, bool is_far)
{
	struct winsize size;
	int error;

	if (copy_from_user(&size, from, sizeof(size)) != 0)
		return -EFAULT;
	error = is_far ? 0 : owner_check_use(&terminal->owner);
	if (!error)
		terminal_set_size(terminal, &size);
	return error;
}

/* The requests of both sides. */
static int control(struct terminal *terminal, uint32_t request,
		   uint32_t argument, bool is_far)
{
	switch (request) {
	case TCGETS:
		return copy_to_user(argument, &terminal->line.screen.modes,
				    sizeof(terminal->line.screen.modes));
	case TCSETS:
	case TCSETSF:
		return set_modes(terminal, argument, request == TCSETSF,
				 is_far);
	case TIOCGWINSZ:
		return copy_to_user(argument, &terminal->size,
				    sizeof(terminal->size));
	case TIOCSWINSZ:
		return set_size(terminal, argument, is_far);
	default:
		return -ENOTTY;
	}
}

int terminal_control_far(struct terminal *terminal, uint32_t request,
			 uint32_t argument)
{
	const pid_t *foreground = &terminal->owner.foreground;

	if (request == TIOCGPGRP)
		return copy_to_user(argument, foreground, sizeof(*foreground));
	return control(terminal, request, argument, true);
}

/* TIOCNOTTY: the running process gives its controlling terminal up. */
static int give_up(struct terminal *terminal)
{
	if (process_current()->terminal != &terminal->object)
		return -ENOTTY;
	terminal_leave(process_current());
	return 0;
}

int terminal_control(struct open_file *file, uint32_t request,
		     uint32_t argument)
{
	struct terminal *terminal = terminal_of(file->object);

	if (terminal->is_hung_up)
		return -EIO;
	switch (request) {
	case TIOCGPGRP:
		return owner_get_foreground(&terminal->owner, argument);
	case TIOCSPGRP:
		return owner_set_foreground(&terminal->owner, argument);
	case TIOCSCTTY:
		return owner_take(&terminal->owner);
	case TIOCNOTTY:
		return give_up(terminal);
	case TCXONC:
		return set_flow(terminal, argument);
	default:
		return control(terminal, request, argument, false);
	}
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
