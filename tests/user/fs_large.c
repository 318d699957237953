/*
 * fs_large.c - files and offsets beyond 4 GiB: no call loses the high word of
 * an off_t. The files are sparse. Any POSIX system.
 */
#define _FILE_OFFSET_BITS 64
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define GIB	((off_t)1 << 30)

static int open_file(void)
{
	int fd = open("fs_large-file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0 && unlink("fs_large-file") == 0);
	return fd;
}

static char byte_at(int fd, off_t offset)
{
	char byte = '?';

	expect(pread(fd, &byte, 1, offset) == 1);
	return byte;
}

CASE(write_far_behind_does_not_hit_the_beginning)
{
	int fd = open_file();
	struct stat status;

	require(write(fd, "first", 5) == 5);
	expect(pwrite(fd, "FAR", 3, 4 * GIB) == 3);
	expect(byte_at(fd, 0) == 'f' && byte_at(fd, 4 * GIB) == 'F');
	expect(byte_at(fd, 2 * GIB) == 0);
	require(fstat(fd, &status) == 0);
	expect(status.st_size == 4 * GIB + 3);
	expect(status.st_blocks < 1000);
}

CASE(position_counts_beyond_4_gib)
{
	int fd = open_file();
	char text[4] = "";

	expect(lseek(fd, 5 * GIB - 2, SEEK_SET) == 5 * GIB - 2);
	expect(write(fd, "abc", 3) == 3);
	expect(lseek(fd, 0, SEEK_CUR) == 5 * GIB + 1);
	expect(lseek(fd, -3, SEEK_END) == 5 * GIB - 2);
	expect(read(fd, text, 4) == 3 && strcmp(text, "abc") == 0);
	expect(lseek(fd, -5 * GIB, SEEK_CUR) == 1);
	expect_error(lseek(fd, -6 * GIB, SEEK_END), EINVAL);
	expect(lseek(fd, 0, SEEK_CUR) == 1);
}

CASE(append_goes_behind_4_gib)
{
	int fd = open_file();

	expect(ftruncate(fd, 6 * GIB) == 0);
	require(fcntl(fd, F_SETFL, O_APPEND) == 0);
	expect(write(fd, "end", 3) == 3);
	expect(lseek(fd, 0, SEEK_CUR) == 6 * GIB + 3);
	expect(byte_at(fd, 6 * GIB + 2) == 'd');
}

CASE(mapping_begins_at_the_whole_offset)
{
	int fd = open_file();
	char *page;

	require(pwrite(fd, "low", 3, GIB) == 3);
	require(pwrite(fd, "high", 4, 5 * GIB) == 4);
	page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 5 * GIB);
	require(page != MAP_FAILED);
	expect(strcmp(page, "high") == 0);
	page[0] = 'H';
	expect(byte_at(fd, 5 * GIB) == 'H' && byte_at(fd, GIB) == 'l');
	expect(munmap(page, 1) == 0);
	expect(mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 5 * GIB + 1) ==
	       MAP_FAILED && errno == EINVAL);
	expect(mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, -4096) ==
	       MAP_FAILED && (errno == EINVAL || errno == EOVERFLOW));
}

/* With a step for each page of the length, this takes hours. */
CASE(sparse_file_is_cut_by_the_pages_that_it_has)
{
	int fd = open_file();
	struct stat status;

	for (int i = 1; i <= 60; i++)
		require(pwrite(fd, "x", 1, i * 16 * GIB) == 1);
	expect(ftruncate(fd, 16 * GIB + 1) == 0);
	expect(byte_at(fd, 16 * GIB) == 'x');
	expect(ftruncate(fd, 900 * GIB) == 0);
	expect(byte_at(fd, 32 * GIB) == 0);
	expect(ftruncate(fd, 0) == 0);
	require(fstat(fd, &status) == 0);
	expect(status.st_size == 0 && status.st_blocks == 0);
}

CASE(stream_reaches_behind_4_gib)
{
	FILE *file = fdopen(open_file(), "w+");
	char text[40];

	require(file && fseeko(file, 5 * GIB, SEEK_SET) == 0);
	expect(fputs("word", file) >= 0);
	expect(ftello(file) == 5 * GIB + 4);
	if (LONG_MAX < 5 * GIB)
		expect_error(ftell(file), EOVERFLOW);
	expect(fseeko(file, -2, SEEK_END) == 0 && fgetc(file) == 'r');
	snprintf(text, sizeof(text), "%jd", (intmax_t)ftello(file));
	expect(strcmp(text, "5368709123") == 0);
	fclose(file);
}

CASE(limit_of_the_size_may_be_beyond_4_gib)
{
	struct rlimit limit;
	int fd;

	signal(SIGXFSZ, SIG_IGN);
	require(getrlimit(RLIMIT_FSIZE, &limit) == 0);
	limit.rlim_cur = 5 * GIB;
	require(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	fd = open_file();
	expect(pwrite(fd, "abc", 3, 5 * GIB - 1) == 1);
	expect_error(pwrite(fd, "x", 1, 5 * GIB), EFBIG);
	expect_error(ftruncate(fd, 5 * GIB + 1), EFBIG);
	expect(ftruncate(fd, 5 * GIB) == 0);
}

CASE(offset_may_not_be_negative)
{
	int fd = open_file();
	char byte;

	expect_error(pread(fd, &byte, 1, -1), EINVAL);
	expect_error(pwrite(fd, "x", 1, -5 * GIB), EINVAL);
	expect_error(ftruncate(fd, -5 * GIB), EINVAL);
	expect_error(lseek(fd, -1, SEEK_SET), EINVAL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
