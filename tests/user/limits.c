/*
 * limits.c - a process lowers its own limits, which its children inherit. Any
 * POSIX system.
 */
#include <limits.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

static void lower(int resource, rlim_t to)
{
	struct rlimit limit;

	require(getrlimit(resource, &limit) == 0);
	limit.rlim_cur = to;
	require(setrlimit(resource, &limit) == 0);
}

static rlim_t current(int resource)
{
	struct rlimit limit;

	require(getrlimit(resource, &limit) == 0);
	return limit.rlim_cur;
}

CASE(no_descriptor_beyond_the_limit)
{
	int fds[2];

	lower(RLIMIT_NOFILE, 20);
	expect(current(RLIMIT_NOFILE) == 20 && sysconf(_SC_OPEN_MAX) == 20);
	expect_error(dup2(0, 20), EBADF);
	expect_error(fcntl(0, F_DUPFD, 20), EINVAL);
	expect(dup2(0, 19) == 19);
	for (int fd = 3; fd < 18; fd++)
		dup2(0, fd);
	expect_error(pipe(fds), EMFILE);
	expect(dup(0) == 18);
	expect_error(dup(0), EMFILE);
	expect_error(open("/dev/null", O_RDONLY), EMFILE);
}

CASE(descriptors_above_a_new_limit_stay_open)
{
	int fds[2];
	char byte;

	require(pipe(fds) == 0);
	expect(dup2(fds[0], 50) == 50);
	lower(RLIMIT_NOFILE, 10);
	expect(write(fds[1], "x", 1) == 1);
	expect(read(50, &byte, 1) == 1 && byte == 'x');
	expect(close(50) == 0);
	expect_error(dup2(0, 50), EBADF);
}

CASE(limit_of_nothing_is_emfile)
{
	lower(RLIMIT_NOFILE, 0);
	expect_error(dup(0), EMFILE);
	expect(write(STDOUT_FILENO, "", 0) == 0);
}

CASE(soft_limit_goes_up_again_as_far_as_the_hard_one)
{
	rlim_t old = current(RLIMIT_NOFILE);

	lower(RLIMIT_NOFILE, 10);
	lower(RLIMIT_NOFILE, old);
	expect(dup2(0, 30) == 30);
}

static int has_ten(void)
{
	return current(RLIMIT_NOFILE) == 10 ? 0 : 1;
}

CASE(children_inherit_limits)
{
	lower(RLIMIT_NOFILE, 10);
	expect(run_in_child(has_ten) == 0);
}

CASE(limits_of_a_child_are_not_ours)
{
	rlim_t old = current(RLIMIT_NOFILE);
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		lower(RLIMIT_NOFILE, 10);
		_exit(0);
	}
	expect(result_of(pid) == 0);
	expect(current(RLIMIT_NOFILE) == old);
}

static int open_small(void)
{
	int fd = open("limits-file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0 && unlink("limits-file") == 0);
	lower(RLIMIT_FSIZE, 100);
	return fd;
}

CASE(file_grows_to_the_limit_and_not_beyond)
{
	char bytes[80] = "";
	struct stat status;
	int fd;

	signal(SIGXFSZ, SIG_IGN);
	fd = open_small();
	expect(write(fd, bytes, 80) == 80);
	expect(write(fd, bytes, 80) == 20);
	expect_error(write(fd, bytes, 1), EFBIG);
	expect_error(ftruncate(fd, 101), EFBIG);
	expect(fstat(fd, &status) == 0 && status.st_size == 100);
	expect(write(fd, bytes, 0) == 0);
	expect(ftruncate(fd, 50) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	expect(write(fd, bytes, 80) == 80);
}

CASE(too_long_a_file_is_told_by_a_signal)
{
	int fd;

	set_handler(SIGXFSZ, catch_it, 0);
	fd = open_small();
	expect(lseek(fd, 100, SEEK_SET) == 100);
	expect_error(write(fd, "x", 1), EFBIG);
	expect(caught == 1 && caught_signal == SIGXFSZ);
	expect_error(pwrite(fd, "x", 1, 200), EFBIG);
	expect(caught == 2);
}

CASE_DIES(writer_beyond_the_limit_dies, SIGXFSZ)
{
	int fd = open_small();

	write(fd, "x", 1);
	pwrite(fd, "x", 1, 100);
}

CASE(pipes_know_no_limit_of_files)
{
	int fds[2];

	require(pipe(fds) == 0);
	lower(RLIMIT_FSIZE, 0);
	expect(write(fds[1], "abc", 3) == 3);
}

CASE(bad_limits_change_nothing)
{
	struct rlimit limit, before;

	expect(getrlimit(RLIMIT_NOFILE, &before) == 0);
	limit = (struct rlimit){ 5, 4 };
	expect_error(setrlimit(RLIMIT_NOFILE, &limit), EINVAL);
	expect_error(setrlimit(-1, &before), EINVAL);
	expect_error(setrlimit(999, &before), EINVAL);
	expect_error(getrlimit(-1, &limit), EINVAL);
	expect_error(getrlimit(999, &limit), EINVAL);
	expect(current(RLIMIT_NOFILE) == before.rlim_cur);
}

CASE(hard_limit_goes_down_only)
{
	struct rlimit limit;

	require(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = limit.rlim_max = 40;
	expect(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	if (getuid() == 0)
		expect(setuid(1000) == 0);
	limit.rlim_max = 41;
	expect_error(setrlimit(RLIMIT_NOFILE, &limit), EPERM);
	limit.rlim_cur = 41;
	limit.rlim_max = 40;
	expect_error(setrlimit(RLIMIT_NOFILE, &limit), EINVAL);
	expect(current(RLIMIT_NOFILE) == 40);
}

CASE(user_has_no_more_processes_than_its_limit)
{
	int status = 0;
	pid_t pid;

	if (getuid() == 0)
		expect(setuid(4242) == 0);
	lower(RLIMIT_NPROC, 1);
	pid = fork();
	if (pid == 0)
		_exit(0);
	/* On other systems this user may have many processes, or root's
	   rights. */
	expect((pid == -1 && errno == EAGAIN) ||
	       waitpid(pid, &status, 0) == pid);
	expect(getuid() != 4242 || pid == -1);
}

CASE(any_user_lowers_the_limits_of_data_and_stack)
{
	if (getuid() == 0)
		expect(setuid(1000) == 0);
	lower(RLIMIT_STACK, 1 << 20);
	expect(current(RLIMIT_STACK) == 1 << 20);
	lower(RLIMIT_DATA, 1 << 20);
	expect(current(RLIMIT_DATA) == 1 << 20);
	expect(sbrk(2 << 20) == (void *)-1 && errno == ENOMEM);
}

/* Use more stack than 512 KiB. */
static int dig(int depth)
{
	volatile char page[4096];

	page[depth % 4096] = 1;
	return depth ? dig(depth - 1) + page[depth % 4096] : 0;
}

CASE_DIES(stack_ends_at_its_limit_after_exec, SIGSEGV)
{
	lower(RLIMIT_STACK, 512 << 10);
	setenv("STACK_IS_LOW", "1", 1);
	execl(case_program, case_program, NULL);
}

int main(int argc, char **argv)
{
	if (getenv("STACK_IS_LOW"))
		return dig(256) != 256;
	return run_cases(argc, argv);
}
