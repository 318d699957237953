/*
 * fs_mmap.c - files as memory: read, write and mappings see the same bytes.
 * Runs on any POSIX system.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define PAGE 4096

static char buffer[4 * PAGE];

/* A file of `pages` pages, each page full of a different letter, and 10 more
   bytes. */
static int make_file(const char *path, int pages)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	for (int i = 0; i < pages; i++) {
		memset(buffer, 'a' + i, PAGE);
		write(fd, buffer, PAGE);
	}
	write(fd, "0123456789", 10);
	return fd;
}

static char *map(int fd, int pages, int prot, int flags)
{
	char *at = mmap(NULL, pages * PAGE, prot, flags, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

static void put(int fd, off_t position, const char *text)
{
	lseek(fd, position, SEEK_SET);
	write(fd, text, strlen(text));
}

static int file_has(int fd, off_t position, const char *text)
{
	lseek(fd, position, SEEK_SET);
	return read(fd, buffer, strlen(text)) == (ssize_t)strlen(text) &&
	       memcmp(buffer, text, strlen(text)) == 0;
}

static void test_shared(void)
{
	int fd = make_file("/tmp/map", 2), other;
	char *at = map(fd, 3, PROT_READ | PROT_WRITE, MAP_SHARED);
	char *twin = map(fd, 3, PROT_READ, MAP_SHARED);

	ok(at && twin, "mmap");
	ok(at[0] == 'a' && at[PAGE] == 'b' && at[2 * PAGE] == '0', "contents");
	ok(at[2 * PAGE + 9] == '9' && at[2 * PAGE + 10] == '\0',
	   "zeros_behind_the_end");
	at[1] = 'X';
	ok(twin[1] == 'X', "another_mapping_sees_a_store");
	ok(file_has(fd, 0, "aXa"), "read_sees_a_store");
	put(fd, PAGE, "written");
	ok(memcmp(twin + PAGE, "written", 7) == 0, "mapping_sees_a_write");
	close(fd);
	other = open("/tmp/map", O_RDONLY);
	unlink("/tmp/map");
	at[2] = 'Y';
	ok(file_has(other, 0, "aXY"), "mapping_outlives_its_descriptor");
	close(other);
	ok(twin[2] == 'Y', "and_the_name");
	munmap(at, 3 * PAGE);
	munmap(twin, 3 * PAGE);
}

static void test_private(void)
{
	int fd = make_file("/tmp/map", 1);
	char *at = map(fd, 2, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	at[0] = 'P';
	ok(file_has(fd, 0, "aaa"), "private_store_spares_the_file");
	at[PAGE] = 'P';
	ok(file_has(fd, PAGE, "012"), "in_the_last_page_too");
	ok(at[PAGE + 10] == '\0', "zeros behind the end");
	close(fd);
	unlink("/tmp/map");
	munmap(at, 2 * PAGE);
}

static void test_hole(void)
{
	int fd = open("/tmp/map", O_RDWR | O_CREAT | O_TRUNC, 0644);
	char *at;

	ftruncate(fd, 3 * PAGE);
	at = map(fd, 3, PROT_READ | PROT_WRITE, MAP_SHARED);
	ok(at[PAGE] == '\0', "hole_reads_as_zeros");
	put(fd, PAGE, "there");
	ok(memcmp(at + PAGE, "there", 5) == 0, "write_fills_it_for_all");
	at[2 * PAGE + 7] = 'x';
	ok(file_has(fd, 2 * PAGE + 7, "x"), "store_fills_it_for_all");
	/* The page written from is the page written to. */
	at = map(fd, 3, PROT_READ | PROT_WRITE, MAP_SHARED);
	lseek(fd, 0, SEEK_SET);
	is(write(fd, at, PAGE), PAGE, "write_of_a_hole_to_itself");
	ok(at[0] == '\0' && at[PAGE - 1] == '\0', "is harmless");
	close(fd);
	unlink("/tmp/map");
	munmap(at, 3 * PAGE);
}

/* A child accesses this address; the signal that ended the child, or 0. */
static int signal_of(char *at, int store)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (store)
			*(volatile char *)at = 1;
		else
			(void)*(volatile char *)at;
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void test_limits(void)
{
	int fd = make_file("/tmp/map", 1), reader;
	char *at = map(fd, 4, PROT_READ, MAP_SHARED);

	is(signal_of(at + PAGE, 0), 0, "last page");
	is(signal_of(at + 2 * PAGE, 0), SIGBUS, "page_behind_the_end");
	is(signal_of(at, 1), SIGSEGV, "store_to_a_page_to_read");
	munmap(at, 4 * PAGE);
	is(signal_of(at, 0), SIGSEGV, "unmapped");
	reader = open("/tmp/map", O_RDONLY);
	ok(!map(reader, 1, PROT_READ | PROT_WRITE, MAP_SHARED) &&
	   errno == EACCES, "shared_to_write_of_a_reader");
	at = map(reader, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	ok(at != NULL, "private is fine");
	munmap(at, PAGE);
	close(reader);
	close(fd);
	fd = open("/", O_RDONLY);
	ok(!map(fd, 1, PROT_READ, MAP_SHARED) && errno == ENODEV,
	   "directory cannot be mapped");
	close(fd);
	ok(!map(fd, 1, PROT_READ, MAP_SHARED) && errno == EBADF, "closed");
	unlink("/tmp/map");
}

/* A file of Parley's boot image is mapped in place until a process writes. */
static void test_image(void)
{
	int fd = open("/README.md", O_RDWR);
	char *reader = fd < 0 ? NULL : map(fd, 1, PROT_READ, MAP_SHARED);
	char *copy = fd < 0 ? NULL : map(fd, 1, PROT_READ, MAP_PRIVATE);
	char first[2] = "";

	if (!reader || !copy) {
		tap_skip("file of the image", "no /README.md here");
		return;
	}
	first[0] = reader[0];
	is(copy[0], first[0], "file of the image");
	put(fd, 0, "?");
	is(reader[0], '?', "reader_of_the_image_sees_a_write");
	put(fd, 0, first);
	is(reader[0], first[0], "and_the_next_one");
	close(fd);
	munmap(reader, PAGE);
	munmap(copy, PAGE);
}

int main(void)
{
	test_shared();
	test_private();
	test_hole();
	test_limits();
	test_image();
	return tap_done();
}
