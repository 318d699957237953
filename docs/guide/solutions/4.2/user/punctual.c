/* punctual.c - sleep until a time, not for one. */
#include <stdio.h>
#include <time.h>

int main(void)
{
	struct timespec when, now;

	clock_gettime(CLOCK_MONOTONIC, &when);
	for (int i = 0; i < 3; i++) {
		when.tv_nsec += 10000000;
		if (when.tv_nsec >= 1000000000) {
			when.tv_nsec -= 1000000000;
			when.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
		printf("%s\n", now.tv_sec > when.tv_sec ||
		       (now.tv_sec == when.tv_sec &&
			now.tv_nsec >= when.tv_nsec) ? "on time" : "early");
	}
	return 0;
}
