/* system.c - run a command with the shell and wait for its end. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/pthread/cancel.h"

struct command {
	pid_t child;
	struct sigaction old_int, old_quit;
	sigset_t old_mask;
};

static void restore_signals(const struct command *command)
{
	sigaction(SIGINT, &command->old_int, NULL);
	sigaction(SIGQUIT, &command->old_quit, NULL);
	sigprocmask(SIG_SETMASK, &command->old_mask, NULL);
}

/* The thread is cancelled: so is the command, as POSIX recommends. */
static void end_command(void *context)
{
	struct command *command = context;

	kill(command->child, SIGKILL);
	while (waitpid(command->child, NULL, 0) < 0 && errno == EINTR)
		;
	restore_signals(command);
}

/* The status of the child, or -1. A cancellation point. */
static int wait_for(struct command *command)
{
	int status = -1;

	pthread_cleanup_push(end_command, command);
	while (waitpid(command->child, &status, 0) < 0 && errno == EINTR)
		;
	pthread_cleanup_pop(0);
	return status;
}

/* While the command runs, ctrl+C and ctrl+\ go to the command, not to the
   caller, and system() waits for its end, not a handler of SIGCHLD. */
int system(const char *line)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct command command;
	sigset_t children;
	int status = -1;

	__point();
	if (!line)
		return access("/bin/sh", X_OK) == 0;
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_BLOCK, &children, &command.old_mask);
	sigaction(SIGINT, &ignore, &command.old_int);
	sigaction(SIGQUIT, &ignore, &command.old_quit);

	command.child = fork();
	if (command.child == 0) {
		restore_signals(&command);
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	if (command.child > 0)
		status = wait_for(&command);
	restore_signals(&command);
	return status;
}
