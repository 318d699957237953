/*
 * pty_session.h - a child in a session of its own, with a pair as its terminal.
 */
#pragma once

#include <utmp.h>

#include "tests/user/pty.h"

/* A child whose terminal is the pair; `master` is ours alone. */
HELPER pid_t start_inside(int (*function)(void))
{
	pid_t child = forkpty(&master, name, NULL, NULL);

	require(child >= 0);
	if (child == 0) {
		terminal = 0;
		_exit(function());
	}
	return child;
}
