/*
 * fifo.c - unrelated processes at a FIFO: which open() waits, which events end
 * the wait, the meaning of the name and of unlink(). Any POSIX system. Long
 * because each rule is a case, and each case stands alone.
 */
#include <poll.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static char path[64], byte;

/* A new FIFO of this case; its child and parent know the name. */
static void make_fifo(void)
{
	snprintf(path, sizeof(path), "/tmp/fifo-%d", (int)getpid());
	unlink(path);
	require(mkfifo(path, 0600) == 0);
}

static int open_read(void)
{
	return open(path, O_RDONLY) < 0 ? errno : 0;
}

static int open_write(void)
{
	return open(path, O_WRONLY) < 0 ? errno : 0;
}

static int read_one(void)
{
	int fd = open(path, O_RDONLY);

	return fd < 0 ? 200 : read(fd, &byte, 1) == 1 ? byte : 100;
}

static int write_one(void)
{
	int fd = open(path, O_WRONLY);

	return fd < 0 ? 200 : write(fd, "x", 1) == 1 ? 0 : errno;
}

static void nothing(int n)
{
	(void)n;
}

/* ---- The name ------------------------------------------------------------ */

CASE(a_fifo_says_what_it_is)
{
	struct stat status;
	int fd;

	umask(022);
	make_fifo();
	require(stat(path, &status) == 0);
	expect(S_ISFIFO(status.st_mode));
	expect((status.st_mode & 0777) == 0600);
	expect(status.st_size == 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	require(fd >= 0 && fstat(fd, &status) == 0);
	expect(S_ISFIFO(status.st_mode));
	unlink(path);
	require(fstat(fd, &status) == 0);
	expect(status.st_nlink == 0);
}

CASE(the_umask_is_taken_off)
{
	struct stat status;

	snprintf(path, sizeof(path), "/tmp/fifo-%d", (int)getpid());
	umask(027);
	require(mkfifo(path, 0666) == 0);
	require(stat(path, &status) == 0);
	expect((status.st_mode & 0777) == 0640);
	unlink(path);
}

CASE(a_name_is_made_once)
{
	make_fifo();
	expect_error(mkfifo(path, 0600), EEXIST);
	expect_error(mkfifo("/tmp", 0600), EEXIST);
	unlink(path);
	expect(mkfifo(path, 0600) == 0);
	unlink(path);
}

CASE(bad_names_are_refused)
{
	static char name[300], deep[5000];

	memset(name, 'a', sizeof(name) - 1);
	memcpy(name, "/tmp/", 5);
	expect_error(mkfifo(name, 0600), ENAMETOOLONG);
	for (size_t i = 0; i < sizeof(deep) - 2; i += 2)
		memcpy(deep + i, "/.", 2);
	expect_error(mkfifo(deep, 0600), ENAMETOOLONG);
	expect_error(mkfifo("", 0600), ENOENT);
	expect_error(mkfifo("/tmp/nowhere/fifo", 0600), ENOENT);
	make_fifo();
	strcat(path, "/below");
	expect_error(mkfifo(path, 0600), ENOTDIR);
	*strrchr(path, '/') = '\0';
	unlink(path);
}

CASE(a_bad_pointer_is_efault)
{
	expect_error(mkfifo(nowhere, 0600), EFAULT);
}

CASE(a_fifo_is_no_directory)
{
	make_fifo();
	expect_error(open(path, O_RDONLY | O_DIRECTORY), ENOTDIR);
	expect_error(open(path, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	expect_error(rmdir(path), ENOTDIR);
	unlink(path);
	expect_error(open(path, O_RDONLY), ENOENT);
}

CASE(truncate_of_a_fifo_fails_and_does_not_wait_for_a_reader)
{
	int result, error;

	make_fifo();
	alarm(5);
	errno = 0;
	result = truncate(path, 0);
	error = errno;
	unlink(path);
	expect(result == -1 && error == EINVAL);
}

CASE(a_fifo_has_no_position)
{
	int fd;

	make_fifo();
	fd = open(path, O_RDWR);
	unlink(path);
	require(fd >= 0);
	expect_error(lseek(fd, 0, SEEK_CUR), ESPIPE);
	expect_error(ftruncate(fd, 0), EINVAL);
}

/* ---- Meeting ------------------------------------------------------------- */

CASE(reader_waits_in_open_for_a_writer)
{
	pid_t reader;
	int fd;

	make_fifo();
	reader = start(read_one);
	until_asleep(reader);
	fd = open(path, O_WRONLY);
	require(fd >= 0);
	expect(write(fd, "r", 1) == 1);
	expect(result_of(reader) == 'r');
	unlink(path);
}

CASE(writer_waits_in_open_for_a_reader)
{
	pid_t writer;
	int fd;

	make_fifo();
	writer = start(write_one);
	until_asleep(writer);
	fd = open(path, O_RDONLY);
	expect(read(fd, &byte, 1) == 1 && byte == 'x');
	expect(result_of(writer) == 0);
	expect(read(fd, &byte, 1) == 0);
	unlink(path);
}

CASE(one_writer_lets_all_waiting_readers_in)
{
	pid_t readers[8];
	int fd;

	make_fifo();
	for (int i = 0; i < 8; i++)
		readers[i] = start(open_read);
	for (int i = 0; i < 8; i++)
		until_asleep(readers[i]);
	fd = open(path, O_WRONLY);
	expect(fd >= 0);
	for (int i = 0; i < 8; i++)
		expect(result_of(readers[i]) == 0);
	unlink(path);
}

CASE(one_reader_lets_all_waiting_writers_in)
{
	pid_t writers[8];
	int fd;

	make_fifo();
	for (int i = 0; i < 8; i++)
		writers[i] = start(write_one);
	for (int i = 0; i < 8; i++)
		until_asleep(writers[i]);
	fd = open(path, O_RDONLY);
	require(fd >= 0);
	for (int i = 0; i < 8; i++)
		expect(result_of(writers[i]) == 0);
	for (int i = 0; i < 8; i++)
		expect(read(fd, &byte, 1) == 1);
	expect(read(fd, &byte, 1) == 0);
	unlink(path);
}

/* A peer that is gone before the sleeper runs has still been there. */
CASE(a_writer_that_comes_and_goes_is_met)
{
	pid_t reader;

	make_fifo();
	for (int i = 0; i < 20; i++) {
		reader = start(read_one);
		until_asleep(reader);
		close(open(path, O_WRONLY));
		expect(result_of(reader) == 100);
	}
	unlink(path);
}

CASE(open_does_not_wait_when_the_peer_is_there)
{
	int both, fd;

	make_fifo();
	both = open(path, O_RDWR);
	require(both >= 0);
	fd = open(path, O_RDONLY);
	expect(fd >= 0);
	close(fd);
	fd = open(path, O_WRONLY);
	expect(fd >= 0);
	unlink(path);
}

CASE(read_and_write_open_is_its_own_peer)
{
	int fd;

	make_fifo();
	fd = open(path, O_RDWR);
	require(fd >= 0);
	expect(write(fd, "self", 4) == 4);
	expect(read(fd, path + 40, 10) == 4);
	set_nonblocking(fd, 1);
	expect_error(read(fd, &byte, 1), EAGAIN);
	unlink(path);
}

/* ---- O_NONBLOCK ---------------------------------------------------------- */

CASE(nonblocking_reader_opens_at_once)
{
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	require(reader >= 0);
	expect(read(reader, &byte, 1) == 0);
	writer = open(path, O_WRONLY | O_NONBLOCK);
	require(writer >= 0);
	expect_error(read(reader, &byte, 1), EAGAIN);
	expect(write(writer, "n", 1) == 1);
	expect(read(reader, &byte, 1) == 1 && byte == 'n');
	close(writer);
	expect(read(reader, &byte, 1) == 0);
	unlink(path);
}

CASE(nonblocking_writer_without_reader_is_enxio)
{
	make_fifo();
	expect_error(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
	expect_error(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
	unlink(path);
}

CASE(nonblocking_writer_finds_a_waiting_reader)
{
	pid_t reader;
	int fd;

	make_fifo();
	reader = start(read_one);
	until_asleep(reader);
	fd = open(path, O_WRONLY | O_NONBLOCK);
	require(fd >= 0);
	expect(write(fd, "w", 1) == 1);
	expect(result_of(reader) == 'w');
	unlink(path);
}

/* A process waits in open(): a read of a second process must not wait behind
   it. */
CASE(end_of_file_while_another_waits_in_open)
{
	pid_t waiting;
	int fd;

	make_fifo();
	fd = open(path, O_RDONLY | O_NONBLOCK);
	waiting = start(open_read);
	until_asleep(waiting);
	expect(read(fd, &byte, 1) == 0);
	set_nonblocking(fd, 0);
	expect(read(fd, &byte, 1) == 0);
	kill_and_wait(waiting);
	unlink(path);
}

/* ---- Events that end the wait -------------------------------------------- */

static int open_is_interrupted(void)
{
	set_handler(SIGUSR1, nothing, 0);
	return open_read() == EINTR ? 0 : 1;
}

static int open_is_restarted(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	return open_read() == 0 && caught == 1 ? 0 : 1;
}

CASE(a_signal_ends_open_with_eintr)
{
	pid_t pid;

	make_fifo();
	pid = start(open_is_interrupted);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 0);
	/* The process no longer counts as a reader. */
	expect_error(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
	unlink(path);
}

CASE(open_is_started_again_under_sa_restart)
{
	pid_t pid;
	int fd;

	make_fifo();
	pid = start(open_is_restarted);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	case_pause();
	until_asleep(pid);
	fd = open(path, O_WRONLY);
	expect(fd >= 0);
	expect(result_of(pid) == 0);
	unlink(path);
}

CASE(a_waiting_opener_can_be_killed)
{
	pid_t reader, writer;

	make_fifo();
	reader = start(open_read);
	until_asleep(reader);
	expect(kill_and_wait(reader) == -SIGKILL);
	writer = start(open_write);
	until_asleep(writer);
	expect(is_asleep(writer));
	expect(kill_and_wait(writer) == -SIGKILL);
	unlink(path);
}

/* ---- Unlink, lifetime ---------------------------------------------------- */

CASE(unlinked_while_open_it_goes_on)
{
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	expect(unlink(path) == 0);
	expect_error(open(path, O_RDONLY), ENOENT);
	expect(write(writer, "u", 1) == 1);
	expect(read(reader, &byte, 1) == 1 && byte == 'u');
}

CASE(a_new_name_is_another_fifo)
{
	int old_reader, old_writer, reader, writer;

	make_fifo();
	old_reader = open(path, O_RDONLY | O_NONBLOCK);
	old_writer = open(path, O_WRONLY);
	unlink(path);
	require(mkfifo(path, 0600) == 0);
	expect_error(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	expect(write(old_writer, "old", 3) == 3);
	expect(write(writer, "n", 1) == 1);
	expect(read(reader, path + 40, 10) == 1);
	expect(read(old_reader, path + 40, 10) == 3);
	unlink(path);
}

CASE(unlinked_while_somebody_waits_in_open)
{
	pid_t reader;

	make_fifo();
	reader = start(open_read);
	until_asleep(reader);
	unlink(path);
	require(mkfifo(path, 0600) == 0);
	expect_error(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
	expect(is_asleep(reader));
	kill_and_wait(reader);
	unlink(path);
}

CASE(a_renamed_fifo_is_the_same)
{
	char other[80];
	pid_t reader;
	int fd;

	make_fifo();
	snprintf(other, sizeof(other), "%s-new", path);
	reader = start(read_one);
	until_asleep(reader);
	require(rename(path, other) == 0);
	fd = open(other, O_WRONLY);
	require(fd >= 0 && write(fd, "m", 1) == 1);
	expect(result_of(reader) == 'm');
	unlink(other);
}

CASE(bytes_go_with_the_last_close)
{
	int fd;

	make_fifo();
	fd = open(path, O_RDWR);
	expect(write(fd, "lost", 4) == 4);
	close(fd);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	expect(read(fd, &byte, 1) == 0);
	unlink(path);
}

CASE(bytes_stay_while_one_side_is_open)
{
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	expect(write(writer, "k", 1) == 1);
	close(writer);
	expect(read(reader, &byte, 1) == 1 && byte == 'k');
	expect(read(reader, &byte, 1) == 0);
	unlink(path);
}

/* ---- As a pipe ----------------------------------------------------------- */

CASE(writing_without_readers_is_epipe)
{
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	set_handler(SIGPIPE, catch_it, 0);
	close(reader);
	expect_error(write(writer, "x", 1), EPIPE);
	expect(caught == 1);
	reader = open(path, O_RDONLY);
	expect(write(writer, "x", 1) == 1);
	unlink(path);
}

CASE_DIES(writing_without_readers_kills, SIGPIPE)
{
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	unlink(path);
	close(reader);
	write(writer, "x", 1);
}

CASE(each_end_does_its_own)
{
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	expect_error(read(writer, &byte, 1), EBADF);
	expect_error(write(reader, "x", 1), EBADF);
	unlink(path);
}

CASE(poll_sees_data_and_hang_up)
{
	struct pollfd poller = { .events = POLLIN };
	int reader, writer;

	make_fifo();
	reader = open(path, O_RDONLY | O_NONBLOCK);
	writer = open(path, O_WRONLY);
	poller.fd = reader;
	expect(poll(&poller, 1, 0) == 0);
	expect(write(writer, "p", 1) == 1);
	expect(poll(&poller, 1, 0) == 1 && poller.revents == POLLIN);
	expect(read(reader, &byte, 1) == 1);
	close(writer);
	expect(poll(&poller, 1, 0) == 1 && poller.revents & POLLHUP);
	unlink(path);
}

/* Many writers, records of PIPE_BUF bytes: each arrives in one piece. */
#define RECORD	4096
#define WRITERS	10

static int write_records(void)
{
	static char record[RECORD];
	int fd = open(path, O_WRONLY);

	memset(record, 'a' + getpid() % 26, sizeof(record));
	for (int i = 0; i < 20; i++)
		if (write(fd, record, sizeof(record)) != sizeof(record))
			return 1;
	return 0;
}

CASE(records_of_ten_writers_are_not_torn)
{
	static char record[RECORD];
	pid_t writers[WRITERS];
	int fd, torn = 0, count = 0;

	make_fifo();
	for (int i = 0; i < WRITERS; i++)
		writers[i] = start(write_records);
	fd = open(path, O_RDONLY);
	while (read_all(fd, record, sizeof(record))) {
		count++;
		for (int i = 1; i < RECORD; i++)
			torn += record[i] != record[0];
	}
	/* A late writer never met a closed reader: this process kept its end
	   open. */
	for (int i = 0; i < WRITERS; i++) {
		while (waitpid(writers[i], NULL, WNOHANG) == 0)
			while (read_all(fd, record, sizeof(record)))
				count++;
	}
	while (read_all(fd, record, sizeof(record)))
		count++;
	expect(torn == 0);
	expect(count == WRITERS * 20);
	unlink(path);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
