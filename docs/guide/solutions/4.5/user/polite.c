/* polite.c - a background task does not run beside a busy one. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(void)
{
	volatile int *count = mmap(NULL, sizeof(*count),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const struct sched_param none = { 0 };
	pid_t pid;
	long end;
	int before;

	pid = fork();
	if (pid == 0) {
		sched_setscheduler(0, SCHED_IDLE, &none);
		for (;;)
			++*count;
	}
	usleep(20000);
	before = *count;
	end = milliseconds() + 50;
	while (milliseconds() < end)
		continue;
	printf("the background got %s\n", *count == before && before > 0 ?
	       "nothing" : "something");
	kill(pid, SIGKILL);
	return 0;
}
