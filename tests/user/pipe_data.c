/*
 * pipe_data.c - the bytes of a pipe: none lost, none doubled, and the
 * properties of the descriptors of a pipe. Any POSIX system.
 */
#include <poll.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static int fds[2];
static unsigned char buffer[200000], copy[200000];

static void open_pipe(void)
{
	require(pipe(fds) == 0);
}

static void fill_pattern(unsigned char *bytes, size_t size, unsigned seed)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (i * 7 + (i >> 8) + seed) & 0xff;
}

static int pipe_is_empty(void)
{
	char byte;
	int result;

	set_nonblocking(fds[0], 1);
	result = read(fds[0], &byte, 1) < 0 && errno == EAGAIN;
	set_nonblocking(fds[0], 0);
	return result;
}

/* The first of two pages; the second page is not accessible. */
static char *page_before_a_hole(void)
{
	char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(pages != MAP_FAILED);
	require(mprotect(pages + 4096, 4096, PROT_NONE) == 0);
	return pages;
}

CASE(bytes_come_out_as_they_went_in)
{
	pid_t writer;

	open_pipe();
	fill_pattern(buffer, sizeof(buffer), 1);
	writer = fork_or_fail();
	if (writer == 0)
		_exit(write(fds[1], buffer, sizeof(buffer)) !=
		      sizeof(buffer));
	close(fds[1]);
	expect(read_all(fds[0], copy, sizeof(copy)));
	expect(memcmp(buffer, copy, sizeof(copy)) == 0);
	expect(read(fds[0], copy, 1) == 0);
	expect(result_of(writer) == 0);
}

/* The kernel copies short messages in a special way, whole words first and then
   the rest. */
CASE(short_messages_come_out_whole_at_every_place)
{
	size_t bytes, from, to;

	open_pipe();
	fill_pattern(buffer, 256, 5);
	for (bytes = 1; bytes <= 70; bytes++)
		for (from = 0; from < 4; from++)
			for (to = 0; to < 4; to++) {
				memset(copy, 0xee, 96);
				require(write(fds[1], buffer + from, bytes) ==
					bytes);
				require(read(fds[0], copy + 8 + to, 80) ==
					bytes);
				expect(memcmp(copy + 8 + to, buffer + from,
					      bytes) == 0);
				expect(copy[7 + to] == 0xee);
				expect(copy[8 + to + bytes] == 0xee);
			}
}

CASE(short_messages_end_at_the_edge_of_what_is_there)
{
	char *edge;
	size_t bytes;

	open_pipe();
	edge = page_before_a_hole() + 4096;
	fill_pattern(buffer, 256, 6);
	for (bytes = 1; bytes <= 40; bytes++) {
		memcpy(edge - bytes, buffer, bytes);
		expect(write(fds[1], edge - bytes, bytes + 1) < 0 &&
		       errno == EFAULT);
		expect(pipe_is_empty());
		require(write(fds[1], edge - bytes, bytes) == bytes);
		memset(edge - bytes, 0, bytes);
		expect(read(fds[0], edge - bytes + 1, bytes) < 0 &&
		       errno == EFAULT);
		expect(read(fds[0], edge - bytes, bytes + 1) == bytes);
		expect(memcmp(edge - bytes, buffer, bytes) == 0);
	}
}

CASE(ring_wraps_at_every_offset)
{
	size_t in = 0, piece;

	open_pipe();
	for (int i = 0; i < 600; i++) {
		piece = 1 + i * 37 % 5000;
		fill_pattern(buffer, piece, in);
		require(write(fds[1], buffer, piece) == (ssize_t)piece);
		require(read_all(fds[0], copy, piece));
		require(memcmp(buffer, copy, piece) == 0);
		in += piece;
	}
}

CASE(full_ring_wraps)
{
	open_pipe();
	for (int i = 0; i < 40; i++) {
		fill_pattern(buffer, PIPE_BYTES, i);
		require(write(fds[1], buffer, 5000 + i) == 5000 + i);
		require(read_all(fds[0], copy, 5000 + i));
		require(write(fds[1], buffer, PIPE_BYTES) == PIPE_BYTES);
		require(read_all(fds[0], copy, PIPE_BYTES));
		require(memcmp(buffer, copy, PIPE_BYTES) == 0);
	}
}

CASE(read_gives_what_is_there)
{
	open_pipe();
	expect(write(fds[1], "abc", 3) == 3);
	expect(read(fds[0], copy, 100) == 3);
	expect(memcmp(copy, "abc", 3) == 0);
}

CASE(read_takes_no_more_than_asked)
{
	open_pipe();
	expect(write(fds[1], "abcdef", 6) == 6);
	expect(read(fds[0], copy, 2) == 2);
	expect(copy[2] == 0);
	expect(read(fds[0], copy, 100) == 4);
	expect(memcmp(copy, "cdef", 4) == 0);
}

CASE(two_writes_join_in_one_read)
{
	open_pipe();
	expect(write(fds[1], "ab", 2) == 2 && write(fds[1], "cd", 2) == 2);
	expect(read(fds[0], copy, 100) == 4);
	expect(memcmp(copy, "abcd", 4) == 0);
}

CASE(read_of_nothing_takes_nothing)
{
	open_pipe();
	expect(read(fds[0], copy, 0) == 0);
	expect(write(fds[1], "x", 1) == 1);
	expect(read(fds[0], copy, 0) == 0);
	expect(read(fds[0], copy, 5) == 1);
}

CASE(write_of_nothing_puts_nothing)
{
	open_pipe();
	expect(write(fds[1], "x", 0) == 0);
	expect(pipe_is_empty());
	fill_pipe(fds[1]);
	expect(write(fds[1], "x", 0) == 0);
}

