/*
 * libc_terminal.c - speeds, breaks, and the controlling terminal of a new
 * session. Any POSIX system.
 */
#include <utmp.h>

#include "tests/user/pty.h"

CASE(speed_of_a_line_is_another_one)
{
	struct termios modes, seen;

	make_pair();
	require(tcgetattr(terminal, &modes) == 0);
	expect(cfsetispeed(&modes, B1200) == 0);
	expect(cfsetospeed(&modes, B1200) == 0);
	expect(cfgetispeed(&modes) == B1200 && cfgetospeed(&modes) == B1200);
	require(tcsetattr(terminal, TCSANOW, &modes) == 0);
	require(tcgetattr(terminal, &seen) == 0);
	expect(cfgetispeed(&seen) == B1200 && cfgetospeed(&seen) == B1200);
	/* The speed of the input 0: that of the output. */
	expect(cfsetispeed(&modes, 0) == 0 && cfgetospeed(&modes) == B1200);
}

CASE(break_is_sent_to_no_terminal)
{
	int fds[2];

	make_pair();
	expect(tcsendbreak(terminal, 0) == 0);
	require(pipe(fds) == 0);
	expect_error(tcsendbreak(fds[1], 0), ENOTTY);
	expect_error(tcsendbreak(-1, 0), EBADF);
}

/* The output of this child goes to the terminal: the status tells. */
static int log_in(void)
{
	char path[L_ctermid];
	int fd;

	if (login_tty(terminal) != 0)
		return 1;
	if (!isatty(0) || !isatty(1) || !isatty(2))
		return 2;
	if (getsid(0) != getpid() || tcgetsid(0) != getpid())
		return 3;
	if (ctermid(path) != path || strcmp(path, ctermid(NULL)) != 0)
		return 4;
	fd = open(path, O_RDWR);
	if (fd < 0 || tcgetpgrp(fd) != getpgrp())
		return 5;
	if (terminal > 2 && fcntl(terminal, F_GETFD) != -1 && fd != terminal)
		return 6;
	return 0;
}

CASE(new_session_has_no_controlling_terminal)
{
	make_pair();
	expect(run_in_child(log_in) == 0);
}

static int log_in_at_a_pipe(void)
{
	int fds[2];

	return pipe(fds) == 0 && login_tty(fds[0]) == -1 &&
	       errno == ENOTTY ? 0 : 1;
}

CASE(pipe_becomes_a_controlling_terminal)
{
	expect(run_in_child(log_in_at_a_pipe) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
