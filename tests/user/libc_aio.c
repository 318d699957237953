/*
 * libc_aio.c - reads and writes in the background (aio.h). Any POSIX system.
 */
#define _GNU_SOURCE
#include <aio.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "tests/user/helpers.h"

static char buffer[64];

static void do_nothing(int signal)
{
	(void)signal;
}

static int new_file(const char *text)
{
	int fd = open("libc_aio-file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0);
	unlink("libc_aio-file");
	require(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	return fd;
}

static struct aiocb request_for(int fd, void *at, size_t bytes, off_t offset)
{
	struct aiocb request;

	memset(&request, 0, sizeof(request));
	request.aio_fildes = fd;
	request.aio_buf = at;
	request.aio_nbytes = bytes;
	request.aio_offset = offset;
	request.aio_sigevent.sigev_notify = SIGEV_NONE;
	return request;
}

static void wait_until_end(const struct aiocb *request)
{
	while (aio_error(request) == EINPROGRESS)
		expect(aio_suspend(&request, 1, NULL) == 0);
}

CASE(read_and_write_have_an_offset_of_their_own)
{
	int fd = new_file("0123456789");
	struct aiocb request = request_for(fd, buffer, 4, 3);

	require(aio_read(&request) == 0);
	wait_until_end(&request);
	expect(aio_error(&request) == 0 && aio_return(&request) == 4);
	expect(memcmp(buffer, "3456", 4) == 0);
	request = request_for(fd, (void *)"xy", 2, 8);
	require(aio_write(&request) == 0);
	wait_until_end(&request);
	expect(aio_return(&request) == 2);
	expect(pread(fd, buffer, 10, 0) == 10);
	expect(memcmp(buffer, "01234567xy", 10) == 0);
	close(fd);
}

CASE(program_goes_on_while_a_read_waits)
{
	const struct timespec no_time = { 0, 0 };
	struct aiocb request;
	const struct aiocb *list = &request;
	int fds[2];

	require(pipe(fds) == 0);
	request = request_for(fds[0], buffer, sizeof(buffer), 0);
	require(aio_read(&request) == 0);
	expect(aio_error(&request) == EINPROGRESS);
	expect_error(aio_suspend(&list, 1, &no_time), EAGAIN);
	expect(aio_cancel(fds[0], &request) == AIO_NOTCANCELED);
	expect(write(fds[1], "abc", 3) == 3);
	wait_until_end(&request);
	expect(aio_return(&request) == 3 && memcmp(buffer, "abc", 3) == 0);
	expect(aio_cancel(fds[0], &request) == AIO_ALLDONE);
	close(fds[0]);
	close(fds[1]);
}

CASE(error_of_the_call_comes_with_the_end)
{
	struct aiocb request = request_for(new_file("x"), buffer, 1, -1);

	if (aio_read(&request) == 0) {
		wait_until_end(&request);
		expect(aio_error(&request) == EINVAL);
		expect(aio_return(&request) == -1);
	} else {
		expect(errno == EINVAL);
	}
	close(request.aio_fildes);
}

CASE(end_sends_the_signal)
{
	struct aiocb request = request_for(new_file("abc"), buffer, 3, 0);
	sigset_t set;
	siginfo_t info;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	request.aio_sigevent.sigev_notify = SIGEV_SIGNAL;
	request.aio_sigevent.sigev_signo = SIGUSR1;
	request.aio_sigevent.sigev_value.sival_int = 5;
	require(aio_read(&request) == 0);
	expect(sigwaitinfo(&set, &info) == SIGUSR1);
	expect(info.si_value.sival_int == 5);
	expect(aio_error(&request) == 0);
	close(request.aio_fildes);
}

CASE(appended_writes_keep_their_order)
{
	int fd = new_file("");
	struct aiocb requests[10];
	const struct aiocb *list;
	char digits[] = "0123456789";

	fcntl(fd, F_SETFL, O_APPEND);
	for (int i = 0; i < 10; i++) {
		requests[i] = request_for(fd, digits + i, 1, 0);
		require(aio_write(&requests[i]) == 0);
	}
	for (int i = 0; i < 10; i++) {
		list = &requests[i];
		wait_until_end(list);
	}
	expect(pread(fd, buffer, sizeof(buffer), 0) == 10);
	expect(memcmp(buffer, digits, 10) == 0);
	close(fd);
}

CASE(sync_comes_after_the_writes)
{
	int fd = new_file("");
	struct aiocb write_it = request_for(fd, buffer, sizeof(buffer), 0);
	struct aiocb sync_it = request_for(fd, NULL, 0, 0);

	require(aio_write(&write_it) == 0);
	require(aio_fsync(O_SYNC, &sync_it) == 0);
	wait_until_end(&sync_it);
	expect(aio_error(&sync_it) == 0 && aio_error(&write_it) == 0);
	expect_error(aio_fsync(-1, &sync_it), EINVAL);
	close(fd);
}

CASE(list_waits_for_all_and_tells_of_a_failure)
{
	int fd = new_file("abcdef");
	struct aiocb one = request_for(fd, buffer, 3, 0);
	struct aiocb two = request_for(fd, buffer + 3, 3, 3);
	struct aiocb none = request_for(fd, NULL, 0, 0);
	struct aiocb *list[] = { &one, NULL, &two, &none };

	one.aio_lio_opcode = two.aio_lio_opcode = LIO_READ;
	none.aio_lio_opcode = LIO_NOP;
	expect(lio_listio(LIO_WAIT, list, 4, NULL) == 0);
	expect(memcmp(buffer, "abcdef", 6) == 0);
	two.aio_fildes = -1;
	expect_error(lio_listio(LIO_WAIT, list, 3, NULL), EIO);
	expect(aio_error(&two) == EBADF && aio_error(&one) == 0);
	expect_error(lio_listio(9, list, 1, NULL), EINVAL);
	close(fd);
}

CASE(list_without_wait_sends_a_signal_after_the_last)
{
	int fd = new_file("abcdef");
	struct aiocb one = request_for(fd, buffer, 3, 0);
	struct aiocb two = request_for(fd, buffer + 3, 3, 3);
	struct aiocb *list[] = { &one, &two };
	struct sigevent event;
	sigset_t set;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = SIGUSR2;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	one.aio_lio_opcode = two.aio_lio_opcode = LIO_READ;
	require(lio_listio(LIO_NOWAIT, list, 2, &event) == 0);
	expect(sigwaitinfo(&set, NULL) == SIGUSR2);
	expect(aio_error(&one) == 0 && aio_error(&two) == 0);
	close(fd);
}

CASE(descriptor_of_the_wrong_kind_is_EBADF)
{
	struct aiocb request = request_for(-1, buffer, 1, 0);

	if (aio_read(&request) == 0) {	/* Linux tells at the end */
		wait_until_end(&request);
		expect(aio_error(&request) == EBADF);
	} else {
		expect(errno == EBADF);
	}
	expect_error(aio_cancel(-1, NULL), EBADF);
	request.aio_fildes = 0;
	request.aio_reqprio = -1;
	expect_error(aio_read(&request), EINVAL);
}

CASE(requests_behind_the_first_are_cancelled)
{
	struct aiocb requests[3];
	const struct aiocb *list[] = { &requests[0] };
	int fds[2];

	require(pipe(fds) == 0);
	for (int i = 0; i < 3; i++) {
		requests[i] = request_for(fds[0], buffer + i, 1, 0);
		require(aio_read(&requests[i]) == 0);
	}
	expect_error(aio_cancel(fds[1], &requests[2]), EINVAL);
	expect(aio_cancel(fds[0], &requests[2]) == AIO_CANCELED);
	expect(aio_error(&requests[2]) == ECANCELED);
	expect(aio_return(&requests[2]) == -1);
	usleep(50000);			/* until the first is under way */
	expect(aio_cancel(fds[0], NULL) == AIO_NOTCANCELED);
	expect(aio_error(&requests[1]) == ECANCELED);
	expect(write(fds[1], "ab", 2) == 2);
	expect(aio_suspend(list, 1, NULL) == 0);
	expect(aio_return(&requests[0]) == 1 && buffer[0] == 'a');
	expect(read(fds[0], buffer, 2) == 1 && buffer[0] == 'b');
	close(fds[0]);
	close(fds[1]);
}

CASE(cancelled_request_sends_the_signal)
{
	struct aiocb first, second;
	sigset_t set;
	siginfo_t info;
	int fds[2];

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	require(pipe(fds) == 0);
	first = second = request_for(fds[0], buffer, 1, 0);
	second.aio_sigevent.sigev_notify = SIGEV_SIGNAL;
	second.aio_sigevent.sigev_signo = SIGUSR1;
	second.aio_sigevent.sigev_value.sival_int = 7;
	require(aio_read(&first) == 0 && aio_read(&second) == 0);
	expect(aio_cancel(fds[0], &second) == AIO_CANCELED);
	expect(sigwaitinfo(&set, &info) == SIGUSR1);
	expect(info.si_value.sival_int == 7);
	expect(write(fds[1], "a", 1) == 1);
	wait_until_end(&first);
	close(fds[0]);
	close(fds[1]);
}

CASE(write_does_not_wait_for_a_read)
{
	struct aiocb reading, writing;
	int fds[2];

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	reading = request_for(fds[0], buffer, 1, 0);
	writing = request_for(fds[1], (void *)"x", 1, 0);
	require(aio_read(&reading) == 0 && aio_write(&writing) == 0);
	wait_until_end(&writing);
	wait_until_end(&reading);
	expect(aio_return(&reading) == 1 && buffer[0] == 'x');
	close(fds[0]);
	close(fds[1]);
}

CASE(list_without_wait_tells_of_a_failure_in_the_request)
{
	int fd = new_file("abc");
	struct aiocb good = request_for(fd, buffer, 3, 0);
	struct aiocb bad = request_for(-1, buffer, 1, 0);
	struct aiocb *list[] = { &good, &bad };

	good.aio_lio_opcode = bad.aio_lio_opcode = LIO_READ;
	expect(lio_listio(LIO_NOWAIT, list, 2, NULL) == 0);
	wait_until_end(&bad);
	wait_until_end(&good);
	expect(aio_error(&bad) == EBADF && aio_error(&good) == 0);
	bad.aio_lio_opcode = 99;
	expect_error(lio_listio(LIO_WAIT, list, 2, NULL), EIO);
	expect(aio_error(&bad) == EINVAL && aio_error(&good) == 0);
	close(fd);
}

CASE(signal_ends_the_suspension)
{
	struct aiocb request;
	const struct aiocb *list = &request;
	int fds[2];
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		require(pipe(fds) == 0);
		set_handler(SIGALRM, do_nothing, 0);
		request = request_for(fds[0], buffer, 1, 0);
		require(aio_read(&request) == 0);
		alarm(1);
		_exit(aio_suspend(&list, 1, NULL) < 0 && errno == EINTR
		      ? 0 : 1);
	}
	expect(result_of(pid) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