CASE(capacity_is_64_kib_exactly)
{
	open_pipe();
	expect(fill_pipe(fds[1]) == PIPE_BYTES);
	expect(drain(fds[0], PIPE_BYTES));
	expect(pipe_is_empty());
}

CASE(capacity_is_the_same_byte_by_byte)
{
	long count = 0;

	open_pipe();
	set_nonblocking(fds[1], 1);
	while (write(fds[1], "x", 1) == 1)
		count++;
	expect(errno == EAGAIN);
	expect(count == PIPE_BYTES);
}

CASE(small_nonblocking_write_is_all_or_nothing)
{
	open_pipe();
	expect(write(fds[1], buffer, 15 * 4096 + 1) == 15 * 4096 + 1);
	set_nonblocking(fds[1], 1);
	expect_error(write(fds[1], buffer, 4096), EAGAIN);
	expect(write(fds[1], buffer, 4095) == 4095);
	expect_error(write(fds[1], buffer, 1), EAGAIN);
	expect(drain(fds[0], PIPE_BYTES));
	expect(pipe_is_empty());
}

CASE(big_nonblocking_write_takes_what_fits)
{
	open_pipe();
	fill_pattern(buffer, sizeof(buffer), 3);
	set_nonblocking(fds[1], 1);
	expect(write(fds[1], buffer, sizeof(buffer)) == PIPE_BYTES);
	expect_error(write(fds[1], buffer, sizeof(buffer)), EAGAIN);
	expect(read_all(fds[0], copy, PIPE_BYTES));
	expect(memcmp(buffer, copy, PIPE_BYTES) == 0);
	expect(pipe_is_empty());
}

CASE(efault_write_puts_nothing)
{
	open_pipe();
	expect_error(write(fds[1], nowhere, 10), EFAULT);
	expect_error(write(fds[1], nowhere, 10000), EFAULT);
	expect(pipe_is_empty());
	expect(write(fds[1], "ok", 2) == 2 && read(fds[0], copy, 9) == 2);
}

CASE(efault_read_loses_no_bytes)
{
	open_pipe();
	expect(write(fds[1], "precious", 8) == 8);
	expect_error(read(fds[0], nowhere, 8), EFAULT);
	expect(read(fds[0], copy, 100) == 8);
	expect(memcmp(copy, "precious", 8) == 0);
}

CASE(read_into_a_half_mapped_buffer_loses_no_bytes)
{
	char *page = page_before_a_hole();
	ssize_t n;

	open_pipe();
	fill_pattern(buffer, 100, 9);
	expect(write(fds[1], buffer, 100) == 100);
	n = read(fds[0], page + 4096 - 40, 100);
	expect((n < 0 && errno == EFAULT) || (n > 0 && n <= 40));
	n = n < 0 ? 0 : n;
	expect(read(fds[0], copy, 200) == 100 - n);
	expect(memcmp(copy, buffer + n, 100 - n) == 0);
}

CASE(write_from_a_half_mapped_buffer_is_counted_truly)
{
	char *page = page_before_a_hole();
	ssize_t n;

	open_pipe();
	memset(page, 'x', 4096);
	n = write(fds[1], page + 4096 - 40, 100);
	expect((n < 0 && errno == EFAULT) || (n > 0 && n <= 40));
	set_nonblocking(fds[0], 1);
	expect(read(fds[0], copy, 200) == n);
}

CASE(read_into_a_constant_is_efault)
{
	static const char constant[] = "constant";

	open_pipe();
	expect(write(fds[1], "CHANGED!", 8) == 8);
	expect_error(read(fds[0], (void *)(uintptr_t)constant, 8), EFAULT);
	expect(*(const volatile char *)constant == 'c');
	expect(read(fds[0], copy, 9) == 8);
}

/* ---- The status of a pipe ------------------------------------------------ */

CASE(wrong_end_is_ebadf)
{
	open_pipe();
	expect_error(read(fds[1], copy, 1), EBADF);
	expect_error(write(fds[0], "x", 1), EBADF);
	expect_error(read(fds[1], copy, 0), EBADF);
	expect_error(write(fds[0], "x", 0), EBADF);
	expect((fcntl(fds[0], F_GETFL) & O_ACCMODE) == O_RDONLY);
	expect((fcntl(fds[1], F_GETFL) & O_ACCMODE) == O_WRONLY);
}

CASE(seek_in_a_pipe_is_espipe)
{
	open_pipe();
	expect_error(lseek(fds[0], 0, SEEK_CUR), ESPIPE);
	expect_error(lseek(fds[1], 0, SEEK_SET), ESPIPE);
	expect_error(lseek(fds[0], 1, SEEK_END), ESPIPE);
}

CASE(fstat_says_it_is_a_fifo)
{
	struct stat here, there;

	open_pipe();
	expect(fstat(fds[0], &here) == 0 && S_ISFIFO(here.st_mode));
	expect(fstat(fds[1], &there) == 0 && S_ISFIFO(there.st_mode));
	expect(here.st_ino == there.st_ino);
	require(pipe(fds) == 0);
	expect(fstat(fds[0], &there) == 0 && here.st_ino != there.st_ino);
	expect_error(fstat(fds[0], nowhere), EFAULT);
}

CASE(pipe_is_no_terminal_and_no_file)
{
	open_pipe();
	expect(!isatty(fds[0]) && !isatty(fds[1]));
	expect_error(ftruncate(fds[1], 0), EINVAL);
	expect(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fds[0], 0) ==
	       MAP_FAILED);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
