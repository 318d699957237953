/*
 * vector_parley.c - readv() and writev(): what Parley promises beyond POSIX,
 * and parts that attack the kernel.
 *
 * During such a call the parts are one range of addresses from the end of user
 * space on (kernel/obj/vector.c). No program may reach these addresses.
 */
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>

#include "tests/user/helpers.h"

#define PAGE		4096
#define JOINED		((char *)0xc0000000)
#define STEP_BYTES	50000
#define PARTS		50
#define ROUNDS		60

static int fds[2];
static char bytes[STEP_BYTES], seen[STEP_BYTES];

static struct iovec part_of(const void *start, size_t length)
{
	return (struct iovec){ (void *)(uintptr_t)start, length };
}

/* A page, and no memory behind the page. */
static char *page_at_the_end(void)
{
	char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(page != MAP_FAILED && munmap(page + PAGE, PAGE) == 0);
	return page;
}

/* Neither the bytes of the good parts go, nor the bytes for them. */
static void miss_last_part(void)
{
	char *page = page_at_the_end();
	struct iovec parts[] = {
		part_of(bytes, 3), part_of(page, 5), part_of(page + PAGE, 2),
	};
	struct iovec over = part_of(page + PAGE - 3, 6);

	expect_error(writev(fds[1], parts, 3), EFAULT);
	expect_error(writev(fds[1], &over, 1), EFAULT);
	require(write(fds[1], "abcdefghij", 10) == 10);
	expect_error(readv(fds[0], parts, 3), EFAULT);
	expect_error(readv(fds[0], &over, 1), EFAULT);
	expect(read(fds[0], seen, 11) == 10);
	expect(memcmp(seen, "abcdefghij", 10) == 0);
}

CASE(part_without_memory_eats_bytes_of_a_pipe)
{
	require(pipe(fds) == 0);
	miss_last_part();
}

CASE(part_without_memory_eats_a_message)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };

	for (int i = 0; i < 3; i++) {
		require(socketpair(AF_UNIX, types[i], 0, fds) == 0);
		miss_last_part();
	}
}

CASE(counter_in_two_parts_is_refused)
{
	uint32_t low = 5, high = 0;
	struct iovec parts[] = { part_of(&low, 4), part_of(&high, 4) };
	const struct itimerspec soon = { .it_value = { 0, 1 } };
	int counter = eventfd(0, 0), timer;

	require(counter >= 0);
	expect(writev(counter, parts, 2) == 8);
	expect_error(writev(counter, parts, 1), EINVAL);
	low = high = 99;
	expect(readv(counter, parts, 2) == 8 && low == 5 && high == 0);
	timer = timerfd_create(CLOCK_MONOTONIC, 0);
	require(timerfd_settime(timer, 0, &soon, NULL) == 0);
	low = high = 99;
	expect(readv(timer, parts, 2) == 8 && low == 1 && high == 0);
}

/* Two parts may lie on each other. */
CASE(same_memory_in_each_part)
{
	struct iovec parts[] = { part_of(bytes, 4), part_of(bytes + 2, 4) };

	require(pipe(fds) == 0);
	memcpy(bytes, "abcdef", 6);
	expect(writev(fds[1], parts, 2) == 8);
	expect(read(fds[0], seen, 9) == 8);
	expect(memcmp(seen, "abcdcdef", 8) == 0);
}

/* Together more than a joined range can have: the call is short, but no copy
 * comes to the kernel. */
CASE(more_bytes_than_there_is_memory)
{
	char *start = JOINED - 0x40000000;	/* no memory there */
	struct iovec parts[] = {
		part_of(start, 0x40000000), part_of(start, 0x40000000),
		part_of(start, 1),
	};
	int fd = open("/dev/null", O_RDWR);

	expect(writev(fd, parts, 1) > 0);
	expect_error(writev(fd, parts, 2), EINVAL);
	parts[1].iov_len--;
	expect(writev(fd, parts, 2) > 0);
	expect_error(writev(fd, parts, 3), EINVAL);
	require(pipe(fds) == 0);
	expect_error(writev(fds[1], parts, 2), EFAULT);
	expect(readv(fd, parts, 2) == 0);
}

/* ---- The addresses of the joined range ----------------------------------- */

static void try_addresses(void)
{
	struct iovec parts[] = { part_of(bytes, 8), part_of(JOINED, 8) };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	for (int i = 0; i < 2; i++) {
		expect_error(read(fds[0], JOINED, 8), EFAULT);
		expect_error(write(fds[1], JOINED, 8), EFAULT);
		expect_error(send(fds[1], JOINED, 8, 0), EFAULT);
		expect_error(recv(fds[0], JOINED, 8, MSG_DONTWAIT), EFAULT);
		expect_error(readv(fds[0], parts, 2), EFAULT);
		expect_error(writev(fds[1], parts, 2), EFAULT);
		expect_error(readv(fds[0], (struct iovec *)JOINED, 1), EFAULT);
		expect_error(sendmsg(fds[1], &message, 0), EFAULT);
		expect_error(recvmsg(fds[0], &message, 0), EFAULT);
		parts[1] = part_of(JOINED - 4, 8);
	}
}

