/* openpty.c - a pseudo-terminal in one call, and a process in it. */
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmp.h>

#include "libc/internal.h"

/* The terminal of a new master, or -1. */
static int open_terminal(int master, char *name)
{
	const char *path = ptsname(master);

	if (grantpt(master) < 0 || unlockpt(master) < 0 || !path)
		return -1;
	if (name)
		strcpy(name, path);
	return open(path, O_RDWR | O_NOCTTY);
}

int openpty(int *master, int *terminal, char *name,
	    const struct termios *modes, const struct winsize *size)
{
	int far = posix_openpt(O_RDWR | O_NOCTTY), near;

	if (far < 0)
		return -1;
	near = open_terminal(far, name);
	if (near < 0) {
		__quiet_close(far);
		return -1;
	}
	if (modes)
		tcsetattr(near, TCSAFLUSH, modes);
	if (size)
		tcsetwinsize(near, size);
	*master = far;
	*terminal = near;
	return 0;
}

int login_tty(int terminal)
{
	setsid();
	if (ioctl(terminal, TIOCSCTTY, 0) < 0)
		return -1;
	for (int fd = 0; fd < 3; fd++)
		if (dup2(terminal, fd) < 0)
			return -1;
	if (terminal > 2)
		__quiet_close(terminal);
	return 0;
}

pid_t forkpty(int *master, char *name, const struct termios *modes,
	      const struct winsize *size)
{
	int terminal;
	pid_t child;

	if (openpty(master, &terminal, name, modes, size) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		__quiet_close(*master);
		if (login_tty(terminal) < 0)
			_exit(1);
		return 0;
	}
	__quiet_close(terminal);
	if (child < 0)
		__quiet_close(*master);
	return child;
}
