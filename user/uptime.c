/*
 * uptime.c - how long the machine has been running.
 *
 * CLOCK_MONOTONIC is 0 when the kernel starts, and is never set. So the value
 * of the clock is the answer.
 */
#include <program.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"uptime\n"
	"Shows how long ago the kernel was started.\n";

int main(int argc, char **argv)
{
	struct timespec now;
	long seconds;

	parse_no_options(argc, argv, help);
	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = now.tv_sec;
	printf("up ");
	if (seconds >= 86400)
		printf("%ld days, ", seconds / 86400);
	printf("%ld:%02ld:%02ld.%03ld\n", seconds / 3600 % 24,
	       seconds / 60 % 60, seconds % 60, (long)now.tv_nsec / 1000000);
	return finish(0);
}
