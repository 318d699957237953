/*
 * vector.c - readv(), writev(), preadv() and pwritev(): the parts are the bytes
 * of one call.
 */
#include <limits.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "tests/user/helpers.h"

#define SOME		40	/* parts, and fewer than IOV_MAX */

static const char path[] = "/tmp/vector";
static int fds[2];
static char bytes[200000], seen[200000];

static struct iovec part_of(const void *start, size_t length)
{
	return (struct iovec){ (void *)(uintptr_t)start, length };
}

/* Cut `length` bytes from `start` on into SOME parts, some of them empty. */
static struct iovec *cut(struct iovec *parts, char *start, size_t length)
{
	size_t at = 0, end;

	for (int i = 0; i < SOME; i++) {
		end = i == SOME - 1 ? length : (i + i % 2) * length / SOME;
		parts[i] = part_of(start + at, end - at);
		at = end;
	}
	return parts;
}

static void fill_bytes(void)
{
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i * 7 + i / 251;
}

static void make_pipe(void)
{
	fill_bytes();
	require(pipe(fds) == 0);
}

static int open_file(int flags)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | flags, 0600);

	require(fd >= 0);
	unlink(path);
	return fd;
}

/* ---- The parts ----------------------------------------------------------- */

CASE(parts_are_filled_in_order)
{
	struct iovec parts[SOME];

	make_pipe();
	expect(writev(fds[1], cut(parts, bytes, 5000), SOME) == 5000);
	expect(readv(fds[0], cut(parts, seen, 4321), SOME) == 4321);
	expect(readv(fds[0], cut(parts, seen + 4321, 5000), SOME) == 679);
	expect(memcmp(bytes, seen, 5000) == 0 && seen[5000] == 0);
	close(fds[1]);
	expect(readv(fds[0], parts, SOME) == 0);
}

CASE(most_parts_and_no_part_are_valid)
{
	struct iovec parts[IOV_MAX];

	make_pipe();
	for (int i = 0; i < IOV_MAX; i++)
		parts[i] = part_of(bytes + i, 1);
	expect(writev(fds[1], parts, IOV_MAX) == IOV_MAX);
	for (int i = 0; i < IOV_MAX; i++)
		parts[i] = part_of(seen + i, 1);
	expect(readv(fds[0], parts, IOV_MAX) == IOV_MAX);
	expect(memcmp(bytes, seen, IOV_MAX) == 0);
	for (int i = 0; i < IOV_MAX; i++)
		parts[i] = part_of(NULL, 0);
	expect(writev(fds[1], parts, IOV_MAX) == 0);
	expect(readv(fds[0], parts, IOV_MAX) == 0);
	expect(writev(fds[1], parts, 0) == 0);
	expect(readv(fds[0], parts, 0) == 0);
}

CASE(wrong_count_or_sum_is_einval)
{
	static struct iovec parts[IOV_MAX + 1];
	int fd = open_file(0);

	make_pipe();
	expect_error(readv(fds[0], parts, -1), EINVAL);
	expect_error(writev(fds[1], parts, -1), EINVAL);
	expect_error(readv(fds[0], parts, IOV_MAX + 1), EINVAL);
	expect_error(writev(fds[1], parts, IOV_MAX + 1), EINVAL);
	expect_error(writev(fds[1], parts, INT_MAX), EINVAL);
	expect_error(preadv(fd, parts, -1, 0), EINVAL);
	expect_error(pwritev(fd, parts, IOV_MAX + 1, 0), EINVAL);
	parts[0] = part_of(bytes, 1);
	parts[1] = part_of(bytes, (size_t)-1);
	expect_error(writev(fds[1], parts, 2), EINVAL);
	expect_error(readv(fds[0], parts, 2), EINVAL);
	expect_error(pwritev(fd, parts, 2, 0), EINVAL);
	expect(lseek(fd, 0, SEEK_END) == 0);
}

