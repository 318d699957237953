/*
 * hostile_long_call.c - calls with much to do: their results are right, and the
 * calls let other tasks run in between.
 *
 * Each case makes a long call beside a process that only counts, and checks the
 * result. tests/tools/latency runs this file with a clock that counts
 * instructions, and looks at the longest stretch without a chance to switch.
 *
 * linux: no
 */
#include <dirent.h>
#include <limits.h>
#include <pages.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define MIB	(1u << 20)
#define FILE_BYTES	(10 * MIB)
#define MAP_BYTES	(48 * MIB)
#define ARGUMENTS	8000
#define ENTRIES		1000
#define VIEWS		64
#define STEP_BYTES	(64 * 1024)

static char path[64];

static int open_file(void)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/long-%d", (int)getpid());
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	require(fd >= 0);
	return fd;
}

static unsigned char *fill(size_t bytes)
{
	unsigned char *at = malloc(bytes);

	require(at != NULL);
	for (size_t i = 0; i < bytes; i += 64)
		at[i] = i / 64 % 251;
	return at;
}

CASE(long_write_and_read_lose_bytes)
{
	unsigned char *from = fill(FILE_BYTES), *to = calloc(1, FILE_BYTES);
	int fd = open_file();

	require(to != NULL);
	expect(write(fd, from, FILE_BYTES) == FILE_BYTES);
	expect(lseek(fd, 0, SEEK_SET) == 0);
	expect(read(fd, to, FILE_BYTES) == FILE_BYTES);
	expect(memcmp(from, to, FILE_BYTES) == 0);
	memset(to, 0, FILE_BYTES);
	expect(pread(fd, to, FILE_BYTES, 0) == FILE_BYTES);
	expect(memcmp(from, to, FILE_BYTES) == 0);
	expect(pwrite(fd, from, 100000, 12345) == 100000);
	expect(pread(fd, to, 100000, 12345) == 100000);
	expect(memcmp(from, to, 100000) == 0);
	expect(lseek(fd, 0, SEEK_CUR) == FILE_BYTES);
	expect(pread(fd, to, FILE_BYTES, 1) == FILE_BYTES - 1);
	close(fd);
	unlink(path);
}

/* The kill comes after the first page and before the last. */
CASE(killed_process_goes_on_with_a_long_read)
{
	volatile char *to = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = open("/dev/zero", O_RDONLY);
	pid_t child;

	require(to != MAP_FAILED && fd >= 0);
	to[0] = to[MAP_BYTES - 1] = 7;
	child = fork_or_fail();
	if (child == 0)
		_exit(read(fd, (char *)to, MAP_BYTES) != MAP_BYTES);
	while (to[0] == 7)
		sched_yield();
	expect(kill_and_wait(child) == -SIGKILL);
	expect(to[MAP_BYTES - 1] == 7);
	close(fd);
	munmap((char *)to, MAP_BYTES);
}

/* ---- A long read or write is one step ------------------------------------ */

static pid_t start_writer(int fd, char letter)
{
	static char bytes[STEP_BYTES];
	pid_t child = fork_or_fail();

	if (child == 0) {
		memset(bytes, letter, STEP_BYTES);
		_exit(pwrite(fd, bytes, STEP_BYTES, 0) != STEP_BYTES);
	}
	return child;
}

static void must_be_whole(int fd)
{
	static char seen[STEP_BYTES];

	require(pread(fd, seen, STEP_BYTES, 0) == STEP_BYTES);
	for (int i = 1; i < STEP_BYTES; i++)
		require(seen[i] == seen[0]);
}

/* Force a switch at each chance in turn. */
CASE(long_write_shows_its_half)
{
	int fd = open_file(), is_over = 0;
	pid_t first, second;

	expect(result_of(start_writer(fd, 'a')) == 0);
	for (int chance = 1; chance < 200 && !is_over; chance++) {
		test_switch_at(chance, 0);
		first = start_writer(fd, 'b');
		second = start_writer(fd, 'c');
		must_be_whole(fd);
		expect(result_of(first) == 0 && result_of(second) == 0);
		is_over = test_switch_at(0, 0) > 0;
		must_be_whole(fd);
	}
	close(fd);
	unlink(path);
}

