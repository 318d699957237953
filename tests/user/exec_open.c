/*
 * exec_open.c - open files at an exec: the new program keeps them, or exec
 * closes them. Each kind of descriptor, of POSIX and of Linux.
 */
#include <mqueue.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include "tests/user/helpers.h"

#define KEPT	20		/* inherited */
#define CLOSED	21		/* the same file, close-on-exec */

/* The new program: it has KEPT, and CLOSED is free. */
static int after_exec(const char *what, int number)
{
	struct signalfd_siginfo info;
	char text[64] = "";
	uint64_t count = 0;

	if (fcntl(CLOSED, F_GETFD) != -1 || errno != EBADF)
		return 2;
	if (!strcmp(what, "signalfd"))
		return read(KEPT, &info, sizeof(info)) != sizeof(info) ||
		       (int)info.ssi_signo != number;
	if (!strcmp(what, "counter"))
		return read(KEPT, &count, 8) != 8 || (int)count < number;
	if (!strcmp(what, "map"))
		return *(int *)mmap(NULL, 4096, PROT_READ, MAP_SHARED, KEPT, 0)
		       != number;
	return read(KEPT, text, sizeof(text)) != number;
}

/* Exec with this descriptor; the result is the new program's verdict. */
static int exec_with(int fd, const char *what, int number)
{
	char text[16];
	char *argv[] = { (char *)case_program, "--after", (char *)what, text,
			 NULL };
	pid_t child = fork_or_fail();

	if (child)
		return result_of(child);
	snprintf(text, sizeof(text), "%d", number);
	if (fd != KEPT)
		require(dup2(fd, KEPT) == KEPT);
	require(dup2(KEPT, CLOSED) == CLOSED);
	require(fcntl(CLOSED, F_SETFD, FD_CLOEXEC) == 0);
	if (!strcmp(what, "signalfd"))
		raise(number);
	execv(case_program, argv);
	_exit(126);
}

CASE(pipe_keeps_its_bytes)
{
	int fds[2];

	require(pipe(fds) == 0 && write(fds[1], "abc", 3) == 3);
	expect(exec_with(fds[0], "read", 3) == 0);
}

CASE(writer_that_is_closed_on_exec_is_the_end_of_file)
{
	char *argv[] = { (char *)case_program, "--after", "read", "0", NULL };
	int fds[2];
	pid_t child;

	require(pipe2(fds, O_CLOEXEC) == 0);
	child = fork_or_fail();
	if (child == 0) {
		dup2(fds[0], KEPT);
		execv(case_program, argv);
		_exit(126);
	}
	close(fds[1]);
	expect(result_of(child) == 0);
}

CASE(fifo_goes_on)
{
	int fd;

	unlink("exec-fifo");
	require(mkfifo("exec-fifo", 0600) == 0);
	fd = open("exec-fifo", O_RDWR);
	require(fd >= 0 && unlink("exec-fifo") == 0);
	require(write(fd, "abcd", 4) == 4);
	expect(exec_with(fd, "read", 4) == 0);
}

CASE(position_of_a_file_stays)
{
	int fd = open("exec-file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0 && unlink("exec-file") == 0);
	require(write(fd, "abcdef", 6) == 6 && lseek(fd, 4, SEEK_SET) == 4);
	expect(exec_with(fd, "read", 2) == 0);
	expect(lseek(fd, 0, SEEK_CUR) == 6);
}

CASE(counter_keeps_its_value)
{
	int fd = eventfd(5, 0);

	require(fd >= 0);
	expect(exec_with(fd, "counter", 5) == 0);
	close(fd);
	fd = eventfd(5, EFD_CLOEXEC);
	require(fd >= 0 && dup2(fd, 30) == 30);
	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
}

CASE(timer_goes_on)
{
	struct itimerspec soon = { { 0, 1000000 }, { 0, 1000000 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	require(fd >= 0 && timerfd_settime(fd, 0, &soon, NULL) == 0);
	expect(exec_with(fd, "counter", 1) == 0);
}

CASE(signal_descriptor_reads_what_pends)
{
	sigset_t set = set_of(SIGUSR1);
	int fd = signalfd(-1, &set, 0);

	require(fd >= 0);
	block(SIGUSR1);
	expect(exec_with(fd, "signalfd", SIGUSR1) == 0);
}

CASE(shared_memory_keeps_its_bytes)
{
	int fd = shm_open("/exec-open", O_RDWR | O_CREAT | O_TRUNC, 0600);
	int *at;

	require(fd >= 0 && shm_unlink("/exec-open") == 0);
	require(ftruncate(fd, 4096) == 0);
	at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	require(at != MAP_FAILED);
	*at = 4711;
	expect(exec_with(fd, "map", 4711) == 0);
}

CASE(shared_memory_and_queues_are_closed)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 8 };
	int shm = shm_open("/exec-open", O_RDWR | O_CREAT, 0600);
	mqd_t queue = mq_open("/exec-open", O_RDWR | O_CREAT, 0600, &attr);

	require(shm >= 0 && shm_unlink("/exec-open") == 0);
	require((int)queue >= 0 && mq_unlink("/exec-open") == 0);
	expect(fcntl(shm, F_GETFD) == FD_CLOEXEC);
	expect(fcntl((int)queue, F_GETFD) == FD_CLOEXEC);
}

CASE(failed_exec_keeps_a_timer_and_a_mapping)
{
	char *argv[] = { "x", NULL };
	struct itimerspec soon = { { 0, 0 }, { 0, 1000000 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t count = 0;

	require(fd >= 0 && timerfd_settime(fd, 0, &soon, NULL) == 0);
	*at = 7;
	expect_error(execv("/no/such/file", argv), ENOENT);
	expect(read(fd, &count, 8) == 8 && count == 1 && *at == 7);
}

CASE(reader_elsewhere_sees_the_end_when_the_program_ends)
{
	int fds[2];
	char byte;

	require(pipe(fds) == 0 && fcntl(fds[0], F_SETFD, FD_CLOEXEC) == 0);
	expect(exec_with(fds[1], "read", -1) == 0);
	close(fds[1]);
	expect(read(fds[0], &byte, 1) == 0);
}

CASE(exec_in_a_chain_keeps_it)
{
	int fds[2];

	require(pipe(fds) == 0 && write(fds[1], "ab", 2) == 2);
	require(dup2(fds[0], KEPT) == KEPT);
	for (int i = 0; i < 2; i++) {
		expect(exec_with(KEPT, "read", 2) == 0);
		require(write(fds[1], "cd", 2) == 2);
	}
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "--after"))
		return after_exec(argv[2], atoi(argv[3]));
	return run_cases(argc, argv);
}
