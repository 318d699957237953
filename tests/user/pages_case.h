/*
 * pages_case.h - helpers that the cases of granted pages share. Parley only.
 */
#pragma once

#include <pages.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define RW	(PROT_READ | PROT_WRITE)

static char *memory;			/* of the owner */
static int grant;			/* the descriptor */

HELPER char *private_pages(int pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	require(p != MAP_FAILED);
	return p;
}

HELPER void grant_pages(int pages, int prot)
{
	memory = private_pages(pages);
	memset(memory, 'b', pages * PAGE);
	grant = page_grant(memory, pages * PAGE, prot);
	require(grant >= 0);
}

HELPER void *view_of(int fd, size_t bytes, int prot)
{
	return mmap(NULL, bytes, prot, MAP_SHARED, fd, 0);
}

HELPER char *view(int pages, int prot)
{
	char *p = view_of(grant, pages * PAGE, prot);

	require(p != MAP_FAILED);
	return p;
}

HELPER int view_error(size_t bytes, int prot, int flags)
{
	errno = 0;
	return mmap(NULL, bytes, prot, flags, grant, 0) == MAP_FAILED
		? errno : 0;
}

/* ---- An access that may end in a signal ---------------------------------- */

static volatile char *touched;

HELPER int touch_read(void)
{
	(void)*touched;
	return 0;
}

HELPER int touch_write(void)
{
	*touched = 1;
	return 0;
}

HELPER int read_dies(volatile void *at)
{
	touched = at;
	return -run_in_child(touch_read);
}

HELPER int write_dies(volatile void *at)
{
	touched = at;
	return -run_in_child(touch_write);
}

/* ---- Two processes in step ----------------------------------------------- */

static int to_child[2], to_parent[2];

HELPER void open_steps(void)
{
	require(pipe(to_child) == 0 && pipe(to_parent) == 0);
}

HELPER void say(const int fds[2])
{
	require(write(fds[1], "", 1) == 1);
}

HELPER void hear(const int fds[2])
{
	char byte;

	require(read(fds[0], &byte, 1) == 1);
}