static pid_t start_cutter(int fd)
{
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(ftruncate(fd, 0) != 0);
	return child;
}

/* Lets the file grow, and stores into its last page through a mapping. */
static pid_t start_grower(int fd, volatile char *view)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		require(ftruncate(fd, STEP_BYTES) == 0);
		view[STEP_BYTES - 1] = 7;
		_exit(0);
	}
	return child;
}

/* If the file is long at the end, then it grew after the cut, and the store
 * came even later. Force a switch at each chance in turn. */
CASE(store_behind_a_cut_is_lost_when_the_file_grows)
{
	int fd = open_file(), is_over = 0;
	volatile char *views[8];
	pid_t cutter, grower;
	struct stat status;

	for (int i = 0; i < 8; i++)
		views[i] = mmap(NULL, STEP_BYTES, PROT_READ | PROT_WRITE,
				MAP_SHARED, fd, 0);
	for (int chance = 1; chance < 300 && !is_over; chance++) {
		require(ftruncate(fd, STEP_BYTES) == 0);
		for (int i = 0; i < 8; i++)
			views[i][STEP_BYTES - 1] = 1;
		test_switch_at(chance, 0);
		cutter = start_cutter(fd);
		grower = start_grower(fd, views[7]);
		expect(result_of(cutter) == 0);
		result_of(grower);	/* SIGBUS, if the cut comes last */
		is_over = test_switch_at(0, 0) > 0;
		require(fstat(fd, &status) == 0);
		expect(status.st_size == 0 || views[0][STEP_BYTES - 1] == 7);
	}
	expect(is_over);
	close(fd);
	unlink(path);
}

CASE(long_read_of_zeros_is_cut)
{
	char *to = malloc(20 * MIB);
	int fd = open("/dev/zero", O_RDONLY);

	require(to != NULL && fd >= 0);
	expect(read(fd, to, 20 * MIB) == 20 * MIB);
}

CASE(long_read_waits_for_what_is_not_there)
{
	unsigned char *from = fill(65536), *to = calloc(1, MIB);
	int fds[2];

	require(pipe(fds) == 0);
	expect(write(fds[1], from, 65536) == 65536);
	expect(read(fds[0], to, MIB) == 65536);
	expect(memcmp(from, to, 65536) == 0);
}

CASE(long_truncate_leaves_bytes)
{
	unsigned char *from = fill(FILE_BYTES), byte = 1;
	int fd = open_file();
	struct stat status;

	expect(write(fd, from, FILE_BYTES) == FILE_BYTES);
	expect(ftruncate(fd, 5000) == 0);
	expect(fstat(fd, &status) == 0 && status.st_size == 5000);
	expect(ftruncate(fd, FILE_BYTES) == 0);
	expect(pread(fd, &byte, 1, 5000 * 64) == 1 && byte == 0);
	close(fd);
	unlink(path);
}

/* A write to a bad address leaves a page behind the end of the file. */
CASE(long_file_ends_and_pages_stay)
{
	unsigned char *from = fill(FILE_BYTES);
	int fd = open_file();

	expect(write(fd, from, MIB) == MIB);
	expect_error(pwrite(fd, (void *)4, 1, 3 * FILE_BYTES), EFAULT);
	expect(ftruncate(fd, 100000) == 0);
	expect(write(fd, from, FILE_BYTES) == FILE_BYTES);
	expect(close(open(path, O_WRONLY | O_TRUNC)) == 0);
	expect(lseek(fd, 0, SEEK_END) == 0);
	expect(write(fd, from, FILE_BYTES) == FILE_BYTES);
	unlink(path);
	if (fork_or_fail() == 0)	/* ends with the last process */
		_exit(0);
	expect(wait(NULL) > 0);
}

