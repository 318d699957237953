/*
 * pipe_room.c - several writers wait for room, each for the room of its write.
 *
 * linux: no
 */
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>

#include "tests/user/case.h"

static int fds[2];
static char bytes[PIPE_BUF + 1];

static void pause_ms(long ms)
{
	const struct timespec time = { 0, ms * 1000000 };

	nanosleep(&time, NULL);
}

static void make_full_pipe(void)
{
	ssize_t done;

	expect(pipe(fds) == 0);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	while ((done = write(fds[1], bytes, PIPE_BUF)) > 0)
		;
	fcntl(fds[1], F_SETFL, 0);
}

/* A child writes so many bytes and exits with 0 after the whole write. */
static pid_t start_writer(size_t count)
{
	pid_t child = fork();

	if (child == 0)
		_exit(write(fds[1], bytes, count) == (ssize_t)count ? 0 : 1);
	pause_ms(5);
	return child;
}

static bool ends_well(pid_t child)
{
	int status = -1;

	for (int tries = 0; tries < 200; tries++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return status == 0;
		pause_ms(5);
	}
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	return false;
}

CASE(short_write_sleeps_beside_room_that_a_long_one_left)
{
	pid_t large, small;

	make_full_pipe();
	large = start_writer(PIPE_BUF);
	small = start_writer(1);
	expect(read(fds[0], bytes, PIPE_BUF + 1) == PIPE_BUF + 1);
	expect(ends_well(large));
	expect(ends_well(small));
}

CASE(short_write_sleeps_on_when_the_long_one_is_killed)
{
	pid_t large, small;

	make_full_pipe();
	large = start_writer(PIPE_BUF);
	small = start_writer(1);
	expect(read(fds[0], bytes, 10) == 10);
	pause_ms(5);
	expect(waitpid(small, NULL, WNOHANG) == 0);	/* in order */
	kill(large, SIGKILL);
	expect(waitpid(large, NULL, 0) == large);
	expect(ends_well(small));
}

CASE(short_write_overtakes_a_long_one)
{
	pid_t large, small;

	make_full_pipe();
	large = start_writer(PIPE_BUF);
	small = start_writer(1);
	for (int i = 0; i < 20; i++)
		expect(read(fds[0], bytes, 10) == 10);
	pause_ms(5);
	expect(waitpid(small, NULL, WNOHANG) == 0);
	expect(read(fds[0], bytes, PIPE_BUF) == PIPE_BUF);
	expect(ends_well(large));
	expect(ends_well(small));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
