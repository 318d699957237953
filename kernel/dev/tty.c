/*
 * tty.c - the terminal: serial line COM1, screen and keyboard, as one object.
 *
 * Bytes take three steps. The interrupt puts them into a ring and notes work.
 * The deferred work, with task switches postponed, gives them to the line
 * discipline (line.c), which echoes, edits and sends signals. A read takes the
 * bytes from the line discipline.
 *
 * In raw mode a read can end by time, c_cc[VTIME] tenths of a second: after the
 * last byte, or without VMIN after the read began. A read is tried, sleeps, and
 * is tried again. So the timer belongs to the terminal, and sets `timed_out`
 * for the next try.
 *
 * A program in raw mode draws the whole screen and needs the size. So the
 * kernel asks the terminal for the size after the switch to raw mode, and at
 * the next keys (window.c). A new size is a SIGWINCH for the foreground group.
 *
 * The session that owns the terminal, and the foreground, are in owner.c.
 */
#include "kernel/dev/tty.h"
#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/dev/line.h"
#include "kernel/dev/owner.h"
#include "kernel/dev/window.h"
#include "kernel/fs/device.h"
#include "kernel/lib/ring.h"
#include "kernel/lib/string.h"
#include "kernel/machine.h"
#include "kernel/obj/file.h"
#include "kernel/task/process.h"

#define PIECE_BYTES	256
#define WRITE_BYTES	1024	/* in a try; then tasks may switch */
#define TENTH_NS	(NSEC_PER_SEC / 10)
#define HELD_NS		(NSEC_PER_SEC / 2)	/* for the rest of an answer */

/* [P] */
static struct {
	struct object object;
	struct line line;
	struct ring ring;		/* [I] from the interrupt */
	struct tty_owner owner;
	struct timer timer;
	bool timed_out;
	struct window window;
	struct timer window_timer;	/* releases held bytes */
} tty;

/* ---- Input -------------------------------------------------------------- */

/* A full ring holds thousands of keys that were not even looked at: drop. */
void machine_console_input(uint8_t byte)
{
	ring_put(&tty.ring, byte);
	cpu_pend(PENDING_TTY);
}

static unsigned tty_poll(const struct open_file *file)
{
	const struct line *line = &tty.line;
	bool by_time = line->modes.c_cc[VTIME] > 0 ||
		       line->modes.c_cc[VMIN] == 0;
	unsigned events = POLLOUT;

	(void)file;
	if (line_has_input(line) && (by_time ||
				     line_is_readable(line, SIZE_MAX)))
		events |= POLLIN;
	return events;
}

static void stop_timer(void)
{
	tty.timed_out = false;
	timer_stop(&tty.timer);
}

static void send_signal(int number)
{
	owner_send_signal(&tty.owner, number);
}

static void wake_reader(void)
{
	if (!line_has_input(&tty.line))
		return;
	stop_timer();
	object_wake(&tty.object, END_READ);
}

static void take_keys(const uint8_t *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		line_input(&tty.line, keys[i]);
}

static void tell_size(const struct winsize *before)
{
	tty.line.columns = tty.window.is_known ? tty.window.size.ws_col : 0;
	if (memcmp(&tty.window.size, before, sizeof(*before)) != 0)
		send_signal(SIGWINCH);
}

/* A byte from the terminal: a key, or a part of the answer about the size. */
static void take_byte(uint8_t byte)
{
	struct winsize before = tty.window.size;
	uint8_t keys[WINDOW_HELD + 1];

	take_keys(keys, window_filter(&tty.window, byte, keys));
	tell_size(&before);
}

static void take_input(void)
{
	int byte;

	while ((byte = ring_get(&tty.ring)) >= 0)
		take_byte(byte);
	timer_stop(&tty.window_timer);
	if (tty.window.held_count > 0)
		timer_start(&tty.window_timer, arch_now_ns() + HELD_NS);
	if (!line_is_canonical(&tty.line) && line_has_input(&tty.line))
		window_ask(&tty.window, arch_now_ns());
	wake_reader();
}

/* The escape key alone looks like the beginning of an answer. */
static void release_held(struct timer *timer)
{
	uint8_t keys[WINDOW_HELD];

	(void)timer;
	take_keys(keys, window_release(&tty.window, keys));
	wake_reader();
}

static void time_is_up(struct timer *timer)
{
	(void)timer;
	/* A signal may have ended the read: then there is no reader. */
	tty.timed_out = !list_is_empty(&tty.object.queue[END_READ].sleepers);
	object_wake(&tty.object, END_READ);
}

/* ---- Reading ------------------------------------------------------------ */

/* Start the timer of a raw read with VTIME: without VMIN from the beginning,
 * else from the first byte on. */
static void start_timer(void)
{
	const cc_t *cc = tty.line.modes.c_cc;

	if (cc[VTIME] == 0 || timer_is_started(&tty.timer) ||
	    (cc[VMIN] > 0 && !line_has_input(&tty.line)))
		return;
	timer_start(&tty.timer, arch_now_ns() + cc[VTIME] * TENTH_NS);
}

/* May a read return now? A raw read with VTIME and no VMIN returns at the first
 * byte, though line.c would return without a byte. */
static bool may_return(size_t bytes)
{
	const struct line *line = &tty.line;

	if (line_is_canonical(line))
		return line_is_readable(line, bytes);
	if (tty.timed_out)
		return true;
	if (line->modes.c_cc[VMIN] == 0 && line->modes.c_cc[VTIME] > 0)
		return line_has_input(line);
	return line_is_readable(line, bytes);
}