static void *read_parts(void *result)
{
	char first[4], second[4];
	struct iovec parts[] = { part_of(first, 4), part_of(second, 4) };

	*(int *)result = readv(fds[0], parts, 2) == 8 &&
			 memcmp(first, "good", 4) == 0 &&
			 memcmp(second, "news", 4) == 0;
	return NULL;
}

/* A second thread is in the middle of its call. */
CASE(joined_range_of_another_thread_is_reached)
{
	static int is_good;
	pthread_t reader;

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	try_addresses();
	require(pthread_create(&reader, NULL, read_parts, &is_good) == 0);
	case_pause();
	try_addresses();
	expect(write(fds[1], "goodnews", 8) == 8);
	pthread_join(reader, NULL);
	expect(is_good);
	try_addresses();
}

/* The kernel has fetched the vector before the wait. */
static struct iovec changing[PARTS];

static void *read_changing(void *result)
{
	*(ssize_t *)result = readv(fds[0], changing, PARTS);
	return NULL;
}

CASE(vector_changes_during_the_call)
{
	static ssize_t done;
	pthread_t reader;

	require(pipe(fds) == 0);
	for (int i = 0; i < PARTS; i++)
		changing[i] = part_of(seen + i, 1);
	require(pthread_create(&reader, NULL, read_changing, &done) == 0);
	case_pause();
	for (int i = 0; i < PARTS; i++)
		changing[i] = part_of(JOINED + 0x100000, 4096);
	memset(bytes, 'x', PARTS);
	expect(write(fds[1], bytes, PARTS) == PARTS);
	pthread_join(reader, NULL);
	expect(done == PARTS && memcmp(bytes, seen, PARTS) == 0);
}

/* ---- One step ------------------------------------------------------------ */

static int file;

static struct iovec *cut(struct iovec *parts, char *start)
{
	for (int i = 0; i < PARTS; i++)
		parts[i] = part_of(start + i * (STEP_BYTES / PARTS),
				   STEP_BYTES / PARTS);
	return parts;
}

static int write_steps(void)
{
	struct iovec parts[PARTS];

	cut(parts, bytes);
	for (int i = 0; i < ROUNDS; i++) {
		memset(bytes, 'a' + i % 2, STEP_BYTES);
		if (pwritev(file, parts, PARTS, 0) != STEP_BYTES)
			return 1;
	}
	return 0;
}

CASE(reader_sees_half_of_a_writev)
{
	struct iovec parts[PARTS];
	pid_t writer;

	file = open("/tmp/vector_parley", O_RDWR | O_CREAT | O_TRUNC, 0600);
	require(file >= 0 && unlink("/tmp/vector_parley") == 0);
	require(pwritev(file, cut(parts, bytes), PARTS, 0) == STEP_BYTES);
	writer = start(write_steps);
	cut(parts, seen);
	for (int i = 0; i < ROUNDS; i++) {
		expect(preadv(file, parts, PARTS, 0) == STEP_BYTES);
		expect(memcmp(seen, seen + 1, STEP_BYTES - 1) == 0);
	}
	expect(result_of(writer) == 0);
}

/* ---- Long stretches ------------------------------------------------------ */

#define MOST_BYTES	16384
#define PIECE		(MOST_BYTES / IOV_MAX)

/* IOV_MAX parts, each on the border of two pages that were never touched. */
static struct iovec *untouched_parts(struct iovec *parts)
{
	static char *start;

	if (start)
		require(munmap(start, IOV_MAX * 2 * PAGE) == 0);
	start = mmap(NULL, IOV_MAX * 2 * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	require(start != MAP_FAILED);
	for (int i = 0; i < IOV_MAX; i++)
		parts[i] = part_of(start + (2 * i + 1) * PAGE - PIECE / 2,
				   PIECE);
	return parts;
}

static void move_through(int to, int from)
{
	struct iovec parts[IOV_MAX];

	expect(writev(to, untouched_parts(parts), IOV_MAX) == MOST_BYTES);
	expect(readv(from, untouched_parts(parts), IOV_MAX) == MOST_BYTES);
}

/* tests/tools/latency counts the instructions. */
CASE(many_parts_keep_other_tasks_from_running)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	struct iovec parts[IOV_MAX];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = IOV_MAX };

	file = open("/tmp/vector_parley", O_RDWR | O_CREAT | O_TRUNC, 0600);
	require(file >= 0 && unlink("/tmp/vector_parley") == 0);
	move_through(file, open("/dev/zero", O_RDONLY));
	expect(preadv(file, untouched_parts(parts), IOV_MAX, 0) == MOST_BYTES);
	require(pipe(fds) == 0);
	move_through(fds[1], fds[0]);
	for (int i = 0; i < 3; i++) {
		require(socketpair(AF_UNIX, types[i], 0, fds) == 0);
		move_through(fds[0], fds[1]);
		untouched_parts(parts);
		expect(sendmsg(fds[0], &message, 0) == MOST_BYTES);
		untouched_parts(parts);
		expect(recvmsg(fds[1], &message, 0) == MOST_BYTES);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
