/* popen.c - a pipe to or from a command. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/stdio/file.h"

static _Noreturn void run(const char *command, int from, int to)
{
	if (from == to)		/* dup2() would leave it close-on-exec */
		fcntl(to, F_SETFD, 0);
	else
		dup2(from, to);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Both ends close at exec, so a command does not hold the pipes of others. */
FILE *popen(const char *command, const char *mode)
{
	int flags, fds[2], ours, theirs;
	FILE *file;

	if (__file_parse_mode(mode, &flags) < 0 || flags & O_APPEND ||
	    flags & O_RDWR) {
		errno = EINVAL;
		return NULL;
	}
	if (pipe2(fds, O_CLOEXEC) < 0)
		return NULL;
	ours = *mode == 'r' ? 0 : 1;
	theirs = 1 - ours;
	file = __file_new(fds[ours], flags & O_ACCMODE);
	if (!file)
		goto close_pipe;
	file->child = fork();
	if (file->child < 0)
		goto free_file;
	if (file->child == 0)
		run(command, fds[theirs], theirs);
	__quiet_close(fds[theirs]);
	if (!(flags & O_CLOEXEC))
		fcntl(fds[ours], F_SETFD, 0);
	return file;

free_file:
	free(file);
close_pipe:
	__quiet_close(fds[0]);
	__quiet_close(fds[1]);
	return NULL;
}

int pclose(FILE *file)
{
	pid_t child = file->child, waited;
	int status;

	fclose(file);
	do {
		waited = waitpid(child, &status, 0);
	} while (waited < 0 && errno == EINTR);
	return waited < 0 ? -1 : status;
}
