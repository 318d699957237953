/*
 * memory_full.c - no memory left: only the process that asks for memory gets an
 * error or ends, and all memory is freed again. No process sees a byte of a
 * process that has ended. Parley's limits; sizes are for a machine of 128 MiB.
 *
 * linux: no
 */
#include <setjmp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define MIB	(1024 * 1024)
#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define MARK	0x5ca1ab1eu

/* More memory than the machine has: the pages come when touched. The kernel
 * refuses so much writable memory at once, so the first request is without
 * rights. */
static char *map_much(void)
{
	char *pages = mmap(NULL, 512 * MIB, PROT_NONE, ANON, -1, 0);

	require(pages != MAP_FAILED);
	require(mprotect(pages, 512 * MIB, RW) == 0);
	return pages;
}

static sigjmp_buf escape;

static void jump_out(int n)
{
	siglongjmp(escape, n);
}

/* Touch pages until there are no more; how many there were. */
static long touch_all(char *pages)
{
	static volatile long count;

	count = 0;
	set_handler(SIGBUS, jump_out, SA_NODEFER);
	set_handler(SIGSEGV, jump_out, SA_NODEFER);
	if (sigsetjmp(escape, 1) == 0)
		for (; count < 512 * MIB / PAGE; count++)
			pages[count * PAGE] = 1;
	return count;
}

static int return_7(void)
{
	return 7;
}

/* ---- Full ---------------------------------------------------------------- */

CASE(who_asks_for_more_than_there_is_is_refused)
{
	expect_error(mmap(NULL, 512 * MIB, RW, ANON, -1, 0), ENOMEM);
	expect_error(sbrk(512 * MIB), ENOMEM);
}

CASE_DIES(who_touches_more_than_there_is_dies_alone, SIGBUS)
{
	char *pages = map_much();

	for (long i = 0; i < 512 * MIB; i += PAGE)
		pages[i] = 1;
}

CASE(memory_comes_back_when_it_is_unmapped)
{
	char *pages = map_much();
	long first, second;

	first = touch_all(pages);
	expect(first > 1000);
	require(munmap(pages, 512 * MIB) == 0);
	pages = map_much();
	second = touch_all(pages);
	expect(second > first - 100);
	munmap(pages, 512 * MIB);
	expect(run_in_child(return_7) == 7);
}

CASE(full_memory_is_an_errno)
{
	struct stat status;
	int fds[2], fd, refused = 0;
	pid_t pid;

	fd = open("/tmp/memory_full", O_RDWR | O_CREAT, 0600);
	require(fd >= 0);
	unlink("/tmp/memory_full");
	expect(touch_all(map_much()) > 1000);
	for (int i = 0; i < 100; i++) {
		pid = fork();
		if (pid == 0)
			_exit(0);
		if (pid > 0)
			waitpid(pid, NULL, 0);
		else
			refused += errno == ENOMEM || errno == EAGAIN;
		if (pipe(fds) < 0)
			refused += errno == ENOMEM;
		if (mkdir("/tmp/memory_full", 0700) < 0)
			refused += errno == ENOSPC || errno == ENOMEM;
		rmdir("/tmp/memory_full");
		if (write(fd, &status, 1000) < 0)
			refused += errno == ENOSPC;
	}
	expect(refused > 0);
}

CASE(exec_without_memory_fails_or_dies_alone)
{
	char *argv[] = { (char *)case_program, "--exit", NULL };
	pid_t child = fork_or_fail();
	int result;

	if (child == 0) {
		touch_all(map_much());
		execv(case_program, argv);
		_exit(errno == ENOMEM ? 100 : 101);
	}
	result = result_of(child);
	expect(result == 100 || result == 7 || result < 0);
	expect(run_in_child(return_7) == 7);
}

CASE(pipe_without_memory_loses_nothing)
{
	static char bytes[PIPE_BYTES];
	int fds[2];
	long wrote = 0, read_back = 0;
	ssize_t n;

	memset(bytes, 'b', sizeof(bytes));
	require(pipe(fds) == 0);
	char *pages = map_much();

	touch_all(pages);
	set_nonblocking(fds[1], 1);
	set_nonblocking(fds[0], 1);
	while ((n = write(fds[1], bytes, 4096)) > 0)
		wrote += n;
	expect(errno == EAGAIN || errno == ENOMEM);
	munmap(pages, 512 * MIB);
	while ((n = read(fds[0], bytes, sizeof(bytes))) > 0) {
		for (int i = 0; i < n; i++)
			require(bytes[i] == 'b');
		read_back += n;
	}
	expect(read_back == wrote);
	expect(write(fds[1], bytes, PIPE_BYTES) == PIPE_BYTES);
}

CASE(fork_of_a_big_process_copies_no_pages)
{
	char *pages = mmap(NULL, 70 * MIB, RW, ANON, -1, 0);

	require(pages != MAP_FAILED);
	for (long i = 0; i < 70 * MIB; i += PAGE)
		pages[i] = 1;
	expect(run_in_child(return_7) == 7);
}

/* ---- Kernel structures that grow ----------------------------------------- */

CASE(page_tables_are_bounded_and_freed)
{
	long mapped = 0;

	for (uintptr_t at = 0x10000000; at < 0xb0000000; at += 2 * MIB) {
		char *page = mmap((void *)at, PAGE, RW, ANON, -1, 0);

		if (page == MAP_FAILED)
			break;
		*page = 1;
		mapped++;
	}
	expect(mapped >= 500);
}

