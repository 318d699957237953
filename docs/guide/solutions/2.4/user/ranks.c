/* ranks.c - the task with the highest priority runs first. */
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RANKS = 3 };

static void wait_at(int fd, int priority)
{
	const struct sched_param param = { .sched_priority = priority };
	char c;

	sched_setscheduler(0, SCHED_FIFO, &param);
	read(fd, &c, 1);
	dprintf(1, "priority %d\n", priority);
	_exit(0);
}

int main(void)
{
	int gate[2];

	pipe(gate);
	for (int i = 1; i <= RANKS; i++) {
		if (fork() == 0) {
			close(gate[1]);
			wait_at(gate[0], i);
		}
	}
	usleep(10000);
	close(gate[1]);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
