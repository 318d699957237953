/*
 * terminal.h - a terminal as an object: what the console and a pseudo-terminal
 * have in common.
 *
 * The driver embeds a struct terminal, gives keys to terminal_input(), and
 * shows what the line discipline writes.
 */
#pragma once

#include "kernel/dev/line.h"
#include "kernel/dev/owner.h"
#include "kernel/obj/object.h"
#include "kernel/task/timer.h"

struct terminal;

/* [const] What a driver does. NULL: nothing. */
struct terminal_ops {
	/* How many bytes may a program write now? NULL: any number. */
	size_t (*room)(const struct terminal *terminal);
	/* Input was taken out: there may be room for more keys. */
	void (*was_read)(struct terminal *terminal);
	/* The modes have changed from whole lines to single keys. */
	void (*is_raw)(struct terminal *terminal);
};

/* [P] */
struct terminal {
	struct object object;		/* first */
	const struct terminal_ops *ops;	/* [const] */
	struct line line;
	struct tty_owner owner;
	struct winsize size;
	struct timer timer;		/* of a read by time */
	bool timed_out;
	uint32_t signals;		/* that keys have sent */
	bool is_hung_up;		/* no more input, and none reads */
};

static inline struct terminal *terminal_of(const struct object *object)
{
	return CONTAINER_OF(object, struct terminal, object);
}

/* The caller has set line.screen.output, line.cells and ops; the memory is
 * zeroed. */
void terminal_init(struct terminal *terminal, const struct object_ops *ops);
/* Before the memory goes: the timer stops. */
void terminal_end(struct terminal *terminal);

/* Keys were typed. terminal_wake() comes after the last. */
void terminal_input(struct terminal *terminal, const uint8_t *keys,
		    size_t count);
/* Wake a reader, if there is something to read. */
void terminal_wake(struct terminal *terminal);
/* New modes; input that waits is dropped with `flush`, or read by the new
 * modes. */
void terminal_set_modes(struct terminal *terminal, const struct termios *modes,
			bool flush);
/* Stop the output, so that programs that write wait, or let it go on. */
void terminal_stop_output(struct terminal *terminal, bool is_stopped);
/* The window has a size: the foreground hears of a change. */
void terminal_set_size(struct terminal *terminal, const struct winsize *size);
/*
 * The far side has gone for ever: reads return 0, all other uses -EIO. The
 * session's leader gets SIGHUP and SIGCONT.
 */
void terminal_hang_up(struct terminal *terminal);

/* For object_ops. */
ssize_t terminal_read(struct open_file *file, uaddr_t to, size_t bytes);
ssize_t terminal_write(struct open_file *file, uaddr_t from, size_t bytes);
unsigned terminal_poll(const struct open_file *file);
int terminal_control(struct open_file *file, uint32_t request,
		     uint32_t argument);

/* The requests that a program at the far side may make, too: modes, size and
 * foreground, without the checks of job control. -ENOTTY: no such request. */
int terminal_control_far(struct terminal *terminal, uint32_t request,
			 uint32_t argument);

/*
 * The process ends, begins a new session, or gives the terminal up: release the
 * controlling terminal. For the session's leader, the foreground group gets
 * SIGHUP and SIGCONT, and the terminal is free for a new session.
 */
void terminal_leave(struct process *process);

/* The child of a fork shares the parent's controlling terminal. */
void terminal_inherit(struct process *child, const struct process *parent);