CASE(descriptor_must_be_open_for_the_call)
{
	struct iovec part = part_of(bytes, 1);
	int fd = open_file(0);

	make_pipe();
	expect_error(readv(fds[1], &part, 1), EBADF);
	expect_error(writev(fds[0], &part, 1), EBADF);
	expect_error(readv(-1, &part, 1), EBADF);
	expect_error(writev(999, &part, 1), EBADF);
	expect_error(preadv(999, &part, 1, 0), EBADF);
	expect_error(preadv(fds[0], &part, 1, 0), ESPIPE);
	expect_error(pwritev(fds[1], &part, 1, 0), ESPIPE);
	expect_error(preadv(fd, &part, 1, -1), EINVAL);
	expect_error(pwritev(fd, &part, 1, -1), EINVAL);
	expect_error(readv(open("/", O_RDONLY), &part, 1), EISDIR);
}

/* The last page of all addresses is the kernel's. */
CASE(bad_part_changes_nothing)
{
	struct iovec parts[] = {
		part_of(bytes, 3), part_of((void *)(uintptr_t)-4096, 3),
	};
	struct iovec *nowhere_at = (struct iovec *)(uintptr_t)-4096;
	int fd = open_file(0);

	make_pipe();
	expect_error(writev(fds[1], parts, 2), EFAULT);
	expect_error(writev(fds[1], nowhere_at, 1), EFAULT);
	expect_error(writev(fds[1], NULL, 1), EFAULT);
	expect_error(pwritev(fd, parts, 2, 0), EFAULT);
	expect_error(writev(fd, parts, 2), EFAULT);
	expect(lseek(fd, 0, SEEK_CUR) == 0 && lseek(fd, 0, SEEK_END) == 0);
	require(write(fds[1], "abcdef", 6) == 6 && write(fd, "abc", 3) == 3);
	expect_error(readv(fds[0], parts, 2), EFAULT);
	expect_error(readv(fds[0], nowhere_at, 1), EFAULT);
	expect_error(preadv(fd, parts, 2, 0), EFAULT);
	expect(read(fds[0], seen, 9) == 6 && memcmp(seen, "abcdef", 6) == 0);
}

CASE(part_without_memory_is_efault)
{
	struct iovec parts[] = { part_of((void *)16, 3), part_of(bytes, 3) };

	make_pipe();
	expect_error(writev(fds[1], parts, 2), EFAULT);
	require(write(fds[1], "abcdef", 6) == 6);
	expect_error(readv(fds[0], parts, 2), EFAULT);
	expect(read(fds[0], seen, 9) == 6 && memcmp(seen, "abcdef", 6) == 0);
}

/* ---- Pipes --------------------------------------------------------------- */

CASE(short_writev_waits_for_room_for_all)
{
	struct iovec parts[SOME];
	long full;

	make_pipe();
	full = fill_pipe(fds[1]);
	cut(parts, bytes, PIPE_BUF);
	require(read(fds[0], seen, PIPE_BUF) == PIPE_BUF);
	require(write(fds[1], "x", 1) == 1);
	set_nonblocking(fds[1], 1);
	expect_error(writev(fds[1], parts, SOME), EAGAIN);
	for (long at = PIPE_BUF; at < full; at += PIPE_BUF)
		require(read(fds[0], seen, PIPE_BUF) == PIPE_BUF);
	expect(read(fds[0], seen, 9) == 1 && *seen == 'x');
	expect(writev(fds[1], parts, SOME) == PIPE_BUF);
}

#define WRITERS		3
#define ROUNDS		60

static int write_records(char letter)
{
	struct iovec parts[SOME];

	memset(bytes, letter, PIPE_BUF);
	cut(parts, bytes, PIPE_BUF);
	for (int i = 0; i < ROUNDS; i++)
		if (writev(fds[1], parts, SOME) != PIPE_BUF)
			return 1;
	return 0;
}

static void read_whole(int fd, size_t length)
{
	size_t at = 0;
	ssize_t done;

	while (at < length && (done = read(fd, seen + at, length - at)) > 0)
		at += done;
	expect(at == length);
}

static int is_uniform(size_t length)
{
	return memcmp(seen, seen + 1, length - 1) == 0;
}

CASE(short_writevs_of_many_writers_mix)
{
	pid_t writers[WRITERS];

	make_pipe();
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = fork_or_fail();
		if (writers[i] == 0)
			_exit(write_records('a' + i));
	}
	for (int i = 0; i < WRITERS * ROUNDS; i++) {
		read_whole(fds[0], PIPE_BUF);
		expect(is_uniform(PIPE_BUF));
	}
	for (int i = 0; i < WRITERS; i++)
		expect(result_of(writers[i]) == 0);
}

