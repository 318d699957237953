/*
 * boot.c - what it takes to get here: the machine, init, a shell, this program.
 *
 * Under -icount a nanosecond is an instruction. The clock starts when it has
 * been measured, which takes another 0.1 ms right after kernel entry.
 */
#include <stdio.h>
#include <time.h>

#define CLOCK_MEASURING_NS	120000

int main(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	printf("bench boot_to_prompt %lld\n", now.tv_sec * 1000000000LL +
	       now.tv_nsec + CLOCK_MEASURING_NS);
	return 0;
}
