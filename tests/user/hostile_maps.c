/*
 * hostile_maps.c - one call for hundreds of mappings or thousands of pages:
 * the work is done in parts. tests/tools/latency counts the longest stretch.
 *
 * linux: no
 */
#include <pages.h>

#include "tests/user/hostile.h"

#define PAGE		4096
#define MANY		900		/* mappings; a process may have 1024 */
#define LARGE		2048		/* pages */
#define RW		(PROT_READ | PROT_WRITE)
#define ANONYMOUS	(MAP_PRIVATE | MAP_ANONYMOUS)

/* Mappings of a page each, side by side and touched. */
static char *map_many(void)
{
	char *p = mmap(NULL, MANY * PAGE, PROT_NONE, ANONYMOUS, -1, 0);

	require(p != MAP_FAILED && munmap(p, MANY * PAGE) == 0);
	for (int i = 0; i < MANY; i++) {
		char *at = p + i * PAGE;

		require(mmap(at, PAGE, RW, MAP_FIXED | ANONYMOUS, -1, 0) == at);
		*at = i;
	}
	return p;
}

static int change_many(void)
{
	char *p = map_many();

	expect(mprotect(p, MANY * PAGE, PROT_READ) == 0);
	expect(mprotect(p, MANY * PAGE, RW) == 0);
	expect(msync(p, MANY * PAGE, MS_SYNC) == 0);
	expect(p[5 * PAGE] == 5);
	expect(madvise(p, MANY * PAGE, MADV_DONTNEED) == 0);
	expect(p[5 * PAGE] == 0);
	expect(munmap(p, MANY * PAGE) == 0);
	expect_error(msync(p, MANY * PAGE, MS_SYNC), ENOMEM);
	return case_failed;
}

CASE(change_of_many_mappings_holds_the_processor)
{
	attack_beside_root(change_many);
}

static int replace_many(void)
{
	char *p = map_many();

	expect(mmap(p, MANY * PAGE, RW, MAP_FIXED | ANONYMOUS, -1, 0) == p);
	for (int i = 0; i < MANY; i++)
		expect(p[i * PAGE] == 0);
	/* The new mapping is a single one. */
	map_many();
	return case_failed;
}

CASE(mapping_over_many_mappings_holds_the_processor)
{
	attack_beside_root(replace_many);
}

/* Each page of the file begins with its number. */
static int numbered_file(void)
{
	int fd = open("/tmp/hostile.maps", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0 && unlink("/tmp/hostile.maps") == 0);
	for (int i = 0; i < LARGE; i++)
		require(pwrite(fd, &i, sizeof(i), (off_t)i * PAGE) ==
			sizeof(i));
	return fd;
}

static int replace_pages(void)
{
	char *p = mmap(NULL, LARGE * PAGE, RW, ANONYMOUS, -1, 0);
	int fd = numbered_file();

	require(p != MAP_FAILED);
	memset(p, 'x', LARGE * PAGE);
	expect(mmap(p, LARGE * PAGE, RW, MAP_FIXED | MAP_SHARED, fd, 0) == p);
	for (int i = 0; i < LARGE; i++)
		expect(*(int *)(p + i * PAGE) == i);
	expect(mmap(p, (LARGE - 3) * PAGE, RW, MAP_FIXED | MAP_PRIVATE, fd,
		    3 * PAGE) == p);
	for (int i = 0; i < LARGE - 3; i++)
		expect(*(int *)(p + i * PAGE) == i + 3);
	for (int i = LARGE - 3; i < LARGE; i++)
		expect(*(int *)(p + i * PAGE) == i);
	return case_failed;
}

CASE(mapping_over_many_pages_holds_the_processor)
{
	attack_beside_root(replace_pages);
}

/* The second grant fails at the last page, and takes all others back. */
static int grant_many(void)
{
	char *p = map_many(), *q;
	int fd = page_grant(p, MANY * PAGE, RW);

	expect(fd >= 0 && page_revoke(fd) == 0);
	expect(p[7 * PAGE] == 7);
	q = map_many();			/* p is a single mapping now */
	require(mprotect(q + (MANY - 1) * PAGE, PAGE, PROT_READ) == 0);
	expect_error(page_grant(q, MANY * PAGE, RW), EACCES);
	expect(q[7 * PAGE] == 7);
	return case_failed;
}

CASE(grant_of_many_mappings_holds_the_processor)
{
	attack_beside_root(grant_many);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
