/* zombie.c - what is left of a child until its parent asks. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char command[64];
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	usleep(10000);
	snprintf(command, sizeof(command),
		 "ps %d | grep -o zombie | head -n 1", (int)pid);
	system(command);
	waitpid(pid, NULL, 0);
	return 0;
}
