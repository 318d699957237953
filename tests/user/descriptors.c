/*
 * descriptors.c - the table of descriptors: numbers, copies, flags, limits,
 * across fork and exec. Any POSIX system.
 */
#include <limits.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static int open_null(void)
{
	int fd = open("/dev/null", O_RDWR);

	require(fd >= 0);
	return fd;
}

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* ---- Numbers ------------------------------------------------------------- */

CASE(the_lowest_free_number_is_taken)
{
	int a = open_null(), b = open_null(), c = open_null();

	close(b);
	expect(open_null() == b);
	close(a);
	close(b);
	expect(dup(c) == a);
	expect(open_null() == b);
}

CASE(dup2_takes_just_that_number)
{
	int fd = open_null();

	expect(dup2(fd, 77) == 77 && is_open(77));
	expect(!is_open(76) && !is_open(78));
	expect(open_null() < 77);
}

CASE(dup2_closes_what_was_there)
{
	int fds[2];
	char byte;

	require(pipe(fds) == 0);
	expect(dup2(open_null(), fds[1]) == fds[1]);
	expect(read(fds[0], &byte, 1) == 0);
}

CASE(dup2_onto_itself_changes_nothing)
{
	int fd = open_null();

	require(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
	expect(dup2(fd, fd) == fd);
	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	close(fd);
	expect_error(dup2(fd, fd), EBADF);
}

CASE(failed_dup2_closes_nothing)
{
	int fd = open_null();

	expect_error(dup2(-1, fd), EBADF);
	expect_error(dup2(250, fd), EBADF);
	expect(is_open(fd));
	expect_error(dup2(fd, -1), EBADF);
	expect_error(dup2(fd, INT_MAX), EBADF);
	expect_error(dup2(fd, INT_MIN), EBADF);
}

CASE(f_dupfd_starts_where_it_is_told)
{
	int fd = open_null();

	expect(fcntl(fd, F_DUPFD, 40) == 40);
	expect(fcntl(fd, F_DUPFD, 40) == 41);
	expect(fcntl(fd, F_DUPFD, 0) < 40);
	expect_error(fcntl(fd, F_DUPFD, -1), EINVAL);
	expect_error(fcntl(fd, F_DUPFD, INT_MAX), EINVAL);
}

CASE(closed_numbers_are_ebadf)
{
	int fd = open_null();
	struct stat status;

	expect(close(fd) == 0);
	expect_error(close(fd), EBADF);
	expect_error(dup(fd), EBADF);
	expect_error(fcntl(fd, F_GETFL), EBADF);
	expect_error(fstat(fd, &status), EBADF);
	expect_error(read(fd, &status, 1), EBADF);
	expect_error(write(fd, "x", 1), EBADF);
	expect_error(lseek(fd, 0, SEEK_SET), EBADF);
}

/* ---- Flags --------------------------------------------------------------- */

CASE(close_on_exec_belongs_to_the_number)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC), twin = dup(fd);

	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	expect(fcntl(twin, F_GETFD) == 0);
	expect(dup2(fd, 60) == 60 && fcntl(60, F_GETFD) == 0);
	expect(fcntl(twin, F_SETFD, FD_CLOEXEC) == 0);
	expect(fcntl(fd, F_SETFD, 0) == 0);
	expect(fcntl(fd, F_GETFD) == 0);
	expect(fcntl(twin, F_GETFD) == FD_CLOEXEC);
	expect(fcntl(fd, F_DUPFD_CLOEXEC, 70) == 70);
	expect(fcntl(70, F_GETFD) == FD_CLOEXEC);
}

CASE(new_number_has_no_old_flag)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	close(fd);
	expect(open_null() == fd && fcntl(fd, F_GETFD) == 0);
}

