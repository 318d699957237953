/*
 * fs_mapped.c - large files as memory: each store is kept. Runs on any POSIX
 * system; tests/tools/disk_suite runs the program on a disk with a small cache.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define PAGE	4096
#define PAGES	1024
#define BYTES	(PAGES * PAGE)
#define PIECE	(8 * PAGE)

static uint32_t piece[PIECE / 4];

static int make_file(const char *path, off_t bytes)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	ftruncate(fd, bytes);
	return fd;
}

static volatile uint32_t *map(int fd, size_t bytes, int prot, int flags)
{
	void *at = mmap(NULL, bytes, prot, flags, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

static volatile uint32_t *map_shared(int fd)
{
	return map(fd, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED);
}

static void unmap(volatile uint32_t *at)
{
	munmap((void *)at, BYTES);
}

/* Word i of the file is f(i) = i * factor, in the first word of each page. */
static void store(volatile uint32_t *at, uint32_t factor)
{
	for (uint32_t i = 0; i < PAGES; i++)
		at[i * PAGE / 4] = i * factor;
}

static int count_wrong(volatile uint32_t *at, uint32_t factor)
{
	int wrong = 0;

	for (uint32_t i = 0; i < PAGES; i++)
		wrong += at[i * PAGE / 4] != i * factor;
	return wrong;
}

static int count_wrong_by_read(int fd, uint32_t factor)
{
	int wrong = 0;

	for (uint32_t i = 0; i < PAGES; i += PIECE / PAGE) {
		if (pread(fd, piece, PIECE, i * PAGE) != PIECE)
			return -1;
		for (uint32_t j = 0; j < PIECE / PAGE; j++)
			wrong += piece[j * PAGE / 4] != (i + j) * factor;
	}
	return wrong;
}

static void test_stores(void)
{
	int fd = make_file("/tmp/mapped", BYTES);
	volatile uint32_t *at = map_shared(fd);

	is(count_wrong(at, 0), 0, "holes_of_a_large_file_read_as_zeros");
	store(at, 3);
	is(count_wrong(at, 3), 0, "stores_to_a_large_file_stay");
	is(count_wrong_by_read(fd, 3), 0, "read_sees_them");
	store(at, 5);
	is(msync((void *)at, BYTES, MS_SYNC), 0, "msync");
	store(at, 7);
	is(count_wrong_by_read(fd, 7), 0, "read_sees_stores_after_msync");
	unmap(at);
	at = map_shared(fd);
	is(count_wrong(at, 7), 0, "the_next_mapping_sees_them");
	unmap(at);
	close(fd);
}

/* The kernel meets missing pages in the middle of a copy. */
static void test_copies(void)
{
	int from = open("/tmp/mapped", O_RDWR);
	int to = make_file("/tmp/copy", BYTES), wrong = 0;
	volatile uint32_t *source = map_shared(from), *target = map_shared(to);
	size_t at;

	for (at = 0; at < BYTES; at += PIECE)
		wrong += pread(from, (char *)target + at, PIECE, at) != PIECE;
	is(wrong, 0, "read_into_a_mapping_is_not_short");
	is(count_wrong(target, 7), 0, "brings_the_bytes");
	store(target, 0);
	for (at = 0; at < BYTES; at += PIECE)
		wrong += pwrite(to, (char *)source + at, PIECE, at) != PIECE;
	is(wrong, 0, "write_from_a_mapping_is_not_short");
	is(count_wrong(target, 7), 0, "has_the_bytes");
	for (at = 0; at < BYTES; at += PAGE)
		wrong += stat("/tmp/copy", (void *)((char *)target + at)) != 0;
	is(wrong, 0, "call_with_a_result_in_a_mapping");
	unmap(source);
	unmap(target);
	close(from);
	close(to);
	unlink("/tmp/copy");
}

static void read_all(int fd)
{
	while (read(fd, piece, PIECE) > 0)
		;
	_exit(0);
}

/* A call that waits until all bytes have moved is not short in a mapping. */
static void test_streams(void)
{
	int fd = open("/tmp/mapped", O_RDWR), ends[2];
	int copy = make_file("/tmp/copy", BYTES);
	volatile uint32_t *at = map_shared(fd), *target = map_shared(copy);

	pipe(ends);
	if (fork() == 0) {
		close(ends[1]);
		read_all(ends[0]);
	}
	is(write(ends[1], (void *)at, BYTES), BYTES, "write_to_a_pipe");
	close(ends[0]);
	close(ends[1]);
	wait(NULL);
	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	if (fork() == 0)
		_exit(send(ends[1], (void *)at, BYTES, 0) != BYTES);
	is(recv(ends[0], (void *)target, BYTES, MSG_WAITALL), BYTES,
	   "MSG_WAITALL_into_a_mapping");
	wait(NULL);
	is(count_wrong(target, 7), 0, "has_the_bytes_of_the_mapping");
	close(ends[0]);
	close(ends[1]);
	unmap(target);
	unmap(at);
	close(copy);
	close(fd);
	unlink("/tmp/copy");
}

