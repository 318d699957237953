/*
 * uptime.c - how long the machine has been running, and how busy it is.
 *
 * CLOCK_MONOTONIC is 0 when the kernel starts, and is never set. So the value
 * of the clock is the answer.
 */
#include <program.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"uptime\n"
	"Shows how long ago the kernel was started, and how many tasks ran or\n"
	"could run on average over 1, 5 and 15 minutes.\n";

int main(int argc, char **argv)
{
	struct timespec now;
	double loads[3] = { 0 };
	long seconds;

	parse_no_options(argc, argv, help);
	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = now.tv_sec;
	printf("up ");
	if (seconds >= 86400)
		printf("%ld days, ", seconds / 86400);
	printf("%ld:%02ld:%02ld.%03ld", seconds / 3600 % 24,
	       seconds / 60 % 60, seconds % 60, (long)now.tv_nsec / 1000000);
	getloadavg(loads, 3);
	printf(", load average: %.2f, %.2f, %.2f\n", loads[0], loads[1],
	       loads[2]);
	return finish(0);
}
