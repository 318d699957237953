/* warden.c - wait for the end of a child, but not for ever. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void watch(pid_t child)
{
	struct pollfd end = { .fd = pidfd_open(child, 0), .events = POLLIN };
	int status;

	if (poll(&end, 1, 50) == 0) {
		printf("too slow\n");
		kill(child, SIGKILL);
	}
	waitpid(child, &status, 0);
	if (WIFEXITED(status))
		printf("ended with %d\n", WEXITSTATUS(status));
	close(end.fd);
}

int main(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(3);
	watch(child);
	child = fork();
	if (child == 0)
		for (;;)
			pause();
	watch(child);
	return 0;
}
