/*
 * ioctl.c - the requests of ioctl() that each descriptor knows, whatever it is
 * open on: Linux and the BSDs have the same.
 */
#include <sys/ioctl.h>

#include "tests/user/helpers.h"

static int flags_of(int fd)
{
	return fcntl(fd, F_GETFL);
}

CASE(fionbio_leaves_a_reader_waiting)
{
	int ends[2], on = 1, off = 0;
	char byte;

	require(pipe(ends) == 0);
	expect(ioctl(ends[0], FIONBIO, &on) == 0);
	expect(flags_of(ends[0]) & O_NONBLOCK);
	expect(!(flags_of(ends[1]) & O_NONBLOCK));
	expect_error(read(ends[0], &byte, 1), EAGAIN);
	expect(ioctl(ends[0], FIONBIO, &off) == 0);
	expect(!(flags_of(ends[0]) & O_NONBLOCK));
}

CASE(fionbio_changes_another_flag)
{
	int fd = open("file", O_RDWR | O_CREAT | O_APPEND, 0600), on = 1;

	require(fd >= 0);
	expect(ioctl(fd, FIONBIO, &on) == 0);
	expect((flags_of(fd) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) ==
	       (O_RDWR | O_APPEND | O_NONBLOCK));
	unlink("file");
}

CASE(bad_pointer_of_fionbio_changes_the_flag)
{
	int ends[2], on = 1;

	require(pipe(ends) == 0);
	expect_error(ioctl(ends[0], FIONBIO, (int *)8), EFAULT);
	expect(!(flags_of(ends[0]) & O_NONBLOCK));
	expect_error(ioctl(999, FIONBIO, &on), EBADF);
}

CASE(fioclex_reaches_the_copy_of_a_descriptor)
{
	int fd = open("/dev/null", O_RDWR), twin = dup(fd);

	require(fd >= 0 && twin >= 0);
	expect(ioctl(fd, FIOCLEX) == 0);
	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	expect(fcntl(twin, F_GETFD) == 0);
	expect(ioctl(fd, FIONCLEX) == 0);
	expect(fcntl(fd, F_GETFD) == 0);
}

CASE(fioasync_sends_no_signal)
{
	sigset_t set = set_of(SIGIO);
	int ends[2], on = 1, off = 0;

	block(SIGIO);
	require(pipe(ends) == 0);
	require(fcntl(ends[0], F_SETOWN, getpid()) == 0);
	expect(ioctl(ends[0], FIOASYNC, &on) == 0);
	expect(flags_of(ends[0]) & O_ASYNC);
	require(write(ends[1], "x", 1) == 1);
	expect(sigwaitinfo(&set, NULL) == SIGIO);
	expect(ioctl(ends[0], FIOASYNC, &off) == 0);
	expect(!(flags_of(ends[0]) & O_ASYNC));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
