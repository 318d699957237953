/*
 * fs_files.c - the rules of POSIX for open, read, write, lseek, truncate and
 * dup on regular files. Runs on any POSIX system, in a new folder in /tmp.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static void *volatile nowhere = (void *)16;
static char folder[] = "/tmp/fs_files";
static char big[100000], copy[100000];

/* The errno of a failed call, 0 after a success. */
#define FAILS_WITH(call) ((call) < 0 ? errno : 0)

static int file_with(const char *path, const char *text)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int holds(int fd, const char *text)
{
	char buffer[100];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	n = read(fd, buffer, sizeof(buffer));
	return n == (ssize_t)strlen(text) && memcmp(buffer, text, n) == 0;
}

static off_t length_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) ? -1 : status.st_size;
}

static void test_open(void)
{
	int fd;

	is(FAILS_WITH(open("none", O_RDONLY)), ENOENT, "open of nothing");
	is(FAILS_WITH(open("", O_RDONLY)), ENOENT, "empty path");
	fd = open("a", O_RDONLY | O_CREAT, 0644);
	ok(fd >= 0, "create for reading");
	is(FAILS_WITH(write(fd, "x", 1)), EBADF, "write_to_a_read_descriptor");
	close(fd);
	fd = open("a", O_WRONLY);
	is(FAILS_WITH(read(fd, copy, 1)), EBADF, "read_of_a_write_descriptor");
	close(fd);
	is(FAILS_WITH(open("a", O_CREAT | O_EXCL | O_RDWR, 0644)), EEXIST,
	   "exclusive create of what is there");
	is(FAILS_WITH(open("a", O_RDONLY | O_DIRECTORY)), ENOTDIR,
	   "file as a directory");
	is(FAILS_WITH(open("a/", O_RDONLY)), ENOTDIR, "file with a slash");
	is(FAILS_WITH(open("a/b", O_RDONLY | O_CREAT, 0644)), ENOTDIR,
	   "file on the way");
	is(FAILS_WITH(open(".", O_WRONLY)), EISDIR, "directory for writing");
	is(FAILS_WITH(open(".", O_RDWR)), EISDIR, "directory for both");
	is(FAILS_WITH(open("new/", O_CREAT | O_RDWR, 0644)), EISDIR,
	   "create_with_a_slash");
	is(FAILS_WITH(open("none/x", O_CREAT | O_RDWR, 0644)), ENOENT,
	   "create in no directory");
	fd = open(".", O_RDONLY | O_DIRECTORY);
	is(FAILS_WITH(read(fd, copy, 1)), EISDIR, "read of a directory");
	close(fd);
	is(FAILS_WITH(close(fd)), EBADF, "second close");
	is(FAILS_WITH(read(-1, copy, 1)), EBADF, "descriptor -1");
	is(FAILS_WITH(read(1000000, copy, 1)), EBADF, "descriptor 1000000");
	unlink("a");
}

static void test_truncate_on_open(void)
{
	int fd = file_with("t", "old text");
	int other = open("t", O_RDONLY);

	close(open("t", O_WRONLY | O_TRUNC));
	is(length_of(fd), 0, "o_trunc_empties_for_all");
	is(read(other, copy, 10), 0, "other descriptor sees the end");
	write(fd, "new", 3);
	ok(holds(other, "new"), "and what is written then");
	close(fd);
	close(other);
	unlink("t");
}