/* Every third page, so that all rights and holes are met. */
CASE(long_protect_or_unmap_misses_a_page)
{
	char *at = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(at != MAP_FAILED);
	for (size_t i = 0; i < MAP_BYTES; i += 3 * PAGE_SIZE)
		at[i] = 7;
	expect(mprotect(at, MAP_BYTES, PROT_READ) == 0);
	expect(mprotect(at + MIB, MAP_BYTES - 2 * MIB, PROT_NONE) == 0);
	expect(mprotect(at, MAP_BYTES, PROT_READ | PROT_WRITE) == 0);
	for (size_t i = 0; i < MAP_BYTES; i += 3 * PAGE_SIZE)
		require(++at[i] == 8);
	expect(munmap(at + PAGE_SIZE, MAP_BYTES - 2 * PAGE_SIZE) == 0);
	expect(at[0] == 8);
	expect(mmap(at + PAGE_SIZE, PAGE_SIZE, PROT_READ, MAP_PRIVATE |
		    MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at + PAGE_SIZE);
	expect(at[PAGE_SIZE] == 0);
	expect(munmap(at, MAP_BYTES) == 0);
}

CASE(long_truncate_of_a_mapped_file_leaves_a_page)
{
	int fd = open_file();
	char *at;

	expect(ftruncate(fd, MAP_BYTES) == 0);
	at = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	require(at != MAP_FAILED);
	for (size_t i = 0; i < FILE_BYTES; i += PAGE_SIZE)
		at[i] = 7;
	expect(ftruncate(fd, PAGE_SIZE) == 0);
	expect(ftruncate(fd, MAP_BYTES) == 0);
	expect(at[0] == 7 && at[PAGE_SIZE] == 0 && at[FILE_BYTES] == 0);
	expect(munmap(at, MAP_BYTES) == 0);
	close(fd);
	unlink(path);
}

static int grant, touched[2], revoked[2];

/* Dies of SIGBUS at a page that was revoked. */
static int borrows(void)
{
	char *viewed = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_SHARED, grant, 0);
	char byte;

	require(viewed != MAP_FAILED);
	for (size_t i = 0; i < FILE_BYTES; i += PAGE_SIZE) {
		require(viewed[i] == (i < FILE_BYTES / 2 ? 3 : 0));
		viewed[i] = 9;
	}
	require(write(touched[1], "t", 1) == 1);
	require(read(revoked[0], &byte, 1) == 1);
	return viewed[FILE_BYTES - PAGE_SIZE];
}

/* Half of the pages are granted before their first use. */
CASE(long_grant_or_revoke_misses_a_page)
{
	char *lent = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), byte;
	pid_t child;

	require(lent != MAP_FAILED && pipe(touched) == 0 && pipe(revoked) == 0);
	memset(lent, 3, FILE_BYTES / 2);
	grant = page_grant(lent, FILE_BYTES, PROT_READ | PROT_WRITE);
	require(grant >= 0);
	child = start(borrows);
	require(read(touched[0], &byte, 1) == 1);
	for (size_t i = 0; i < FILE_BYTES; i += PAGE_SIZE)
		require(lent[i] == 9);
	expect(page_revoke(grant) == 0);
	expect(write(revoked[1], "r", 1) == 1);
	expect(result_of(child) == -SIGBUS);
	expect(munmap(lent, FILE_BYTES) == 0);
	close(grant);			/* the end of a large object */
}

/* Map the pages VIEWS times, and touch each page. */
static void map_often(volatile char *views[VIEWS], int fd)
{
	for (int i = 0; i < VIEWS; i++) {
		views[i] = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_SHARED,
				fd, 0);
		require(views[i] != MAP_FAILED);
		for (size_t at = 0; at < MIB; at += PAGE_SIZE)
			views[i][at]++;
	}
}

CASE(truncate_of_a_file_with_many_mappings_leaves_a_page)
{
	volatile char *views[VIEWS];
	int fd = open_file();

	expect(ftruncate(fd, MIB) == 0);
	map_often(views, fd);
	expect(views[0][0] == VIEWS);
	expect(ftruncate(fd, PAGE_SIZE) == 0);
	expect(ftruncate(fd, MIB) == 0);
	for (int i = 0; i < VIEWS; i++)
		for (size_t at = 0; at < MIB; at += PAGE_SIZE)
			require(views[i][at] == (at == 0 ? VIEWS : 0));
	close(fd);
	unlink(path);
}