CASE(status_flags_belong_to_the_open_file)
{
	int fd = open_null(), twin = dup(fd), other = open_null();

	expect(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	expect(fcntl(twin, F_GETFL) & O_NONBLOCK);
	expect(!(fcntl(other, F_GETFL) & O_NONBLOCK));
	expect(fcntl(twin, F_SETFL, 0) == 0);
	expect(!(fcntl(fd, F_GETFL) & O_NONBLOCK));
}

CASE(access_mode_cannot_be_changed)
{
	int fd = open("/dev/null", O_RDONLY);

	fcntl(fd, F_SETFL, O_RDWR);
	expect((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
	expect_error(write(fd, "x", 1), EBADF);
}

CASE(unknown_command_is_einval)
{
	expect_error(fcntl(open_null(), 54321, 0), EINVAL);
}

/* ---- Full ---------------------------------------------------------------- */

CASE(full_table_is_emfile_for_all_who_want_a_number)
{
	int fd = open_null(), last = fd, next, fds[2];

	while ((next = dup(fd)) >= 0)
		last = next;
	expect(errno == EMFILE);
	expect_error(open("/dev/null", O_RDONLY), EMFILE);
	expect_error(pipe(fds), EMFILE);
	expect_error(fcntl(fd, F_DUPFD, 0), EMFILE);
	expect(dup2(fd, last) == last);
	close(last);
	expect(open_null() == last);
	expect(last + 1 >= 20);		/* _POSIX_OPEN_MAX */
	for (int i = fd; i <= last; i++)
		close(i);
	expect(pipe(fds) == 0 && fds[0] == fd && fds[1] == fd + 1);
}

/* Close numbers all over the table: each dup() takes the lowest of them. */
CASE(lowest_number_is_found_in_a_full_table)
{
	static const int closed[] = { 31, 32, 63, 64, 95, 128, 200, 254 };
	const int count = sizeof(closed) / sizeof(closed[0]);
	struct rlimit old, limit;
	int fd, i;

	require(getrlimit(RLIMIT_NOFILE, &old) == 0);
	limit = old;
	limit.rlim_cur = 256;
	require(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	for (i = 3; i < 256; i++)
		close(i);
	fd = open_null();
	while (dup(fd) >= 0)
		continue;
	for (i = count; i-- > 0;)
		expect(close(closed[i]) == 0);
	expect(fcntl(fd, F_DUPFD, 33) == 63);
	expect(fcntl(fd, F_DUPFD, 129) == 200);
	expect(fcntl(fd, F_DUPFD, 254) == 254);
	expect_error(fcntl(fd, F_DUPFD, 255), EMFILE);
	expect(close(63) == 0 && close(200) == 0 && close(254) == 0);
	for (i = 0; i < count; i++)
		expect(dup(fd) == closed[i]);
	expect_error(dup(fd), EMFILE);
	for (i = fd; i < 256; i++)
		close(i);
	expect(setrlimit(RLIMIT_NOFILE, &old) == 0);
}

CASE(table_grows_and_keeps_what_it_has)
{
	struct stat here, there;

	int first;

	for (int i = 3; i < 200; i++)
		close(i);
	first = open_null();
	require(stat("/dev/null", &here) == 0);
	for (int i = first + 1; i < 200; i++)
		require(open_null() == i);
	for (int i = first; i < 200; i++)
		require(fstat(i, &there) == 0 && here.st_ino == there.st_ino);
	expect(run_in_child(getpid) >= 0);
}

/* ---- fork and exec ------------------------------------------------------- */

CASE(child_has_a_table_of_its_own)
{
	int fd = open_null(), other = open_null();
	pid_t child;

	close(other);
	child = fork_or_fail();
	if (child == 0) {
		expect(is_open(fd));
		close(fd);
		expect(open_null() == fd && open_null() == other);
		_exit(case_failed);
	}
	expect(result_of(child) == 0);
	expect(is_open(fd) && !is_open(other));
}

/* --check NUMBER...: exactly these are open from 3 on. */
static int check_numbers(int argc, char **argv)
{
	for (int fd = 3; fd < 200; fd++) {
		int wanted = 0;

		for (int i = 2; i < argc; i++)
			wanted |= atoi(argv[i]) == fd;
		if (is_open(fd) != wanted)
			return fd;
	}
	return 0;
}

CASE(exec_keeps_all_but_the_marked)
{
	char *argv[] = { (char *)case_program, "--check", "10", "100", NULL };
	pid_t child = fork_or_fail();

	if (child == 0) {
		for (int fd = 3; fd < 200; fd++)
			close(fd);
		for (int fd = 10; fd < 150; fd++) {
			dup2(0, fd);
			fcntl(fd, F_SETFD, FD_CLOEXEC);
		}
		fcntl(10, F_SETFD, 0);
		fcntl(100, F_SETFD, 0);
		execv(case_program, argv);
		_exit(126);
	}
	expect(result_of(child) == 0);
}

CASE(failed_exec_closes_nothing)
{
	char *argv[] = { "x", NULL };
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	execv("/no/such/file", argv);
	execv("/dev/null", argv);
	expect(is_open(fd));
}

/* Numbers far above the first of them, in each part of the table. */
static const int far[] = { 255, 256, 511, 512, 1000, 2048, 4094, 4095 };
#define FAR	(int)(sizeof(far) / sizeof(far[0]))

/* 0: this system does not allow so many. */
static int raise_limit(int count)
{
	struct rlimit limit;

	require(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = count;
	if (limit.rlim_max < (rlim_t)count)
		limit.rlim_max = count;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static int far_are_open(void)
{
	int count = 0;

	for (int i = 0; i < FAR; i++)
		count += fcntl(far[i], F_GETFD) >= 0;
	return count;
}

CASE(far_numbers_are_lost)
{
	char byte = 'x';
	int fds[2];

	if (!raise_limit(4096))
		return;
	require(pipe(fds) == 0);
	for (int i = 0; i < FAR; i++) {
		expect(dup2(fds[1], far[i]) == far[i]);
		expect(write(far[i], &byte, 1) == 1 &&
		       read(fds[0], &byte, 1) == 1);
	}
	expect(far_are_open() == FAR);
	expect(run_in_child(far_are_open) == FAR);
	expect_error(dup2(fds[1], 4096), EBADF);
	expect_error(fcntl(fds[1], F_DUPFD, 4096), EINVAL);
	expect_error(fcntl(4000, F_GETFD), EBADF);
	expect(fcntl(fds[1], F_DUPFD, 4090) == 4090);
	expect(fcntl(fds[1], F_DUPFD, 255) == 257);
	for (int i = 0; i < FAR; i++)
		expect(close(far[i]) == 0);
	expect(far_are_open() == 0);
	close(4090);
	close(257);
	close(fds[1]);
	expect(read(fds[0], &byte, 1) == 0);
	close(fds[0]);
}

CASE(exec_keeps_a_far_number)
{
	if (!raise_limit(4096))
		return;
	for (int i = 0; i < FAR; i++)
		require(dup2(0, far[i]) == far[i]);
	for (int i = 0; i < FAR; i += 2)
		require(fcntl(far[i], F_SETFD, FD_CLOEXEC) == 0);
	expect(fcntl(far[2], F_GETFD) == FD_CLOEXEC);
	expect(fcntl(far[1], F_GETFD) == 0);
	pid_t pid = fork_or_fail();
	if (pid == 0) {
		execl(case_program, case_program, "count", (char *)NULL);
		_exit(100);
	}
	expect(result_of(pid) == FAR / 2);
	for (int i = 0; i < FAR; i++)
		close(far[i]);
}

CASE(full_table_of_4096_does_not_work)
{
	int fd = open_null(), next, last = fd;

	if (!raise_limit(4096))
		return;
	while ((next = dup(fd)) >= 0)
		last = next;
	expect(errno == EMFILE && last == 4095);
	expect(close(3000) == 0 && close(1234) == 0);
	expect(dup(fd) == 1234 && dup(fd) == 3000);
	expect_error(dup(fd), EMFILE);
	expect(run_in_child(far_are_open) == FAR);
	for (int i = fd; i <= last; i++)
		close(i);
	expect(open_null() == fd);
	close(fd);
}

/* More than a page of pollfds, each of a pipe with a byte but for the first. */
CASE(poll_of_many_misses_an_event)
{
	static struct pollfd set[4096];
	int fds[2], empty[2], count = 3000;

	if (!raise_limit(4096))
		return;
	require(pipe(fds) == 0 && pipe(empty) == 0 &&
		write(fds[1], "x", 1) == 1);
	for (int i = 0; i < count; i++)
		set[i] = (struct pollfd){ i % 100 ? empty[0] : fds[0], POLLIN,
					  0 };
	expect(poll(set, count, -1) == count / 100);
	for (int i = 0; i < count; i++)
		expect(set[i].revents == (i % 100 ? 0 : POLLIN));
	set[0].fd = 4000;
	expect(poll(set, 1, 0) == 1 && set[0].revents == POLLNVAL);
	close(fds[0]);
	close(fds[1]);
	close(empty[0]);
	close(empty[1]);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "count") == 0)
		return far_are_open();
	if (argc > 2 && strcmp(argv[1], "--check") == 0)
		return check_numbers(argc, argv);
	return run_cases(argc, argv);
}
