/* asks.c - a child waits for a pipe; the kernel says for whom. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char number[12], byte;
	int ends[2], from_child[2];
	pid_t child, why;

	pipe(ends);
	pipe(from_child);
	child = fork();
	if (child == 0) {
		write(from_child[1], "!", 1);
		read(ends[0], &byte, 1);
		_exit(0);
	}
	read(from_child[0], &byte, 1);
	usleep(10000);		/* the child sleeps in its read() by now */
	snprintf(number, sizeof(number), "%d", child);
	why = fork();
	if (why == 0)
		execlp("why", "why", number, NULL);
	waitpid(why, NULL, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
