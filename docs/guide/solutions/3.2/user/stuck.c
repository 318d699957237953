/* stuck.c - a child that waits for ever, and what `why` says of it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char command[32], c;
	int fds[2];
	pid_t pid;

	pipe(fds);
	pid = fork();
	if (pid == 0)
		read(fds[0], &c, 1);
	usleep(10000);
	snprintf(command, sizeof(command), "why %d | head -n 1", (int)pid);
	system(command);
	kill(pid, SIGKILL);
	return 0;
}