/* Copy out the bytes, up to the end of a line. */
static ssize_t read_pieces(uaddr_t to, size_t bytes)
{
	uint8_t buffer[PIECE_BYTES];
	struct line_piece piece;
	size_t done = 0;

	do {
		line_peek(&tty.line, buffer, MIN(bytes - done, PIECE_BYTES),
			  &piece);
		if (copy_to_user(to + done, buffer, piece.bytes) != 0)
			return done > 0 ? (ssize_t)done : -EFAULT;
		line_consume(&tty.line, &piece);
		done += piece.bytes;
	} while (piece.bytes > 0 && done < bytes && !piece.is_end);
	return done;
}

static ssize_t tty_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	ssize_t done;
	int error = owner_check_use(&tty.owner);

	(void)file;
	if (!error)
		error = owner_stop_background(&tty.owner, SIGTTIN, -EIO);
	if (error)
		return error;
	if (!may_return(bytes)) {
		if (!line_is_canonical(&tty.line))
			start_timer();
		return -EAGAIN;
	}
	done = read_pieces(to, bytes);
	stop_timer();
	return done;
}

/* ---- Writing ------------------------------------------------------------ */

static ssize_t tty_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	char buffer[PIECE_BYTES];
	size_t end = MIN(bytes, WRITE_BYTES);
	size_t done = 0;
	int error = 0;

	(void)file;
	if (owner_has_hung_up(&tty.owner))
		return -EIO;
	/* TOSTOP: a process that ignores SIGTTOU may write all the same. */
	if (tty.line.modes.c_lflag & TOSTOP)
		error = owner_stop_background(&tty.owner, SIGTTOU, 0);
	if (error)
		return error;
	while (done < end) {
		size_t length = MIN(end - done, PIECE_BYTES);

		if (copy_from_user(buffer, from + done, length) != 0)
			return done > 0 ? (ssize_t)done : -EFAULT;
		line_output(&tty.line, buffer, length);
		done += length;
	}
	return done;
}

void tty_write_log(const char *bytes, size_t length)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '\n')
			continue;
		arch_console_write(bytes + start, i - start);
		arch_console_write("\r\n", 2);
		start = i + 1;
	}
	arch_console_write(bytes + start, length - start);
}

/* ---- Control ------------------------------------------------------------ */

static int set_modes(uaddr_t from, bool flush)
{
	bool was_canonical = line_is_canonical(&tty.line);
	struct termios modes;
	int error;

	if (copy_from_user(&modes, from, sizeof(modes)) != 0)
		return -EFAULT;
	error = owner_check_use(&tty.owner);
	if (!error)
		error = owner_stop_background(&tty.owner, SIGTTOU, 0);
	if (error)
		return error;
	if (flush)
		line_flush_input(&tty.line);
	line_set_modes(&tty.line, &modes);
	if (was_canonical && !line_is_canonical(&tty.line))
		window_ask(&tty.window, arch_now_ns());
	stop_timer();
	if (line_has_input(&tty.line))
		object_wake(&tty.object, END_READ);
	return 0;
}

static int get_size(uaddr_t to)
{
	return copy_to_user(to, &tty.window.size, sizeof(tty.window.size));
}

static int set_size(uaddr_t from)
{
	struct winsize before = tty.window.size, size;
	int error;

	if (copy_from_user(&size, from, sizeof(size)) != 0)
		return -EFAULT;
	error = owner_check_use(&tty.owner);
	if (error)
		return error;
	tty.window.size = size;
	tty.window.is_known = true;
	tell_size(&before);
	return 0;
}

static int tty_control(struct open_file *file, uint32_t request,
		       uint32_t argument)
{
	(void)file;
	switch (request) {
	case TCGETS:
		return copy_to_user(argument, &tty.line.modes,
				    sizeof(tty.line.modes));
	case TCSETS:
	case TCSETSF:
		return set_modes(argument, request == TCSETSF);
	case TIOCGPGRP:
		return owner_get_foreground(&tty.owner, argument);
	case TIOCSPGRP:
		return owner_set_foreground(&tty.owner, argument);
	case TIOCGWINSZ:
		return get_size(argument);
	case TIOCSWINSZ:
		return set_size(argument);
	case TIOCSCTTY:
		return owner_take(&tty.owner);
	default:
		return -ENOTTY;
	}
}

static bool tty_describe(const struct object *object, char *to, size_t size)
{
	(void)object;
	strlcpy(to, "tty /dev/console", size);
	return true;
}

static const struct object_ops tty_ops = {
	.kind = "tty",
	.read = tty_read,
	.write = tty_write,
	.poll = tty_poll,
	.control = tty_control,
	.describe = tty_describe,
};

void tty_inherit(struct process *child, const struct process *parent)
{
	child->terminal = parent->terminal;
	if (child->terminal)
		object_get(child->terminal);
}

void tty_leave(struct process *process)
{
	if (process->terminal)
		owner_leave(&tty.owner, process);
}

void tty_is_dumb(void)
{
	tty.window.is_dumb = true;
}

void tty_init(void)
{
	object_init(&tty.object, &tty_ops);
	tty.owner.object = &tty.object;
	line_init(&tty.line, arch_console_write, send_signal);
	timer_init(&tty.timer, time_is_up);
	window_init(&tty.window, arch_console_write);
	timer_init(&tty.window_timer, release_held);
	cpu_set_deferred(PENDING_TTY, take_input);
	cpu_pend(PENDING_TTY);		/* keys may have come before us */
	device_register("console", &tty.object, 0600);
}
