/*
 * boot.c - the time to get here: the machine, init, a shell, this program.
 *
 * Under -icount a nanosecond is an instruction. The clock starts after its
 * calibration, which takes 0.1 ms more right after kernel entry.
 *
 * only: parley
 */
#include <time.h>

#include "tests/bench/bench.h"

#define CLOCK_MEASURING_NS	120000

static void boot(const char *name)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	report(name, now.tv_sec * 1000000000ULL + now.tv_nsec +
	       CLOCK_MEASURING_NS);
}

static const struct row rows[] = {
	{ "boot", boot },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
