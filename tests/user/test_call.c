/*
 * test_call.c - the test-only system call does what tests rely on.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "tests/user/case.h"
#include "tests/user/parley_test.h"

CASE(leak_of_a_frame_is_not_counted)
{
	struct test_counters before, after;
	int fds[2];

	expect(test_counters(&before) == 0);
	expect(pipe(fds) == 0);
	expect(write(fds[1], "x", 1) == 1);
	expect(test_counters(&after) == 0);
	expect(after.objects - before.objects == 1);
	expect(after.files - before.files == 2);
	expect(test_leak(&before, &after) >= 4);
	close(fds[0]);
	close(fds[1]);
	expect(test_counters(&after) == 0);
	expect(test_leak(&before, &after) == 0);
}

CASE(counters_to_a_bad_address)
{
	expect_error(test_counters((struct test_counters *)0xc0000000), EFAULT);
	expect_error(test_call(12345, 0, 0, NULL), EINVAL);
}

/* Each allocation of pipe() fails once, and nothing is left of it. */
CASE(failed_allocation_leaves_something)
{
	struct test_counters before, after;
	int fds[2], n;

	/* What the first failure costs in pages of our own is no leak. */
	test_fail_alloc(1);
	expect_error(pipe(fds), ENOMEM);
	memset(&after, 0, sizeof(after));
	expect(test_counters(&before) == 0);
	for (n = 1; n < 50; n++) {
		test_fail_alloc(n);
		if (pipe(fds) == 0)
			break;
		expect(errno == ENOMEM);
		expect(test_fail_alloc(0) == 0);
		expect(test_counters(&after) == 0);
		expect(test_leak(&before, &after) == 0);
	}
	expect(test_fail_alloc(0) > 0);
	expect(n > 2 && n < 50);
}

CASE(failed_copy_leaves_something)
{
	struct stat status;
	int fds[2];

	test_fail_copy(1);
	expect_error(pipe(fds), EFAULT);
	expect(test_fail_copy(0) == 0);
	test_fail_copy(1);
	expect_error(stat("/", &status), EFAULT);	/* the path */
	test_fail_copy(2);
	expect_error(stat("/", &status), EFAULT);	/* the result */
	test_fail_copy(3);
	expect(stat("/", &status) == 0);
	expect(test_fail_copy(0) == 1);
}

CASE(failed_copy_hits_another_process)
{
	int fds[2], status;
	pid_t child;

	test_fail_copy(1);
	child = fork();
	if (child == 0)
		_exit(pipe(fds) == 0 ? 7 : 8);
	expect(test_fail_copy(0) == 1);
	expect(waitpid(child, &status, 0) == child);
	expect(WEXITSTATUS(status) == 7);
}

/* The child runs at the call with this number, and at no other call. */
CASE(switch_comes_at_another_call)
{
	int fds[2], n, at;
	char c;

	expect(pipe(fds) == 0);
	expect(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
	for (at = 1; at <= 5; at++) {
		if (fork() == 0) {
			write(fds[1], "c", 1);
			_exit(0);
		}
		test_preempt_at(at);
		for (n = 1; n < 20; n++)
			if (read(fds[0], &c, 1) == 1)
				break;
		expect(n == at + 1);
		expect(wait(NULL) > 0);
	}
}

static unsigned random_order(unsigned seed)
{
	unsigned order = 0;
	int fds[2];
	char bits[8];

	expect(pipe(fds) == 0);
	test_preempt_random(seed, 2);
	for (int child = 0; child < 2; child++) {
		if (fork() > 0)
			continue;
		for (int i = 0; i < 4; i++)
			write(fds[1], child ? "1" : "0", 1);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	test_preempt_random(0, 0);
	expect(read(fds[0], bits, 8) == 8);
	for (int i = 0; i < 8; i++)
		order = order * 2 + (bits[i] - '0');
	close(fds[0]);
	close(fds[1]);
	return order;
}

/* Time slices end where they like, so not every order comes again. */
CASE(random_switches_have_nothing_to_do_with_the_seed)
{
	unsigned seed, first, same = 0, others = 0;

	for (seed = 1; seed < 30; seed++) {
		first = random_order(seed);
		same += first == random_order(seed);
		others += first != random_order(seed + 100);
	}
	expect(same > 5);
	expect(others > 5);
}

int main(int argc, char **argv)
{
	if (test_is_possible())
		return run_cases(argc, argv);
	tap_skip("test_call", "not a test kernel");
	return tap_done();
}