static void end_at_bus_error(int signal)
{
	_exit(signal);
}

/* 0 if no view has a page. */
static int borrows_often(void)
{
	volatile char *views[VIEWS];
	char byte;

	map_often(views, grant);
	set_handler(SIGBUS, end_at_bus_error, 0);
	require(write(touched[1], "t", 1) == 1);
	require(read(revoked[0], &byte, 1) == 1);
	for (int i = 0; i < VIEWS; i++)
		if (fork_or_fail() == 0)
			_exit(views[i][i * 4 * PAGE_SIZE]);
	for (int i = 0; i < VIEWS; i++) {
		int status;

		require(wait(&status) > 0);
		require(WIFEXITED(status) && WEXITSTATUS(status) == SIGBUS);
	}
	return 0;
}

CASE(revoke_of_pages_with_many_mappings_leaves_a_page)
{
	char *lent = mmap(NULL, MIB, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), byte;
	pid_t child;

	require(lent != MAP_FAILED && pipe(touched) == 0 && pipe(revoked) == 0);
	grant = page_grant(lent, MIB, PROT_READ | PROT_WRITE);
	require(grant >= 0);
	child = start(borrows_often);
	require(read(touched[0], &byte, 1) == 1);
	expect(lent[0] == VIEWS && lent[MIB - PAGE_SIZE] == VIEWS);
	expect(page_revoke(grant) == 0);
	expect(write(revoked[1], "r", 1) == 1);
	expect(result_of(child) == 0);
	close(grant);
}

CASE(fork_or_end_of_a_large_process_loses_a_page)
{
	char *at = mmap(NULL, 24 * MIB, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	require(at != MAP_FAILED);
	memset(at, 5, 24 * MIB);
	child = fork_or_fail();
	if (child == 0) {
		for (size_t i = 0; i < 24 * MIB; i += PAGE_SIZE)
			require(at[i]++ == 5);
		_exit(0);
	}
	expect(result_of(child) == 0);
	for (size_t i = 0; i < 24 * MIB; i += PAGE_SIZE)
		require(at[i] == 5);
}

CASE(exec_with_many_arguments_loses_one)
{
	static char *argv[ARGUMENTS + 2];
	pid_t child = fork_or_fail();

	if (child == 0) {
		argv[0] = "test";
		for (int i = 1; i < ARGUMENTS; i++)
			argv[i] = "x";
		require(dup2(open("/dev/null", O_WRONLY), 1) == 1);
		execv("/bin/echo", argv);
		_exit(errno == E2BIG ? 0 : 1);
	}
	expect(result_of(child) == 0);
}

#define LONG_WORD	60000

CASE(exec_with_a_long_argument_cuts_it)
{
	static char word[LONG_WORD + 1], *argv[] = { "echo", word, NULL };
	int fds[2];
	pid_t child;

	memset(word, 'x', LONG_WORD);
	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		require(dup2(fds[1], 1) == 1);
		execv("/bin/echo", argv);
		_exit(1);
	}
	close(fds[1]);
	expect(drain(fds[0], LONG_WORD + 1));	/* with the newline */
	expect(read(fds[0], word, 1) == 0 && result_of(child) == 0);
}

CASE(long_directory_is_listed_in_part)
{
	char name[96];
	struct dirent *entry;
	DIR *directory;
	int count = 0;

	snprintf(path, sizeof(path), "/tmp/many-%d", (int)getpid());
	require(mkdir(path, 0700) == 0);
	for (int i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof(name), "%s/%d", path, i);
		require(close(open(name, O_CREAT | O_WRONLY, 0600)) == 0);
	}
	directory = opendir(path);
	require(directory != NULL);
	while ((entry = readdir(directory)) != NULL)
		count += entry->d_name[0] != '.';
	expect(count == ENTRIES);
	closedir(directory);
	for (int i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof(name), "%s/%d", path, i);
		expect(unlink(name) == 0);
	}
	expect(rmdir(path) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