CASE(regions_are_bounded_and_freed)
{
	char *pages = mmap(NULL, 10000 * PAGE, RW, ANON, -1, 0);
	long i;

	require(pages != MAP_FAILED);
	for (i = 0; i < 10000; i += 2)
		if (mprotect(pages + i * PAGE, PAGE, PROT_READ) < 0)
			break;
	expect(i < 10000 && errno == ENOMEM);
	pages[PAGE] = 1;
	expect(munmap(pages, 10000 * PAGE) == 0);
	expect(mmap(NULL, PAGE, RW, ANON, -1, 0) != MAP_FAILED);
}

CASE(fixed_regions_are_bounded_too)
{
	long i;

	for (i = 0; i < 5000; i++)
		if (mmap((void *)(0x20000000 + i * 2 * PAGE), PAGE, RW,
			 ANON | MAP_FIXED, -1, 0) == MAP_FAILED)
			break;
	expect(i < 5000 && errno == ENOMEM);
}

CASE(address_space_is_bounded)
{
	long count = 0;

	while (mmap(NULL, 64 * MIB, RW, ANON, -1, 0) != MAP_FAILED)
		count++;
	expect(errno == ENOMEM);
	expect(count < 3 * 1024 / 64);
}

CASE(heap_below_its_start_or_in_the_clouds_is_enomem)
{
	char *end = sbrk(0);

	expect_error(brk((void *)PAGE), ENOMEM);
	expect_error(brk(end - 10 * MIB), ENOMEM);
	expect_error(brk((void *)0x7fff0000), ENOMEM);
	expect_error(brk((void *)0xbffff000), ENOMEM);
	expect_error(brk((void *)0xffffffff), ENOMEM);
	expect(sbrk(0) == end && sbrk(100) == end);
}

CASE(heap_does_not_grow_into_a_mapping)
{
	char *end = sbrk(0), *page;

	page = (char *)(((uintptr_t)end + 20 * PAGE) & -PAGE);
	require(mmap(page, PAGE, RW, ANON | MAP_FIXED, -1, 0) == page);
	*page = 'm';
	expect_error(brk(page + 2 * PAGE), ENOMEM);
	expect(brk(page) == 0);
	expect(*page == 'm');
}

/* ---- Stale bytes --------------------------------------------------------- */

/* A child writes this word to as much memory of every kind as possible. */
static int leave_marks(void)
{
	uint32_t *words = mmap(NULL, 40 * MIB, RW, ANON, -1, 0);
	volatile uint32_t stack[50000];
	int fds[2];

	for (int i = 0; i < 40 * MIB / 4; i++)
		words[i] = MARK;
	for (int i = 0; i < 50000; i++)
		stack[i] = MARK;
	if (pipe(fds) == 0) {
		set_nonblocking(fds[1], 1);
		write(fds[1], words, PIPE_BYTES);
	}
	return stack[0] == MARK ? 7 : 8;
}

static int has_mark(const volatile uint32_t *words, size_t bytes)
{
	for (size_t i = 0; i < bytes / 4; i++)
		if (words[i] == MARK)
			return 1;
	return 0;
}

CASE(new_memory_shows_nothing_of_the_dead)
{
	uint32_t *pages;
	char *end;

	require(run_in_child(leave_marks) == 7);
	pages = mmap(NULL, 60 * MIB, RW, ANON, -1, 0);
	require(pages != MAP_FAILED);
	expect(!has_mark(pages, 60 * MIB));
	end = sbrk(4 * MIB);
	expect(!has_mark((uint32_t *)(((uintptr_t)end + 3) & -4), 4 * MIB -
			 4));
}

CASE(new_stack_shows_nothing_of_the_dead)
{
	char *argv[] = { (char *)case_program, "--scan", NULL };
	pid_t child;

	require(run_in_child(leave_marks) == 7);
	child = fork_or_fail();
	if (child == 0) {
		execv(case_program, argv);
		_exit(126);
	}
	expect(result_of(child) == 0);
}

/* Everything below the first frame, and all of the data. */
static int scan(void)
{
	static uint32_t zeros[20000];
	volatile uint32_t *top = __builtin_frame_address(0);

	if (has_mark(top - 500000, 1900000))
		return 1;
	return has_mark(zeros, sizeof(zeros)) ? 2 : 0;
}

CASE(file_holes_and_tails_show_nothing_of_the_dead)
{
	static uint32_t words[10000];
	int fd = open("/tmp/memory_full", O_RDWR | O_CREAT, 0600);

	unlink("/tmp/memory_full");
	require(run_in_child(leave_marks) == 7);
	require(fd >= 0 && lseek(fd, 3000000, SEEK_SET) == 3000000);
	require(write(fd, "end", 3) == 3 && lseek(fd, 0, SEEK_SET) == 0);
	for (int i = 0; i < 70; i++) {
		require(read(fd, words, sizeof(words)) == sizeof(words));
		require(!has_mark(words, sizeof(words)));
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--exit") == 0)
		return 7;
	if (argc == 2 && strcmp(argv[1], "--scan") == 0)
		return scan();
	return run_cases(argc, argv);
}