static int write_all(void)
{
	struct iovec parts[SOME];

	cut(parts, bytes, sizeof(bytes));
	return writev(fds[1], parts, SOME) != sizeof(bytes);
}

CASE(long_writev_writes_all)
{
	pid_t writer;

	make_pipe();
	writer = start(write_all);
	read_whole(fds[0], sizeof(bytes));
	expect(memcmp(bytes, seen, sizeof(bytes)) == 0);
	expect(result_of(writer) == 0);
}

CASE(writev_without_blocking_writes_what_fits)
{
	struct iovec parts[SOME];
	ssize_t done;

	make_pipe();
	set_nonblocking(fds[1], 1);
	done = writev(fds[1], cut(parts, bytes, sizeof(bytes)), SOME);
	require(done >= PIPE_BUF && done < (ssize_t)sizeof(bytes));
	expect_error(writev(fds[1], parts, SOME), EAGAIN);
	read_whole(fds[0], done);
	expect(memcmp(bytes, seen, done) == 0);
	set_nonblocking(fds[0], 1);
	expect_error(readv(fds[0], parts, SOME), EAGAIN);
}

static int read_after_signal(void)
{
	struct iovec part = part_of(seen, 9);

	set_handler(SIGUSR1, catch_it, 0);
	expect_error(readv(fds[0], &part, 1), EINTR);
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	expect(readv(fds[0], &part, 1) == 3);
	expect(caught == 2);
	return case_failed;
}

CASE(signal_ends_readv_or_restarts_it)
{
	pid_t reader;

	make_pipe();
	reader = start_asleep(read_after_signal);
	kill(reader, SIGUSR1);
	case_pause();
	until_asleep(reader);
	kill(reader, SIGUSR1);
	case_pause();
	until_asleep(reader);
	expect(write(fds[1], "abc", 3) == 3);
	expect(result_of(reader) == 0);
}

static int write_until_signal(void)
{
	struct iovec parts[SOME];
	ssize_t done;

	set_handler(SIGUSR1, catch_it, 0);
	done = writev(fds[1], cut(parts, bytes, sizeof(bytes)), SOME);
	expect(done == PIPE_BYTES);
	return case_failed;
}

CASE(signal_ends_long_writev_with_what_was_written)
{
	pid_t writer;

	make_pipe();
	writer = start_asleep(write_until_signal);
	kill(writer, SIGUSR1);
	expect(result_of(writer) == 0);
	read_whole(fds[0], PIPE_BYTES);
	expect(memcmp(bytes, seen, PIPE_BYTES) == 0);
}

CASE(writev_without_reader_is_sigpipe)
{
	struct iovec parts[SOME];

	make_pipe();
	close(fds[0]);
	set_handler(SIGPIPE, catch_it, 0);
	expect_error(writev(fds[1], cut(parts, bytes, 9), SOME), EPIPE);
	expect(caught == 1);
}

static int read_for_ever(void)
{
	struct iovec parts[SOME];

	return readv(fds[0], cut(parts, seen, 100), SOME);
}

/* The kernel's counters show a vector that was not freed. */
CASE(killed_reader_keeps_its_vector)
{
	make_pipe();
	expect(kill_and_wait(start_asleep(read_for_ever)) == -SIGKILL);
}

/* ---- Messages ------------------------------------------------------------ */

static void exchange_message(int type)
{
	struct iovec parts[SOME];

	fill_bytes();
	require(socketpair(AF_UNIX, type, 0, fds) == 0);
	expect(writev(fds[0], cut(parts, bytes, 1000), SOME) == 1000);
	expect(writev(fds[0], cut(parts, bytes + 1000, 500), SOME) == 500);
	expect(readv(fds[1], cut(parts, seen, 2000), SOME) == 1000);
	expect(memcmp(seen, bytes, 1000) == 0);
	expect(readv(fds[1], cut(parts, seen, 300), SOME) == 300);
	expect(memcmp(seen, bytes + 1000, 300) == 0);
	set_nonblocking(fds[1], 1);
	expect_error(readv(fds[1], parts, SOME), EAGAIN);
}

