/* pty.h - pseudo-terminals, by the functions of BSD. */
#pragma once

#include "kernel/abi/types.h"

#include <sys/ioctl.h>
#include <termios.h>

/* NULL: no wish. `name` has room for the path of the terminal: 20 bytes. */
int openpty(int *master, int *terminal, char *name,
	    const struct termios *modes, const struct winsize *size);
/* fork(); the child has the new terminal as controlling terminal and as
 * descriptors 0 to 2. */
pid_t forkpty(int *master, char *name, const struct termios *modes,
	      const struct winsize *size);
