/* daemon.c - a process that goes on without a terminal (BSD). */
#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <unistd.h>

static int close_standard_files(void)
{
	int fd = open(_PATH_DEVNULL, O_RDWR);

	if (fd < 0)
		return -1;
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		if (dup2(fd, i) < 0)
			return -1;
	return fd > STDERR_FILENO ? close(fd) : 0;
}

/* The child leads no process group yet, so that setsid() is allowed. */
int daemon(int keeps_directory, int keeps_files)
{
	switch (fork()) {
	case -1:
		return -1;
	case 0:
		break;
	default:
		_exit(0);
	}
	if (setsid() < 0 || (!keeps_directory && chdir("/") < 0))
		return -1;
	return keeps_files ? 0 : close_standard_files();
}
