/*
 * hostile_aio.c - reads and writes in the background: descriptors, memory and
 * whole programs that go while requests are under way.
 *
 * linux: no
 */
#include <aio.h>
#include <sys/socket.h>

#include "tests/user/hostile.h"

#define MANY	600		/* more than a user has tasks */

static char bytes[64];
static struct aiocb requests[MANY];

static struct aiocb *request_at(int i, int fd, void *at, size_t size)
{
	requests[i] = (struct aiocb){
		.aio_fildes = fd, .aio_buf = at, .aio_nbytes = size,
		.aio_sigevent.sigev_notify = SIGEV_NONE,
	};
	return &requests[i];
}

/* The error at the end of the request. */
static int error_of(const struct aiocb *request)
{
	while (aio_error(request) == EINPROGRESS)
		aio_suspend(&request, 1, NULL);
	return aio_error(request);
}

/* ---- Requests that are none ---------------------------------------------- */

static int start_bad_requests(void)
{
	static void *const places[] = {
		NULL, (void *)16, (void *)0xbffff000, (void *)0xc0100000,
		(void *)0xffffffff,
	};
	int fd = open("/tmp/hostile_aio", O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0 && write(fd, bytes, sizeof(bytes)) > 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		require(aio_read(request_at(0, fd, places[i], 64)) == 0);
		expect(error_of(&requests[0]) == EFAULT);
		require(aio_write(request_at(0, fd, places[i], 64)) == 0);
		expect(error_of(&requests[0]) == EFAULT);
	}
	request_at(0, fd, bytes, 64)->aio_offset = -1;
	require(aio_read(&requests[0]) == 0);
	expect(error_of(&requests[0]) == EINVAL);
	request_at(0, fd, bytes, 64)->aio_offset = INT64_MAX;
	require(aio_write(&requests[0]) == 0);
	expect(error_of(&requests[0]) == EFBIG ||
	       error_of(&requests[0]) == EINVAL);
	require(aio_read(request_at(0, -1, bytes, 1)) == 0);
	expect(error_of(&requests[0]) == EBADF);
	require(aio_read(request_at(0, 0x7fffffff, bytes, 1)) == 0);
	expect(error_of(&requests[0]) == EBADF);
	request_at(0, fd, bytes, 1)->aio_reqprio = -1;
	expect_error(aio_read(&requests[0]), EINVAL);
	expect(unlink("/tmp/hostile_aio") == 0);
	return case_failed;
}

CASE(bad_requests_harm_nobody)
{
	attack_beside_root(start_bad_requests);
}

/* ---- Many ---------------------------------------------------------------- */

/* Each pipe has a thread for its reads: the tasks of the user run out. */
static int start_many(void)
{
	int ends[2], count = 0;

	while (count < MANY && pipe(ends) == 0 &&
	       aio_read(request_at(count, ends[0], bytes, 1)) == 0)
		count++;
	expect(count > 0 && count < MANY);
	expect(errno == EAGAIN || errno == ENOMEM || errno == EMFILE);
	return case_failed;
}

CASE(requests_without_number_leave_root_its_tasks)
{
	attack_beside_root(start_many);
}

/* ---- The end of what a request needs ------------------------------------- */

/* The writers go: each read ends with the end of the file. */
static int close_under_requests(void)
{
	int ends[20][2];

	for (int i = 0; i < 20; i++) {
		require(i % 2 ? pipe(ends[i]) == 0
			: socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i]) == 0);
		require(aio_read(request_at(i, ends[i][0], bytes, 1)) == 0);
	}
	for (int i = 0; i < 20; i++)
		if (i % 3 == 0)
			close(ends[i][0]);
	for (int i = 0; i < 20; i++)
		close(ends[i][1]);
	for (int i = 0; i < 20; i++) {
		int error = error_of(&requests[i]);

		expect(error == 0 || error == EBADF);
	}
	return case_failed;
}

CASE(close_under_requests_loses_one)
{
	attack_beside_root(close_under_requests);
}

static void start_waiting(void)
{
	int ends[2];

	for (int i = 0; i < 20; i++) {
		require(pipe(ends) == 0);
		require(aio_read(request_at(i, ends[0], bytes, 1)) == 0);
	}
}

static int run_another_program(void)
{
	char *const words[] = { "true", NULL };

	start_waiting();
	execv("/bin/true", words);
	return 1;
}

static int end_at_once(void)
{
	start_waiting();
	return case_failed;
}

CASE(exec_leaves_requests_behind)
{
	attack_beside_root(run_another_program);
}

CASE(exit_leaves_requests_behind)
{
	attack_beside_root(end_at_once);
}

/* The buffer goes while the request waits for bytes. */
static int unmap_under_requests(void)
{
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ends[2];

	require(page != MAP_FAILED && pipe(ends) == 0);
	require(aio_read(request_at(0, ends[0], page, 16)) == 0);
	require(munmap(page, 4096) == 0);
	require(write(ends[1], "x", 1) == 1);
	expect(error_of(&requests[0]) == EFAULT);
	require(read(ends[0], bytes, 1) == 1);
	return case_failed;
}

CASE(unmapped_buffer_takes_the_byte)
{
	attack_beside_root(unmap_under_requests);
}

/* ---- Fork ---------------------------------------------------------------- */

/* The child has no thread for the requests of its parent. */
static int read_in_the_child(void)
{
	int ends[2];

	require(pipe(ends) == 0);
	require(aio_read(request_at(0, ends[0], bytes, 1)) == 0);
	if (fork_or_fail() == 0) {
		require(write(ends[1], "xy", 2) == 2);
		require(aio_read(request_at(1, ends[0], bytes + 1, 1)) == 0);
		expect(error_of(&requests[1]) == 0);
		expect(aio_cancel(ends[0], NULL) == AIO_ALLDONE);
		_exit(case_failed);
	}
	expect(result_of(-1) == 0 && error_of(&requests[0]) == 0);
	return case_failed;
}

CASE(child_waits_for_a_thread_of_its_parent)
{
	attack_beside_root(read_in_the_child);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
