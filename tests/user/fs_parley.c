/*
 * fs_parley.c - devices, /proc, and the promises of Parley beyond POSIX: a
 * failed call has changed nothing, and all memory is freed again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

/* The errno of a failed call, 0 after a success. */
#define FAILS_WITH(call) ((call) < 0 ? errno : 0)

static char text[65536];

static char *read_all(const char *path)
{
	int fd = open(path, O_RDONLY);
	size_t length = 0;
	ssize_t n;

	while ((n = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += n;
	text[length] = '\0';
	close(fd);
	return text;
}

/* The number behind "name: " in /proc/meminfo, or -1. */
static long counter(const char *name)
{
	char key[64];
	char *at;

	sprintf(key, "\n%s: ", name);
	at = strstr(read_all("/proc/meminfo"), key);
	return at ? atol(at + strlen(key)) : -1;
}

/* ---- Devices --------------------------------------------------------- */

static void test_null(void)
{
	int fd = open("/dev/null", O_RDWR);
	struct stat by_name, by_descriptor;

	is(read(fd, text, 100), 0, "null is empty");
	is(write(fd, text, 100), 100, "and takes everything");
	is(lseek(fd, 10, SEEK_SET), 0, "seek");
	fstat(fd, &by_descriptor);
	stat("/dev/null", &by_name);
	ok(S_ISCHR(by_name.st_mode), "is a character device");
	is(by_name.st_mode & 0777, 0666, "for all");
	is(memcmp(&by_name, &by_descriptor, sizeof(by_name)), 0,
	   "stat and fstat tell the same");
	is(FAILS_WITH(ftruncate(fd, 0)), EINVAL, "truncate");
	close(fd);
	fd = open("/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ok(fd >= 0, "as the target of a redirection");
	close(fd);
}

static void test_zero_and_full(void)
{
	int fd = open("/dev/zero", O_RDWR);
	int i;

	memset(text, 'x', 100);
	is(read(fd, text, 100), 100, "zero never ends");
	for (i = 0; i < 100 && text[i] == '\0'; i++)
		;
	is(i, 100, "all are zero");
	is(FAILS_WITH(read(fd, (void *)0xc0100000, 4)), EFAULT,
	   "zero_does_not_clear_the_kernel");
	close(fd);
	fd = open("/dev/full", O_RDWR);
	is(FAILS_WITH(write(fd, text, 1)), ENOSPC, "full is full");
	is(read(fd, text, 10), 10, "and reads as zeros");
	close(fd);
}

static void test_no_terminal(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		setsid();
		_exit(FAILS_WITH(open("/dev/tty", O_RDWR)));
	}
	waitpid(child, &status, 0);
	is(WEXITSTATUS(status), ENXIO, "tty_without_a_terminal");
}

static void test_fixed(void)
{
	is(FAILS_WITH(open("/dev/nul", O_CREAT | O_WRONLY, 0644)), EROFS,
	   "create in /dev");
	is(FAILS_WITH(unlink("/dev/null")), EROFS, "unlink in /dev");
	is(FAILS_WITH(rename("/dev/null", "/null")), EROFS, "rename");
	is(FAILS_WITH(rmdir("/proc")), EBUSY, "rmdir of /proc");
	is(FAILS_WITH(mkdir("/proc/x", 0755)), EROFS, "mkdir in /proc");
	is(FAILS_WITH(rmdir("/")), EBUSY, "rmdir of the root");
}

/* ---- /proc ----------------------------------------------------------- */

static int count_of(const char *string, char c)
{
	int count = 0;

	while (*string)
		count += *string++ == c;
	return count;
}

/* Does each line have this many fields, of at least one character? */
static int has_fields(char *table, int fields)
{
	char *line, *end;

	for (line = table; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (count_of(line, '\t') != fields - 1 ||
		    strstr(line, "\t\t") || end[-1] == '\t')
			return 0;
		*end = '\n';
	}
	return *line == '\0';
}

static int starts_with(const char *string, const char *start)
{
	return strncmp(string, start, strlen(start)) == 0;
}

static void test_tasks(void)
{
	char key[64];

	read_all("/proc/tasks");
	ok(starts_with(text, "PID\tPPID\tPGID\tSTATE\tPRIO\tUSER_NS\t"
			     "KERNEL_NS\tPAGES\tWAITS_FOR\tNAME\n"),
	   "header of tasks");
	ok(has_fields(text, 10), "ten fields");
	sprintf(key, "\n%d\t%d\t%d\trunning\t", getpid(), getppid(),
		getpgrp());
	ok(strstr(text, key) != NULL, "this process runs");
	ok(strstr(text, "\tfs_parley\n") != NULL, "under its name");
}

static void test_zombie(void)
{
	char key[64];
	int fds[2];
	pid_t child;

	pipe(fds);
	child = fork();
	if (child == 0)
		_exit(0);
	close(fds[1]);
	read(fds[0], key, 1);		/* ends when the child has gone */
	close(fds[0]);
	sprintf(key, "\n%d\t%d\t%d\tzombie\t", child, getpid(), getpgrp());
	ok(strstr(read_all("/proc/tasks"), key) != NULL, "zombie has a line");
	waitpid(child, NULL, 0);
	ok(!strstr(read_all("/proc/tasks"), key), "until it was waited for");
}

/* Wait until the child sleeps, and give its line of /proc/waits. */
static char *wait_line(pid_t child)
{
	char key[32];
	char *line = NULL;

	sprintf(key, "\n%d\t", child);
	for (int i = 0; i < 1000 && !line; i++) {
		usleep(1000);
		line = strstr(read_all("/proc/waits"), key);
	}
	if (!line)
		return text;
	*strchr(line + 1, '\n') = '\0';
	return line + 1;
}

/* Field number `n` of a line. */
static const char *field(const char *line, int n)
{
	static char copy[256];

	while (n-- > 0)
		line = strchr(line, '\t') + 1;
	strncpy(copy, line, sizeof(copy) - 1);
	copy[strcspn(copy, "\t")] = '\0';
	return copy;
}

static void test_waits(void)
{
	char pid[16], line[256];
	int fds[2];
	pid_t child;

	ok(starts_with(read_all("/proc/waits"), "PID\tNAME\tKIND\tOBJECT\t"
		       "EVENT\tSINCE_NS\tDEADLINE_NS\tENDERS\n"),
	   "header of waits");
	ok(has_fields(text, 8), "eight fields");
	pipe(fds);
	child = fork();
	if (child == 0) {
		close(fds[1]);
		_exit(read(fds[0], pid, 1));
	}
	strcpy(line, wait_line(child));
	sprintf(pid, "%d", getpid());
	ok(strcmp(field(line, 1), "fs_parley") == 0, "name");
	ok(strcmp(field(line, 2), "pipe") == 0, "kind");
	ok(strcmp(field(line, 6), "-") == 0, "no deadline");
	ok(strcmp(field(line, 7), pid) == 0, "reader_waits_for_the_writer");
	write(fds[1], "x", 1);
	waitpid(child, NULL, 0);
	close(fds[0]);
	close(fds[1]);
	child = fork();
	if (child == 0) {
		sleep(100);
		_exit(0);
	}
	strcpy(line, wait_line(child));
	ok(strcmp(field(line, 2), "sleep") == 0, "sleep");
	ok(strcmp(field(line, 3), "-") == 0, "no object");
	ok(atoll(field(line, 6)) > atoll(field(line, 5)), "deadline");
	ok(strcmp(field(line, 7), "timer") == 0, "the timer ends it");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void test_other_texts(void)
{
	char byte, again;
	int fd;

	ok(strchr(read_all("/proc/cmdline"), '\n') != NULL, "cmdline");
	ok(strstr(read_all("/proc/version"), "Parley") != NULL, "version");
	ok(atof(read_all("/proc/uptime")) > 0, "uptime");
	ok(strstr(read_all("/proc/cpuinfo"), "processor\t: 0\nvendor_id") &&
	   strstr(read_all("/proc/cpuinfo"), " tsc "), "cpuinfo");
	ok(starts_with(read_all("/proc/meminfo"), "total: "), "meminfo");
	ok(strstr(text, "\nfree: ") && strstr(text, "\nframes-user: ") &&
	   strstr(text, "\npool-task: ") && strstr(text, "\nprocesses: "),
	   "with its lines");
	is(FAILS_WITH(open("/proc/tasks", O_WRONLY)), EACCES, "to write");
	fd = open("/proc/tasks", O_RDONLY);
	read(fd, &byte, 1);
	is(lseek(fd, 0, SEEK_SET), 0, "text can be read again");
	read(fd, &again, 1);
	is(again, byte, "and is the same");
	close(fd);
}

/* ---- Failures -------------------------------------------------------- */

static void test_failed_open(void)
{
	int fd = open("/tmp/fail", O_RDWR | O_CREAT, 0644), last = fd, next;
	struct stat status;

	while ((next = dup(fd)) >= 0)
		last = next;
	is(FAILS_WITH(open("/tmp/made", O_CREAT | O_RDWR, 0644)), EMFILE,
	   "full table");
	while (last > fd)
		close(last--);
	is(FAILS_WITH(stat("/tmp/made", &status)), ENOENT,
	   "failed_open_creates_nothing");
	is(FAILS_WITH(open("/tmp/fail", O_RDWR | 0x40000000)), EINVAL,
	   "unknown flag");
	close(fd);
	unlink("/tmp/fail");
}

/* O_EXEC and O_SEARCH: Linux has neither. */
static void test_open_to_execute(void)
{
	char *argv[] = { (char *)"true", NULL }, *none[] = { NULL }, byte;
	int fd = open("/bin/true", O_EXEC | O_CLOEXEC), status;
	struct stat found;
	DIR *directory;
	pid_t child;

	is(FAILS_WITH(read(fd, &byte, 1)), EBADF, "no read");
	is(FAILS_WITH(write(fd, "x", 1)), EBADF, "no write");
	is(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED, 1,
	   "no mapping");
	is(fcntl(fd, F_GETFL) & O_ACCMODE, O_EXEC, "and F_GETFL says so");
	child = fork();
	if (child == 0) {
		fexecve(fd, argv, none);
		_exit(9);
	}
	ok(waitpid(child, &status, 0) == child && status == 0, "but an exec");
	close(fd);
	fd = open("/tmp", O_SEARCH | O_DIRECTORY);
	is(fstatat(fd, ".", &found, 0), 0, "a search in a directory");
	directory = fdopendir(fd);
	errno = 0;
	ok((!directory || !readdir(directory)) && errno == EBADF,
	   "but no list");
	close(fd);
	is(FAILS_WITH(open("/dev/null", O_EXEC)), EINVAL, "of a device");
	close(open("/tmp/fail", O_CREAT | O_RDWR, 0600));
	is(FAILS_WITH(open("/tmp/fail", O_EXEC)), EACCES, "of no program");
	unlink("/tmp/fail");
}

/* POSIX: mmap() marks st_atime, msync() after a write st_mtime. */
static void test_times_of_a_mapping(void)
{
	const struct timespec old[2] = { { 1000, 0 }, { 2000, 0 } };
	int fd = open("/tmp/times", O_RDWR | O_CREAT, 0644);
	struct stat status;
	char *at;

	ftruncate(fd, 4096);
	futimens(fd, old);
	at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	fstat(fd, &status);
	ok(status.st_atim.tv_sec > 1000, "mapping_leaves_the_access_time");
	is(status.st_mtim.tv_sec, 2000, "a mapping is no write");
	at[0] = 'x';
	is(msync(at, 4096, MS_SYNC), 0, "msync");
	fstat(fd, &status);
	ok(status.st_mtim.tv_sec > 2000, "msync_leaves_the_time_of_the_file");
	futimens(fd, old);
	mprotect(at, 4096, PROT_READ);
	is(msync(at, 4096, MS_SYNC), 0, "msync of a mapping to read");
	fstat(fd, &status);
	is(status.st_mtim.tv_sec, 2000, "changes nothing");
	munmap(at, 4096);
	close(fd);
	unlink("/tmp/times");
}

static void test_full_memory(void)
{
	long frames = counter("frames-file");
	int fd = open("/tmp/fill", O_RDWR | O_CREAT, 0644), status;
	off_t bytes = 0;
	ssize_t n;
	pid_t child;

	while ((n = write(fd, text, sizeof(text))) > 0)
		bytes += n;
	is(errno, ENOSPC, "full memory is ENOSPC");
	is(lseek(fd, 0, SEEK_END), bytes, "what was written counts");
	child = fork();
	if (child == 0)
		_exit(7);
	waitpid(child, &status, 0);
	is(WEXITSTATUS(status), 7, "a_full_tree_leaves_room_for_a_process");
	close(fd);
	is(unlink("/tmp/fill"), 0, "unlink");
	is(counter("frames-file"), frames, "all frames come back");
}

/* ---- A write to a running program ------------------------------------ */

static int copy_file(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
	ssize_t n;

	while ((n = read(in, text, sizeof(text))) > 0)
		if (write(out, text, n) != n)
			return -1;
	close(in);
	return close(out);
}

static void test_program_written_over(char *self)
{
	char *arguments[] = { "/tmp/prog", "sleep", NULL };
	int status, fd;
	pid_t child;

	is(copy_file(self, "/tmp/prog", 0755), 0, "copy of this program");
	fd = open("/tmp/prog", O_WRONLY | O_CLOEXEC);
	child = fork();
	if (child == 0) {
		execv("/tmp/prog", arguments);
		_exit(99);
	}
	wait_line(child);
	ok(truncate("/tmp/prog", 0) < 0 && errno == ETXTBSY,
	   "a running program is busy");
	/* A process with an older descriptor can still truncate the file. */
	is(ftruncate(fd, 0), 0, "cut short while it runs");
	close(fd);
	unlink("/tmp/prog");
	kill(child, SIGTERM);
	waitpid(child, &status, 0);
	ok(WIFSIGNALED(status), "its process alone may suffer");
	child = fork();
	if (child == 0) {
		execv("/README.md", arguments);
		_exit(errno);
	}
	waitpid(child, &status, 0);
	is(WEXITSTATUS(status), EACCES, "file_that_nobody_may_run");
}

/* Files in memory end at 4 TiB. */
static void test_longest(void)
{
	const off_t longest = (off_t)1 << 42;
	int fd = open("/tmp/longest", O_RDWR | O_CREAT, 0600);
	struct stat status;

	is(FAILS_WITH(ftruncate(fd, longest + 1)), EFBIG, "longer than any");
	is(ftruncate(fd, longest), 0, "the longest file");
	is(pwrite(fd, "ab", 2, longest - 1), 1, "write_up_to_the_end");
	is(FAILS_WITH(pwrite(fd, "ab", 2, longest)), EFBIG, "write_behind");
	is(FAILS_WITH(pwrite(fd, "a", 1, INT64_MAX)), EFBIG, "last offset");
	is(pread(fd, text, 2, INT64_MAX), 0, "read there");
	fstat(fd, &status);
	ok(status.st_size == longest, "size");
	ok(lseek(fd, INT64_MAX, SEEK_SET) == INT64_MAX, "seek is free");
	is(FAILS_WITH(lseek(fd, 1, SEEK_CUR)), EOVERFLOW, "but no overflow");
	is(FAILS_WITH(lseek(fd, INT64_MAX, SEEK_END)), EOVERFLOW, "at the end");
	ok(lseek(fd, 0, SEEK_CUR) == INT64_MAX, "position_is_kept");
	is(FAILS_WITH(write(fd, "a", 1)), EFBIG, "write at the position");
	ok(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, (off_t)1 << 44) ==
	   MAP_FAILED && errno == EOVERFLOW, "page number of 32 bits");
	unlink("/tmp/longest");
	close(fd);
}

int main(int argc, char **argv)
{
	long open_files, objects;

	if (argc > 1)
		return sleep(100);
	open_files = counter("open-files");
	objects = counter("objects");
	test_null();
	test_zero_and_full();
	test_no_terminal();
	test_fixed();
	test_tasks();
	test_zombie();
	test_waits();
	test_other_texts();
	test_failed_open();
	test_open_to_execute();
	test_times_of_a_mapping();
	test_longest();
	test_full_memory();
	test_program_written_over(argv[0]);
	is(counter("open-files"), open_files, "leak 0: open files");
	is(counter("objects"), objects, "leak 0: objects");
	return tap_done();
}
