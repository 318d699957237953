/* show.c - four children sleep for 300 ms, the parent often for 10 ms. */
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long slept_ms(long ms)
{
	const struct timespec wanted = { 0, ms * 1000000 };
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	nanosleep(&wanted, NULL);
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (end.tv_sec - begin.tv_sec) * 1000 +
	       (end.tv_nsec - begin.tv_nsec) / 1000000;
}

int main(void)
{
	int status, is_short = 0;

	for (int i = 0; i < 4; i++)
		if (fork() == 0)
			_exit(slept_ms(300) < 300);
	for (int i = 0; i < 5; i++)
		slept_ms(10);
	while (wait(&status) > 0)
		is_short |= status;
	puts(is_short ? "a long sleep was short" : "each sleep had its time");
	return 0;
}
