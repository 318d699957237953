/*
 * memory_zeros.c - memory that was read before the first write: each process
 * gets its own page at the write, by whatever way the write comes.
 */
#include <sys/mman.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define RW	(PROT_READ | PROT_WRITE)

/* Two pages that have been read. */
static volatile char *map_and_read(int prot)
{
	volatile char *pages = mmap(NULL, 2 * PAGE, prot,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(pages != MAP_FAILED);
	require(pages[0] == 0 && pages[2 * PAGE - 1] == 0);
	return pages;
}

static int is_zero(volatile char *page)
{
	for (int i = 0; i < PAGE; i++)
		if (page[i])
			return 0;
	return 1;
}

CASE(write_to_a_page_does_not_show_in_a_different_page)
{
	volatile char *pages = map_and_read(RW), *others = map_and_read(RW);

	pages[10] = 1;
	expect(pages[10] == 1 && pages[11] == 0);
	expect(is_zero(pages + PAGE) && is_zero(others));
}

CASE(write_of_a_child_does_not_show_in_the_parent)
{
	volatile char *pages = map_and_read(RW);
	pid_t child = fork();
	int status;

	if (child == 0) {
		pages[0] = 1;
		_exit(pages[0] != 1);
	}
	expect(waitpid(child, &status, 0) == child && status == 0);
	expect(is_zero(pages));
}

CASE(page_becomes_writable_by_mprotect)
{
	volatile char *pages = map_and_read(PROT_READ), *others;

	require(mprotect((void *)pages, PAGE, RW) == 0);
	pages[0] = 1;
	others = map_and_read(RW);
	expect(pages[0] == 1 && is_zero(pages + PAGE) && is_zero(others));
}

CASE_DIES(page_for_reading_stays_so, SIGSEGV)
{
	map_and_read(PROT_READ)[0] = 1;
}

CASE(system_call_writes_to_a_page_that_was_read)
{
	volatile char *pages = map_and_read(RW), *others = map_and_read(RW);
	int fds[2];

	require(pipe(fds) == 0 && write(fds[1], "data", 4) == 4);
	expect(read(fds[0], (void *)(pages + 8), 4) == 4);
	expect(memcmp((void *)(pages + 8), "data", 4) == 0);
	expect(is_zero(others));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
