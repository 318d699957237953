/*
 * test_call.c - the test-only system call does what tests rely on.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "tests/user/parley_test.h"

static void leak_of_a_frame_is_not_counted(void)
{
	struct test_counters before, after;
	int fds[2];

	CHECK_IS(test_counters(&before), 0);
	CHECK_IS(pipe(fds), 0);
	CHECK_IS(write(fds[1], "x", 1), 1);
	CHECK_IS(test_counters(&after), 0);
	CHECK_IS(after.objects - before.objects, 1);
	CHECK_IS(after.files - before.files, 2);
	CHECK(test_leak(&before, &after) >= 4);
	close(fds[0]);
	close(fds[1]);
	CHECK_IS(test_counters(&after), 0);
	CHECK_IS(test_leak(&before, &after), 0);
}

static void counters_to_a_bad_address(void)
{
	FAILS(test_counters((struct test_counters *)0xc0000000), EFAULT);
	FAILS(test_call(12345, 0, 0, NULL), EINVAL);
}

/* Each allocation of pipe() fails once, and nothing is left of it. */
static void failed_allocation_leaves_something(void)
{
	struct test_counters before, after;
	int fds[2], n;

	CHECK_IS(test_counters(&before), 0);
	for (n = 1; n < 50; n++) {
		test_fail_alloc(n);
		if (pipe(fds) == 0)
			break;
		CHECK_IS(errno, ENOMEM);
		CHECK_IS(test_fail_alloc(0), 0);
		CHECK_IS(test_counters(&after), 0);
		CHECK_IS(test_leak(&before, &after), 0);
	}
	CHECK(test_fail_alloc(0) > 0);
	CHECK(n > 2 && n < 50);
}

static void failed_copy_leaves_something(void)
{
	struct stat status;
	int fds[2];

	test_fail_copy(1);
	FAILS(pipe(fds), EFAULT);
	CHECK_IS(test_fail_copy(0), 0);
	test_fail_copy(1);
	FAILS(stat("/", &status), EFAULT);	/* the path */
	test_fail_copy(2);
	FAILS(stat("/", &status), EFAULT);	/* the result */
	test_fail_copy(3);
	CHECK_IS(stat("/", &status), 0);
	CHECK_IS(test_fail_copy(0), 1);
}

static void failed_copy_hits_another_process(void)
{
	int fds[2], status;
	pid_t child;

	test_fail_copy(1);
	child = fork();
	if (child == 0)
		_exit(pipe(fds) == 0 ? 7 : 8);
	CHECK_IS(test_fail_copy(0), 1);
	CHECK_IS(waitpid(child, &status, 0), child);
	CHECK_IS(WEXITSTATUS(status), 7);
}

/* The child gets to run at the call that was named, and at no other. */
static void switch_comes_at_another_call(void)
{
	int fds[2], n, at;
	char c;

	CHECK_IS(pipe(fds), 0);
	CHECK_IS(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	for (at = 1; at <= 5; at++) {
		if (fork() == 0) {
			write(fds[1], "c", 1);
			_exit(0);
		}
		test_preempt_at(at);
		for (n = 1; n < 20; n++)
			if (read(fds[0], &c, 1) == 1)
				break;
		CHECK_IS(n, at + 1);
		CHECK_IS(wait(NULL) > 0, 1);
	}
}

static char random_order(unsigned seed)
{
	static char order;
	int fds[2];
	char bits[8];

	CHECK_IS(pipe(fds), 0);
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
	CHECK_IS(read(fds[0], bits, 8), 8);
	order = 0;
	for (int i = 0; i < 8; i++)
		order = order * 2 + (bits[i] - '0');
	close(fds[0]);
	close(fds[1]);
	return order;
}

static void random_switches_do_not_repeat_with_the_seed(void)
{
	char first, again;
	bool differ = false;

	for (unsigned seed = 1; seed < 20; seed++) {
		first = random_order(seed);
		again = random_order(seed);
		CHECK_IS(first, again);
		differ |= first != random_order(seed + 100);
	}
	CHECK(differ);
}

int main(void)
{
	if (test_call(TEST_COUNTERS, 0, 0, NULL) == -1 && errno == ENOSYS) {
		tap_skip("test_call", "not a test kernel");
		return tap_done();
	}
	TEST(leak_of_a_frame_is_not_counted);
	TEST(counters_to_a_bad_address);
	TEST(failed_allocation_leaves_something);
	TEST(failed_copy_leaves_something);
	TEST(failed_copy_hits_another_process);
	TEST(switch_comes_at_another_call);
	TEST(random_switches_do_not_repeat_with_the_seed);
	return tap_done();
}
