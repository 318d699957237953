/* show.c - a task of high priority polls a pipe twice; its parent writes. */
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	const struct sched_param high = { .sched_priority = 9 };
	int ends[2], status;

	pipe(ends);
	if (fork() == 0) {
		struct pollfd twice[2] = { { ends[0], POLLIN, 0 },
					   { ends[0], POLLIN, 0 } };

		sched_setscheduler(0, SCHED_FIFO, &high);
		_exit(poll(twice, 2, -1));
	}
	usleep(10000);
	write(ends[1], "x", 1);
	wait(&status);
	printf("poll: %d\n", WEXITSTATUS(status));
	return 0;
}
