/*
 * memory_advice.c - madvise() drops pages, and mincore() tells which are there.
 * Linux has both.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define RW	(PROT_READ | PROT_WRITE)

static unsigned char present[4];

static char *map(int flags, int fd)
{
	char *pages = mmap(NULL, 4 * PAGE, RW, flags, fd, 0);

	require(pages != MAP_FAILED);
	return pages;
}

/* A file of four pages of 'f', without a name. */
static int new_file(void)
{
	static char page[PAGE];
	char name[] = "/tmp/advice-XXXXXX";
	int fd = mkstemp(name);

	require(fd >= 0);
	unlink(name);
	memset(page, 'f', sizeof(page));
	for (int i = 0; i < 4; i++)
		require(write(fd, page, PAGE) == PAGE);
	return fd;
}

CASE(dropped_memory_is_zero)
{
	char *pages = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);

	memset(pages, 'x', 4 * PAGE);
	expect(madvise(pages + PAGE, 2 * PAGE, MADV_DONTNEED) == 0);
	expect(pages[0] == 'x' && pages[3 * PAGE] == 'x');
	expect(pages[PAGE] == 0 && pages[3 * PAGE - 1] == 0);
	pages[PAGE] = 'y';
	expect(pages[PAGE] == 'y');
}

CASE(a_private_mapping_has_the_file_again)
{
	char *pages = map(MAP_PRIVATE, new_file());

	memset(pages, 'x', 4 * PAGE);
	expect(madvise(pages, PAGE, MADV_DONTNEED) == 0);
	expect(pages[0] == 'f' && pages[PAGE] == 'x');
}

CASE(a_shared_mapping_loses_nothing)
{
	char *file = map(MAP_SHARED, new_file());
	char *memory = map(MAP_SHARED | MAP_ANONYMOUS, -1);

	memset(file, 'x', PAGE);
	memset(memory, 'x', PAGE);
	expect(madvise(file, 4 * PAGE, MADV_DONTNEED) == 0);
	expect(madvise(memory, 4 * PAGE, MADV_DONTNEED) == 0);
	expect(file[0] == 'x' && file[PAGE] == 'f' && memory[0] == 'x');
}

CASE(a_child_keeps_what_the_parent_drops)
{
	char *pages = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int go[2];
	pid_t child;
	char byte;

	require(pipe(go) == 0);
	pages[0] = 'x';
	child = fork_or_fail();
	if (child == 0)
		_exit(read(go[0], &byte, 1) == 1 && pages[0] == 'x' ? 3 : 4);
	expect(madvise(pages, PAGE, MADV_DONTNEED) == 0 && pages[0] == 0);
	expect(write(go[1], "x", 1) == 1 && result_of(child) == 3);
}

CASE(pages_come_with_the_first_access_and_go)
{
	char *pages = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);

	pages[PAGE] = 'x';
	expect(mincore(pages, 4 * PAGE, present) == 0);
	expect(!(present[0] & 1) && present[1] & 1 && !(present[2] & 1));
	expect(madvise(pages, 4 * PAGE, MADV_DONTNEED) == 0);
	expect(mincore(pages, 4 * PAGE, present) == 0 && !(present[1] & 1));
}

CASE(advice_without_effect_and_errors)
{
	char *pages = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);

	pages[0] = 'x';
	expect(madvise(pages, PAGE, MADV_NORMAL) == 0);
	expect(madvise(pages, PAGE, MADV_RANDOM) == 0);
	expect(madvise(pages, PAGE, MADV_SEQUENTIAL) == 0);
	expect(posix_madvise(pages, PAGE, POSIX_MADV_DONTNEED) == 0);
	expect(pages[0] == 'x');
	expect_error(madvise(pages + 1, PAGE, MADV_DONTNEED), EINVAL);
	expect_error(madvise(pages, PAGE, 4711), EINVAL);
	expect(posix_madvise(pages, PAGE, 4711) == EINVAL);
	expect_error(mincore(pages + 1, PAGE, present), EINVAL);
	expect_error(mincore(pages, PAGE, nowhere), EFAULT);
	require(munmap(pages + PAGE, PAGE) == 0);
	expect_error(madvise(pages, 2 * PAGE, MADV_DONTNEED), ENOMEM);
	expect_error(mincore(pages, 2 * PAGE, present), ENOMEM);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
