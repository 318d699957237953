/*
 * locker.h - processes that take record locks on command.
 *
 * A locker executes a command at a time. So the test knows the order of all
 * calls. A command is a byte of the file to lock or to unlock.
 */
#pragma once

#include "docs/labs/lab.h"

#define LOCK_FILE	"/tmp/lab_detector"
#define SLEEPS_ON	-1

struct locker {
	pid_t pid;
	int commands[2], results[2];
};

struct command {
	short type;			/* F_RDLCK, F_WRLCK, F_UNLCK */
	short byte;
};

HELPER void locker_run(const struct locker *locker)
{
	int file = open(LOCK_FILE, O_RDWR), result;
	struct command command;

	while (read_all(locker->commands[0], &command, sizeof(command))) {
		struct flock lock = {
			.l_type = command.type, .l_whence = SEEK_SET,
			.l_start = command.byte, .l_len = 1,
		};

		result = fcntl(file, F_SETLKW, &lock) == 0 ? 0 : errno;
		write(locker->results[1], &result, sizeof(result));
	}
	_exit(0);
}

HELPER void start_lockers(struct locker *lockers, int count)
{
	close(open(LOCK_FILE, O_RDWR | O_CREAT, 0600));
	for (int i = 0; i < count; i++) {
		require(pipe(lockers[i].commands) == 0 &&
			pipe(lockers[i].results) == 0);
		set_nonblocking(lockers[i].results[0], 1);
		lockers[i].pid = fork_or_fail();
		if (lockers[i].pid == 0)
			locker_run(&lockers[i]);
	}
}

HELPER void end_lockers(const struct locker *lockers, int count)
{
	for (int i = 0; i < count; i++)
		kill_and_wait(lockers[i].pid);
	unlink(LOCK_FILE);
}

/* The result of the last command: 0, an errno, or SLEEPS_ON. */
HELPER int answer_of(const struct locker *locker)
{
	int result;

	for (int i = 0; i < 20; i++)
		sched_yield();
	until_asleep(locker->pid);
	return read(locker->results[0], &result, sizeof(result)) ==
	       sizeof(result) ? result : SLEEPS_ON;
}

HELPER int tell(const struct locker *locker, short type, short byte)
{
	const struct command command = { type, byte };

	require(write(locker->commands[1], &command, sizeof(command)) ==
		sizeof(command));
	return answer_of(locker);
}
