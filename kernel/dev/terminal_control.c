/*
 * terminal_control.c - the requests of ioctl() to a terminal: modes, size,
 * output, foreground.
 *
 * A process in the background may not change a terminal: the process gets
 * SIGTTOU (owner.c). The program at the far side of a pseudo-terminal may
 * change modes and size without this check.
 */
#include "kernel/dev/terminal.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/string.h"
#include "kernel/obj/file.h"
#include "kernel/task/process.h"

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
		terminal_set_modes(terminal, &modes, flush);
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
		terminal_stop_output(terminal, action == TCOOFF);
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