static void test_position(void)
{
	int fd = file_with("p", "0123456789");
	int twin = dup(fd), other = open("p", O_RDWR);

	is(lseek(fd, 4, SEEK_SET), 4, "seek");
	is(lseek(twin, 0, SEEK_CUR), 4, "dup_shares_the_position");
	is(lseek(other, 0, SEEK_CUR), 0, "another open has its own");
	is(lseek(fd, -1, SEEK_END), 9, "seek from the end");
	is(read(fd, copy, 10), 1, "short_read_at_the_end");
	is(read(fd, copy, 10), 0, "end of file");
	is(FAILS_WITH(lseek(fd, -11, SEEK_END)), EINVAL, "seek before 0");
	is(FAILS_WITH(lseek(fd, 0, 99)), EINVAL, "no such whence");
	is(lseek(fd, 0, SEEK_CUR), 10, "failed_seek_moves_nothing");
	is(lseek(fd, 20, SEEK_SET), 20, "seek behind the end");
	is(length_of(fd), 10, "makes it no longer");
	is(write(fd, "x", 1), 1, "but a write does");
	is(length_of(fd), 21, "length");
	lseek(fd, 0, SEEK_SET);
	read(fd, copy, 21);
	ok(memcmp(copy + 10, "\0\0\0\0\0\0\0\0\0\0x", 11) == 0,
	   "hole_reads_as_zeros");
	close(fd);
	close(twin);
	close(other);
	unlink("p");
}

static void test_fork_shares_the_position(void)
{
	int fd = file_with("f", "abcdef"), status;
	pid_t child = fork();

	if (child == 0)
		_exit(read(fd, copy, 2) == 2 ? 0 : 1);
	waitpid(child, &status, 0);
	is(status, 0, "child reads");
	is(lseek(fd, 0, SEEK_CUR), 2, "fork_shares_the_position");
	close(fd);
	unlink("f");
}

static void test_append(void)
{
	int fd = file_with("ap", "start");
	int appender = open("ap", O_WRONLY | O_APPEND);

	write(appender, "1", 1);
	write(fd, "S", 1);
	lseek(appender, 0, SEEK_SET);
	write(appender, "2", 1);
	ok(holds(fd, "Start12"), "append_always_goes_to_the_end");
	is(fcntl(appender, F_GETFL) & (O_APPEND | O_ACCMODE),
	   O_APPEND | O_WRONLY, "F_GETFL tells");
	fcntl(appender, F_SETFL, 0);
	lseek(appender, 0, SEEK_SET);
	write(appender, "s", 1);
	ok(holds(fd, "start12"), "F_SETFL takes it away");
	close(fd);
	close(appender);
	unlink("ap");
}

static int truncate_without_descriptors(const char *name, off_t bytes)
{
	struct rlimit limit, none;
	int result;

	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	result = truncate(name, bytes);
	setrlimit(RLIMIT_NOFILE, &limit);
	return result;
}

static void test_length(void)
{
	int fd = file_with("len", "0123456789"), reader;

	is(ftruncate(fd, 3), 0, "shorter");
	ok(holds(fd, "012"), "shorter text");
	is(ftruncate(fd, 6), 0, "longer");
	lseek(fd, 0, SEEK_SET);
	is(read(fd, copy, 10), 6, "longer text");
	ok(memcmp(copy, "012\0\0\0", 6) == 0,
	   "what_was_cut_does_not_come_back");
	is(FAILS_WITH(ftruncate(fd, -1)), EINVAL, "length -1");
	reader = open("len", O_RDONLY);
	is(FAILS_WITH(ftruncate(reader, 0)), EINVAL, "ftruncate of a reader");
	is(truncate_without_descriptors("len", 1), 0,
	   "truncate_takes_no_descriptor");
	is(length_of(reader), 1, "length");
	close(fd);
	close(reader);
	unlink("len");
}

static void fill(char *bytes, size_t size, unsigned seed)
{
	for (size_t i = 0; i < size; i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = seed >> 16;
	}
}

static void test_big(void)
{
	int fd = file_with("big", ""), good = 1;

	for (int i = 0; i < 60; i++) {
		fill(big, sizeof(big), i);
		good = good && write(fd, big, sizeof(big)) == sizeof(big);
	}
	is(length_of(fd), 60 * (off_t)sizeof(big), "6 MB file");
	for (int i = 59; i >= 0; i--) {
		fill(big, sizeof(big), i);
		lseek(fd, i * (off_t)sizeof(big), SEEK_SET);
		good = good && read(fd, copy, sizeof(copy)) == sizeof(copy) &&
		       memcmp(big, copy, sizeof(big)) == 0;
	}
	ok(good, "reads as written");
	close(fd);
	unlink("big");
}

