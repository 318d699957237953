/*
 * helpers.h - helpers for many cases: children, sleepers, handlers, pipes.
 *
 * Nothing here measures time. A case that needs a waiting process asks for the
 * state of the process until the process sleeps.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/user/case.h"

#define HELPER		__attribute__((unused)) static

/* The compiler does not know this address. */
HELPER void *volatile nowhere = (void *)16;

/* ---- Children ------------------------------------------------------------ */

/* The exit status of a child, or minus the signal of its death. */
HELPER int result_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1000;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

HELPER pid_t fork_or_fail(void)
{
	pid_t pid = fork();

	if (pid < 0)
		require(!"fork");
	return pid;
}

/* Fork a child that runs this function and exits with the function's result. */
HELPER pid_t start(int (*function)(void))
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(function());
	return pid;
}

/* Run before all ordinary processes, and before them in each wait queue. */
HELPER void be_urgent(int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	require(sched_setscheduler(0, SCHED_RR, &param) >= 0);
}

/* Run only when no ordinary process can. */
HELPER void be_background(void)
{
	const struct sched_param param = { .sched_priority = 0 };

	require(sched_setscheduler(0, SCHED_IDLE, &param) >= 0);
}

/* As above, and wait for the child. */
HELPER int run_in_child(int (*function)(void))
{
	return result_of(start(function));
}

HELPER int kill_and_wait(pid_t pid)
{
	kill(pid, SIGKILL);
	return result_of(pid);
}

/* ---- Sleepers ------------------------------------------------------------ */

/* Read a file into text; 0: the file does not open. */
HELPER int read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	size_t length = 0;
	ssize_t n = 1;

	while (fd >= 0 && n > 0 && length < size - 1) {
		n = read(fd, text + length, size - 1 - length);
		length += n > 0 ? n : 0;
	}
	if (fd >= 0)
		close(fd);
	text[length] = '\0';
	return fd >= 0;
}

/* The state of a process in one word of the system, "" if unknown. */
HELPER void state_of(pid_t pid, char *state, size_t size)
{
	static char text[16384];
	char key[32], *line;

	*state = '\0';
	snprintf(key, sizeof(key), "/proc/%d/stat", (int)pid);
	/* On Parley a look at /proc/PID would make a name of the process. */
	if (!leak_is_parley() && read_text(key, text, sizeof(text))) {
		line = strrchr(text, ')');
		snprintf(state, size, "%.1s", line ? line + 2 : "");
		return;
	}
	read_text("/proc/tasks", text, sizeof(text));
	snprintf(key, sizeof(key), "\n%d\t", (int)pid);
	line = strstr(text, key);
	for (int tabs = 0; line && tabs < 3; tabs++) {
		line = strchr(line, '\t');
		line += line != NULL;
	}
	if (line)
		snprintf(state, size, "%.*s", (int)strcspn(line, "\t"), line);
}

HELPER int is_in_state(pid_t pid, const char *here, const char *there)
{
	char state[16];

	state_of(pid, state, sizeof(state));
	return strcmp(state, here) == 0 || strcmp(state, there) == 0;
}

HELPER void until_in_state(pid_t pid, const char *here, const char *there)
{
	while (!is_in_state(pid, here, there))
		case_pause();
}

/* Wait until the process waits for something in the kernel, or has ended: on a
 * busy machine a wait with a deadline is over before this process looks. */
HELPER void until_asleep(pid_t pid)
{
	while (!is_in_state(pid, "blocked", "S") &&
	       !is_in_state(pid, "zombie", "Z"))
		case_pause();
}

/* Start a child with this function, and wait until the child waits. */
HELPER pid_t start_asleep(int (*function)(void))
{
	pid_t pid = start(function);

	until_asleep(pid);
	return pid;
}

HELPER int sleep_for_ever(void)
{
	for (;;)
		pause();
	return 0;
}

HELPER pid_t start_sleeper(void)
{
	return start_asleep(sleep_for_ever);
}

HELPER void until_zombie(pid_t pid)
{
	until_in_state(pid, "zombie", "Z");
}

HELPER int is_asleep(pid_t pid)
{
	return is_in_state(pid, "blocked", "S");
}

/* ---- Signals ------------------------------------------------------------- */

HELPER volatile sig_atomic_t caught, caught_signal;

HELPER void catch_it(int n)
{
	caught++;
	caught_signal = n;
}

HELPER void set_handler(int n, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = flags;
	require(sigaction(n, &action, NULL) == 0);
}

HELPER sigset_t set_of(int n)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, n);
	return set;
}

HELPER void block(int n)
{
	sigset_t set = set_of(n);

	require(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
}

HELPER void unblock(int n)
{
	sigset_t set = set_of(n);

	require(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
}

HELPER int is_pending(int n)
{
	sigset_t set;

	require(sigpending(&set) == 0);
	return sigismember(&set, n);
}

/* ---- Pipes --------------------------------------------------------------- */

#define PIPE_BYTES	65536

HELPER void set_nonblocking(int fd, int on)
{
	int flags = fcntl(fd, F_GETFL);

	flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	require(fcntl(fd, F_SETFL, flags) == 0);
}

/* Write zeros until nothing more goes in; how many. */
HELPER long fill_pipe(int fd)
{
	static const char zeros[4096];
	long total = 0;
	ssize_t n;

	set_nonblocking(fd, 1);
	while ((n = write(fd, zeros, sizeof(zeros))) > 0)
		total += n;
	while ((n = write(fd, zeros, 1)) > 0)
		total += n;
	set_nonblocking(fd, 0);
	return total;
}

/* Read exactly this many bytes; 0 when the end of file or an error came. */
HELPER int read_all(int fd, void *to, size_t bytes)
{
	size_t done = 0;
	ssize_t n;

	while (done < bytes) {
		n = read(fd, (char *)to + done, bytes - done);
		if (n <= 0)
			return 0;
		done += n;
	}
	return 1;
}

/* Read and forget this many bytes. */
HELPER int drain(int fd, size_t bytes)
{
	static char to[4096];
	size_t piece;

	for (; bytes > 0; bytes -= piece) {
		piece = bytes < sizeof(to) ? bytes : sizeof(to);
		if (!read_all(fd, to, piece))
			return 0;
	}
	return 1;
}
