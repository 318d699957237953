/*
 * hidden.c - the tests of lab 3 that students do not see.
 */
#include <sys/mman.h>
#include <sys/stat.h>

#include "docs/labs/lab.h"

static int fds[2];
static unsigned char buffer[2 * PIPE_BYTES], copy[2 * PIPE_BYTES];

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

static void fill_pattern(unsigned char *bytes, size_t size, unsigned seed)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (i * 11 + (i >> 9) + seed) & 0xff;
}

static int read_one(void)
{
	unsigned char byte;

	return read(fds[0], &byte, 1) == 1 ? byte : 1;
}

static int write_one(void)
{
	return write(fds[1], "s", 1) != 1;
}

static int write_page(void)
{
	return write(fds[1], buffer, 4096) != 4096;
}

CASE(one_byte_wakes_one_reader)
{
	pid_t readers[3];

	open_pipe();
	for (int i = 0; i < 3; i++)
		readers[i] = start_asleep(read_one);
	for (int i = 0; i < 3; i++) {
		mark(i + 1);
		require(write(fds[1], "abc" + i, 1) == 1);
		expect(result_of(readers[i]) == 'a' + i);
	}
	mark(4);
}

CASE(full_ring_keeps_the_page_with_both_ends)
{
	open_pipe();
	fill_pattern(buffer, sizeof(buffer), 2);
	require(write(fds[1], buffer, PIPE_BYTES) == PIPE_BYTES);
	require(read_all(fds[0], copy, 1000));
	require(write(fds[1], buffer + PIPE_BYTES, 1000) == 1000);
	require(read_all(fds[0], copy + 1000, PIPE_BYTES));
	expect(memcmp(buffer, copy, PIPE_BYTES + 1000) == 0);
}

CASE(room_left_over_wakes_the_next_writer)
{
	pid_t large, small;

	open_pipe();
	require(fill_pipe(fds[1]) == PIPE_BYTES);
	large = start_asleep(write_page);
	small = start_asleep(write_one);
	expect(read(fds[0], copy, 4097) == 4097);
	expect(result_of(large) == 0);
	expect(result_of(small) == 0);
}

CASE(half_a_buffer_is_not_counted)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ssize_t n;

	open_pipe();
	require(page != MAP_FAILED);
	require(mprotect(page + 4096, 4096, PROT_NONE) == 0);
	memset(page, 'x', 4096);
	n = write(fds[1], page + 4000, 200);
	expect((n == -1 && errno == EFAULT) || (n > 0 && n <= 96));
	set_nonblocking(fds[0], 1);
	expect(read(fds[0], copy, 500) == n);
	fill_pattern(buffer, 6000, 4);
	require(write(fds[1], buffer, 6000) == 6000);
	n = read(fds[0], page + 4000, 200);
	expect((n == -1 && errno == EFAULT) || (n > 0 && n <= 96));
	n = n < 0 ? 0 : n;
	require(read_all(fds[0], copy, 6000 - n));
	expect(memcmp(copy, buffer + n, 6000 - n) == 0);
}

/* A write that fails on its third page gives back the pages of the write, and
 * an empty pipe keeps one page. */
CASE(pages_are_as_few_as_promised)
{
	char *page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long before;

	require(page != MAP_FAILED);
	memset(page, 'x', 3 * 4096);
	require(munmap(page + 2 * 4096, 4096) == 0);
	open_pipe();
	before = counter("frames-buffer:");
	expect_error(write(fds[1], page, 3 * 4096), EFAULT);
	expect_number(counter("frames-buffer:") - before, 0);
	require(write(fds[1], buffer, 30000) == 30000);
	expect_number(counter("frames-buffer:") - before, 8);
	require(drain(fds[0], 30000));
	expect_number(counter("frames-buffer:") - before, 1);
}

CASE(closed_pipes_leave_no_memory_behind)
{
	struct leak_counters before, after;
	char leak[120];

	leak_take(&before);		/* the pages of the stack are in use */
	leak_take(&after);
	for (int i = 0; i < 5; i++) {
		if (i == 1)
			leak_take(&before);
		open_pipe();
		require(write(fds[1], buffer, 30000) == 30000);
		require(drain(fds[0], 5000));
		close(fds[0]);
		close(fds[1]);
	}
	leak_take(&after);
	leak_describe(&before, &after, leak, sizeof(leak));
	if (*leak)
		printf("# %s\n", leak);
	fflush(stdout);
	expect(leak_is_none(&before, &after));
}

/* A FIFO is a pipe with a name, and begins anew when both ends come again. */
CASE(fifo_begins_anew_after_its_end)
{
	pid_t writer;

	unlink("/tmp/lab_fifo");
	require(mkfifo("/tmp/lab_fifo", 0600) == 0);
	for (int i = 0; i < 2; i++) {
		writer = fork_or_fail();
		if (writer == 0) {
			fds[1] = open("/tmp/lab_fifo", O_WRONLY);
			_exit(write(fds[1], "fifo", 4) != 4);
		}
		fds[0] = open("/tmp/lab_fifo", O_RDONLY);
		expect(read_all(fds[0], copy, 4));
		expect(memcmp(copy, "fifo", 4) == 0);
		expect(result_of(writer) == 0);
		expect(read(fds[0], copy, 1) == 0);
		close(fds[0]);
	}
	unlink("/tmp/lab_fifo");
}

/* explore(1) runs a pipeline under each schedule with one preemption: a run
 * with a different output, a circle of waits, or a pipe left behind fails. */
CASE(pipeline_passes_under_every_schedule)
{
	char *const words[] = { "explore", "-lo", "-b", "1", "sh", "-c",
				"echo ab | cat", NULL };

	expect(lab_explore(words));
}

LAB_MAIN
