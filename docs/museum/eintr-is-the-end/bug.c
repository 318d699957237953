/* bug.c - an interrupted read is taken for the end of the file. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void on_signal(int n)
{
	(void)n;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	char buffer[16];
	ssize_t bytes;
	int ends[2];

	pipe(ends);
	sigaction(SIGUSR1, &action, NULL);
	if (fork() == 0) {
		usleep(10000);
		kill(getppid(), SIGUSR1);
		usleep(10000);
		write(ends[1], "hello", 5);
		_exit(0);
	}
	bytes = read(ends[0], buffer, sizeof(buffer));
	if (bytes > 0)
		printf("%.*s\n", (int)bytes, buffer);
	else
		printf("the end\n");
	wait(NULL);
	return 0;
}
