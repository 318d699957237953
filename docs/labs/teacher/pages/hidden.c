/*
 * hidden.c - the tests of lab 7 that students do not see.
 */
#include <sys/mman.h>

#include "docs/labs/lab.h"

#define PAGE	4096

static int fds[2];

static unsigned char *map(size_t bytes, int flags, int fd)
{
	unsigned char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags,
				 fd, 0);

	require(at != MAP_FAILED);
	return at;
}

static int open_file(size_t bytes)
{
	int fd = open("/tmp/lab-hidden", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0);
	for (size_t i = 0; i < bytes; i++)
		require(write(fd, "a", 1) == 1);
	unlink("/tmp/lab-hidden");
	return fd;
}

CASE(rest_of_the_last_page_is_zero)
{
	int fd = open_file(100);
	unsigned char *memory = map(2 * PAGE, MAP_PRIVATE, fd);

	expect(memory[99] == 'a' && memory[100] == 0);
	for (int i = 100; i < PAGE; i++)
		require(memory[i] == 0);
	memory[200] = 'x';
	expect(memory[99] == 'a' && memory[201] == 0);
}

static int read_behind(void)
{
	volatile unsigned char *memory = map(4 * PAGE, MAP_SHARED,
					     open_file(PAGE));

	return memory[0] == 'a' ? memory[2 * PAGE] : 1;
}

CASE(page_behind_the_file_is_sigbus)
{
	expect(run_in_child(read_behind) == -SIGBUS);
}

CASE(kernel_writes_to_a_copy_as_well)
{
	unsigned char *memory = map(4 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	pid_t child;

	require(pipe(fds) == 0);
	memset(memory, 'p', 4 * PAGE);
	child = fork_or_fail();
	if (child == 0) {
		if (read(fds[0], memory + PAGE - 2, 4) != 4)
			_exit(1);
		_exit(memcmp(memory + PAGE - 3, "pwxyzp", 6) == 0 ? 7 : 2);
	}
	until_asleep(child);
	require(write(fds[1], "wxyz", 4) == 4);
	expect(result_of(child) == 7);
	for (int i = 0; i < 4 * PAGE; i++)
		require(memory[i] == 'p');
}

static unsigned char *page;

static int write_it(void)
{
	*(volatile unsigned char *)page = 'w';
	return 7;
}

CASE(protection_survives_the_copy)
{
	page = map(PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	*page = 'a';
	require(mprotect(page, PAGE, PROT_READ) == 0);
	expect(run_in_child(write_it) == -SIGSEGV);
	expect(*page == 'a');
	require(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0);
	expect(run_in_child(write_it) == 7);
	expect(*page == 'a');
	expect(write_it() == 7 && *page == 'w');
}

static void use_memory(void)
{
	unsigned char *own = map(20 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned char *both = map(20 * PAGE, MAP_SHARED | MAP_ANONYMOUS, -1);
	pid_t child;

	for (int i = 0; i < 10; i++)
		own[i * PAGE] = own[(i + 10) * PAGE] + 1;
	child = fork_or_fail();
	if (child == 0) {
		memset(own, 1, 15 * PAGE);
		memset(both, 2, 20 * PAGE);
		_exit(0);
	}
	memset(own, 3, 5 * PAGE);
	require(result_of(child) == 0 && both[19 * PAGE] == 2);
	require(munmap(own, 20 * PAGE) == 0);
	require(munmap(both, 20 * PAGE) == 0);
}

CASE(no_frame_is_lost)
{
	struct leak_counters before, after;
	char leak[120];

	leak_take(&before);		/* the pages of the stack are in use */
	leak_take(&after);
	for (int i = 0; i < 4; i++) {
		if (i == 2)
			leak_take(&before);
		use_memory();
	}
	leak_take(&after);
	leak_describe(&before, &after, leak, sizeof(leak));
	if (*leak)
		printf("# %s\n", leak);
	fflush(stdout);
	expect(leak_is_none(&before, &after));
}

LAB_MAIN
