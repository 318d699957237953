/*
 * hostile_regions.c - a process with as many mappings as it may have: its
 * faults and its fork are done in parts. tests/tools/latency counts the longest
 * stretch.
 *
 * linux: no
 */
#include <sys/mman.h>

#include "tests/user/hostile.h"

#define MAPPINGS	900

static volatile char own = 1;

/* The child's first fault looks for its region among all. */
static int map_much(void)
{
	int fd = open("/tmp/hostile.regions", O_RDWR | O_CREAT, 0600), n;
	pid_t child;

	require(fd >= 0 && ftruncate(fd, 8192) == 0);
	for (n = 0; mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 4096) !=
			    MAP_FAILED; n++)
		;
	expect(n >= MAPPINGS);
	own = 2;
	child = fork_or_fail();
	if (child == 0) {
		own = 3;
		_exit(own - 3);
	}
	expect(result_of(child) == 0);
	close(fd);
	return unlink("/tmp/hostile.regions") == 0 ? case_failed : 1;
}

CASE(fault_among_many_mappings_holds_the_processor)
{
	attack_beside_root(map_much);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
