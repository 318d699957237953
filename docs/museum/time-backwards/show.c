/* show.c - the processor time of this process, before and after a loop. */
#include <stdio.h>
#include <time.h>

static long long used_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec * 1000000000ll + used.tv_nsec;
}

int main(void)
{
	volatile int count = 0;
	long long before = used_ns();

	while (count < 1000000)
		count++;
	puts(used_ns() > before ? "the time goes on" : "the time goes back");
	return 0;
}