/* Reading a second file makes the first one leave a small cache. */
static void test_private(void)
{
	int fd = open("/tmp/mapped", O_RDWR), other;
	volatile uint32_t *at = map(fd, BYTES, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE), *second;
	int wrong = 0;

	for (int i = 0; i < PAGES; i += 64)
		at[i * PAGE / 4] = 1;
	other = make_file("/tmp/copy", BYTES);
	second = map_shared(other);
	store(second, 11);
	is(count_wrong(second, 11), 0, "second_file");
	for (int i = 0; i < PAGES; i++)
		wrong += at[i * PAGE / 4] != (i % 64 ? i * 7u : 1);
	is(wrong, 0, "private_stores_outlive_the_cache");
	is(count_wrong_by_read(fd, 7), 0, "and_spare_the_file");
	unmap(at);
	unmap(second);
	close(other);
	close(fd);
	unlink("/tmp/copy");
}

static volatile uint32_t *stack;
static int other_file, handled;

/* The pages of the stack that no function touches now leave a small cache. */
static __attribute__((noinline)) void push_out(void)
{
	char deep[4 * PIECE];

	memset(deep, 1, sizeof(deep));
	msync((void *)stack, BYTES, MS_SYNC);
	for (off_t at = 0; at < BYTES; at += sizeof(deep))
		pread(other_file, deep, sizeof(deep), at);
}

static void on_signal(int n)
{
	push_out();
	handled += n == SIGUSR1;
}

/* The kernel reads and writes the frame of a handler. The frame lies across two
 * pages, and the program touches only the lower page. */
static void test_signal_stack(void)
{
	int fd = open("/tmp/mapped", O_RDWR);
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_ONSTACK };
	stack_t place = { .ss_size = 100 * PAGE + 300 };
	volatile double number = 3;

	other_file = make_file("/tmp/copy", BYTES);
	stack = map_shared(other_file);
	store(stack, 2);
	unmap(stack);
	stack = map_shared(fd);
	place.ss_sp = (void *)stack;
	is(sigaltstack(&place, NULL), 0, "sigaltstack");
	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < 4; i++) {
		push_out();
		number /= 3;
		raise(SIGUSR1);
		number *= 3;
	}
	ok(handled == 4 && number == 3, "handler_runs_on_a_stack_of_a_file");
	place.ss_flags = SS_DISABLE;
	sigaltstack(&place, NULL);
	store(stack, 7);
	unmap(stack);
	close(fd);
	close(other_file);
	unlink("/tmp/copy");
}

static void test_end(void)
{
	int fd = make_file("/tmp/copy", 100), status;
	volatile uint32_t *at = map_shared(fd);
	char byte = 1;

	at[100] = 5;
	ftruncate(fd, PAGE);
	is(at[100], 0, "store_behind_the_end_is_not_in_the_grown_file");
	ftruncate(fd, 100);
	at[100] = 5;
	pwrite(fd, "x", 1, 2 * PAGE);
	is(at[100], 0, "nor_behind_a_write_further_on");
	at[2 * PAGE / 4 + 1] = 5;
	ftruncate(fd, 10);
	ftruncate(fd, 3 * PAGE);
	is(at[2 * PAGE / 4], 0, "cut_page_comes_back_as_zeros");
	ftruncate(fd, 10);
	if (fork() == 0)
		_exit(at[PAGE / 4]);
	wait(&status);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS,
	   "page_behind_the_new_end_is_SIGBUS");
	pread(fd, &byte, 1, 10);
	is(byte, 1, "nothing_to_read_there");
	unmap(at);
	close(fd);
	unlink("/tmp/copy");
}

static void test_rights(void)
{
	int fd = open("/tmp/mapped", O_RDWR), status;
	volatile uint32_t *at = map_shared(fd);
	uint32_t word = 0;

	(void)*at;
	mprotect((void *)at, BYTES, PROT_READ);
	mprotect((void *)at, BYTES, PROT_READ | PROT_WRITE);
	msync((void *)at, BYTES, MS_SYNC);
	at[1] = 77;
	if (fork() == 0) {
		at[2] = 78;
		_exit(at[1] != 77);
	}
	wait(&status);
	pread(fd, &word, 4, 4);
	ok(status == 0 && word == 77 && at[2] == 78,
	   "stores_after_mprotect_and_by_a_child");
	is(msync((void *)at, BYTES, MS_ASYNC), 0, "MS_ASYNC");
	unmap(at);
	close(fd);
}

static void test_nonblock(void)
{
	int fd = open("/tmp/mapped", O_RDONLY | O_NONBLOCK);
	ssize_t done, all = 0;

	while ((done = read(fd, piece, PIECE)) > 0)
		all += done;
	is(all, BYTES, "file_never_would_block");
	close(fd);
}

static void test_times(void)
{
	struct timespec past[2] = { { 1000, 0 }, { 1000, 0 } };
	struct stat status;
	int fd = open("/tmp/mapped", O_RDWR);
	volatile uint32_t *at = map_shared(fd);

	futimens(fd, past);
	at[3] = 79;
	msync((void *)at, BYTES, MS_SYNC);
	fstat(fd, &status);
	ok(status.st_mtime > 1000, "store_is_a_modification");
	store(at, 13);			/* for tests/tools/disk_suite */
	unmap(at);
	close(fd);
}

int main(void)
{
	test_stores();
	test_copies();
	test_streams();
	test_private();
	test_signal_stack();
	test_end();
	test_rights();
	test_nonblock();
	test_times();
	if (access("/tmp/keep", F_OK) != 0)
		unlink("/tmp/mapped");
	return tap_done();
}