CASE(datagram_of_parts_is_several_messages)
{
	exchange_message(SOCK_DGRAM);
}

CASE(packet_of_parts_is_several_messages)
{
	exchange_message(SOCK_SEQPACKET);
}

static int send_all(void)
{
	struct iovec parts[SOME];

	return writev(fds[1], cut(parts, bytes, sizeof(bytes)), SOME) !=
	       sizeof(bytes);
}

CASE(stream_socket_loses_a_part)
{
	pid_t writer;

	fill_bytes();
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	writer = start(send_all);
	read_whole(fds[0], sizeof(bytes));
	expect(memcmp(bytes, seen, sizeof(bytes)) == 0);
	expect(result_of(writer) == 0);
}

/* ---- Files --------------------------------------------------------------- */

CASE(position_follows_the_bytes)
{
	struct iovec parts[SOME];
	int fd = open_file(0);

	fill_bytes();
	expect(writev(fd, cut(parts, bytes, 50000), SOME) == 50000);
	expect(writev(fd, cut(parts, bytes, 5), SOME) == 5);
	expect(lseek(fd, 0, SEEK_CUR) == 50005);
	expect(preadv(fd, cut(parts, seen, 60000), SOME, 20000) == 30005);
	expect(memcmp(bytes + 20000, seen, 30000) == 0);
	expect(memcmp(bytes, seen + 30000, 5) == 0);
	expect(pwritev(fd, cut(parts, bytes + 7, 100), SOME, 49990) == 100);
	expect(lseek(fd, 0, SEEK_CUR) == 50005);
	expect(lseek(fd, 49990, SEEK_SET) == 49990);
	expect(readv(fd, cut(parts, seen, 999), SOME) == 100);
	expect(memcmp(bytes + 7, seen, 100) == 0);
	expect(readv(fd, parts, SOME) == 0);
}

CASE(hole_in_a_file_is_not_zero)
{
	struct iovec parts[SOME];
	int fd = open_file(0);

	memset(seen, 'x', sizeof(seen));
	require(ftruncate(fd, 100000) == 0);
	expect(readv(fd, cut(parts, seen, 99999), SOME) == 99999);
	expect(*seen == 0 && is_uniform(99999) && seen[99999] == 'x');
	memset(seen, 'x', sizeof(seen));
	fd = open("/dev/zero", O_RDWR);
	expect(readv(fd, cut(parts, seen, 30000), SOME) == 30000);
	expect(*seen == 0 && is_uniform(30000) && seen[30000] == 'x');
	expect(writev(fd, parts, SOME) == 30000);
}

CASE(writev_appends)
{
	struct iovec parts[SOME];
	int fd = open_file(O_APPEND);

	fill_bytes();
	require(write(fd, "abc", 3) == 3 && lseek(fd, 0, SEEK_SET) == 0);
	expect(writev(fd, cut(parts, bytes, 70), SOME) == 70);
	expect(lseek(fd, 0, SEEK_CUR) == 73);
	expect(pread(fd, seen, 99, 3) == 70 && memcmp(bytes, seen, 70) == 0);
}

/* ---- One step ------------------------------------------------------------ */

#define STEP_BYTES	50000	/* more than the kernel copies in one go */

static int file;

static int write_steps(char letter)
{
	struct iovec parts[SOME];

	memset(bytes, letter, STEP_BYTES);
	cut(parts, bytes, STEP_BYTES);
	for (int i = 0; i < ROUNDS; i++)
		if (pwritev(file, parts, SOME, 0) != STEP_BYTES)
			return 1;
	return 0;
}

CASE(writevs_of_two_writers_mix_in_a_file)
{
	pid_t writers[2];

	file = open_file(0);
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 2; i++) {
			writers[i] = fork_or_fail();
			if (writers[i] == 0)
				_exit(write_steps('a' + i));
		}
		expect(result_of(writers[0]) == 0);
		expect(result_of(writers[1]) == 0);
		expect(pread(file, seen, STEP_BYTES, 0) == STEP_BYTES);
		expect(is_uniform(STEP_BYTES));
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