static void test_bad_pointers(void)
{
	int fd = file_with("bp", "0123456789");

	is(FAILS_WITH(read(fd, nowhere, 5)), EFAULT, "read to nowhere");
	is(FAILS_WITH(write(fd, nowhere, 5)), EFAULT, "write from nowhere");
	is(lseek(fd, 0, SEEK_CUR), 0, "efault_moves_nothing");
	ok(holds(fd, "0123456789"), "efault_changes_nothing");
	is(write(fd, big, 0), 0, "write of nothing");
	is(FAILS_WITH(open(nowhere, O_RDONLY)), EFAULT, "path to nowhere");
	close(fd);
	unlink("bp");
}

static void test_unlinked(void)
{
	int fd = file_with("u", "alive");
	struct stat status;

	is(unlink("u"), 0, "unlink an open file");
	is(FAILS_WITH(stat("u", &status)), ENOENT, "name is gone");
	ok(holds(fd, "alive"), "contents_live_until_last_close");
	write(fd, "!", 1);
	is(length_of(fd), 6, "also_for_writing");
	fstat(fd, &status);
	is(status.st_nlink, 0, "no links");
	close(fd);
}

static void test_descriptors(void)
{
	int fd = file_with("d", "x"), other;

	other = fcntl(fd, F_DUPFD, 50);
	is(other, 50, "F_DUPFD gives the lowest from 50");
	is(fcntl(other, F_GETFD), 0, "not close-on-exec");
	close(other);
	other = fcntl(fd, F_DUPFD_CLOEXEC, 50);
	is(fcntl(other, F_GETFD), FD_CLOEXEC, "F_DUPFD_CLOEXEC");
	is(fcntl(other, F_SETFD, 0), 0, "F_SETFD");
	is(fcntl(other, F_GETFD), 0, "took it away");
	is(dup2(fd, other), other, "dup2 over an open one");
	is(dup2(fd, fd), fd, "dup2 to itself");
	is(FAILS_WITH(dup2(fd, -1)), EBADF, "dup2 to -1");
	is(FAILS_WITH(dup2(fd, 1000000)), EBADF, "dup2 to 1000000");
	is(FAILS_WITH(dup2(-1, fd)), EBADF, "dup2 of -1");
	ok(holds(fd, "x"), "failed_dup2_closes_nothing");
	is(FAILS_WITH(fcntl(fd, F_DUPFD, -1)), EINVAL, "F_DUPFD from -1");
	is(FAILS_WITH(fcntl(fd, 9999, 0)), EINVAL, "no such command");
	close(other);
	other = open("d", O_RDONLY | O_CLOEXEC);
	is(fcntl(other, F_GETFD), FD_CLOEXEC, "O_CLOEXEC");
	close(other);
	close(fd);
	unlink("d");
}

static void test_table_full(void)
{
	int fd = file_with("full", "x"), last = fd, next;

	while ((next = dup(fd)) >= 0)
		last = next;
	is(errno, EMFILE, "full table is EMFILE");
	is(FAILS_WITH(open("full", O_WRONLY | O_TRUNC)), EMFILE, "open too");
	is(length_of(fd), 1, "failed_open_truncates_nothing");
	while (last > fd)
		close(last--);
	close(fd);
	unlink("full");
}

int main(void)
{
	mkdir(folder, 0755);
	if (chdir(folder)) {
		perror(folder);
		return 1;
	}
	test_open();
	test_truncate_on_open();
	test_position();
	test_fork_shares_the_position();
	test_append();
	test_length();
	test_big();
	test_bad_pointers();
	test_unlinked();
	test_descriptors();
	test_table_full();
	chdir("/");
	is(rmdir(folder), 0, "nothing is left behind");
	return tap_done();
}
