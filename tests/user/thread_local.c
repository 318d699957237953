/*
 * thread_local.c - variables that each thread has of its own. Any POSIX system
 * with a compiler that knows them.
 */
#include <stdint.h>
#include <sys/wait.h>

#include "tests/user/thread_case.h"

#define COUNT	5

static __thread int started = 42;
static _Thread_local int zero;
static __thread char text[40] = "first";
static __thread struct {
	char bytes[48];
} wide __attribute__((aligned(64)));
static int before_main;

static void __attribute__((constructor)) look_early(void)
{
	before_main = started == 42 && zero == 0;
}

static int is_new(void)
{
	return started == 42 && zero == 0 && strcmp(text, "first") == 0 &&
	       (uintptr_t)&wide % 64 == 0 && wide.bytes[47] == 0;
}

static void spoil(int number)
{
	started = zero = number;
	snprintf(text, sizeof(text), "of %d", number);
	memset(&wide, number, sizeof(wide));
}

static int is_spoilt(int number)
{
	char wanted[40];

	snprintf(wanted, sizeof(wanted), "of %d", number);
	return started == number && zero == number &&
	       strcmp(text, wanted) == 0 && wide.bytes[47] == (char)number;
}

CASE(first_thread_has_the_first_values)
{
	expect(is_new());
	expect(before_main);
	spoil(3);
	expect(is_spoilt(3));
}

static pthread_barrier_t barrier;

static void *spoil_beside_others(void *number)
{
	int was_new = is_new();

	spoil((long)number);
	pthread_barrier_wait(&barrier);
	return (void *)(long)(was_new && is_spoilt((long)number));
}

CASE(threads_share_no_variable)
{
	pthread_t threads[COUNT];

	require(pthread_barrier_init(&barrier, NULL, COUNT) == 0);
	spoil(100);
	for (long i = 0; i < COUNT; i++)
		threads[i] = create(spoil_beside_others, (void *)(i + 1));
	for (int i = 0; i < COUNT; i++)
		expect(join(threads[i]));
	expect(is_spoilt(100));
}

static void *spoil_once(void *unused)
{
	int was_new = is_new();

	(void)unused;
	spoil(7);
	return (void *)(long)was_new;
}

CASE(next_thread_on_the_same_stack_has_the_first_values)
{
	for (int i = 0; i < 3; i++)
		expect(join(create(spoil_once, NULL)));
}

CASE(thread_on_a_stack_of_the_program_has_its_variables)
{
	static char stack[65536] __attribute__((aligned(16)));
	pthread_attr_t attr;
	pthread_t thread;

	require(pthread_attr_init(&attr) == 0);
	require(pthread_attr_setstack(&attr, stack, sizeof(stack)) == 0);
	for (int i = 0; i < 2; i++) {
		require(pthread_create(&thread, &attr, spoil_once, NULL) == 0);
		expect(join(thread));
	}
}

static void *use_errno(void *of_first)
{
	int was_new = errno == 0 && &errno != of_first;

	errno = 0;
	return (void *)(long)(was_new && close(-1) < 0 && errno == EBADF);
}

CASE(errno_is_a_variable_of_each_thread)
{
	errno = ENOENT;
	expect(join(create(use_errno, &errno)));
	expect(errno == ENOENT);
	expect(close(-1) < 0 && errno == EBADF);
}

static void *fork_with_values(void *unused)
{
	pid_t pid;

	(void)unused;
	spoil(9);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(is_spoilt(9) ? 0 : 1);
	return (void *)(long)result_of(pid);
}

CASE(child_of_a_thread_keeps_the_values)
{
	expect(join(create(fork_with_values, NULL)) == 0);
	expect((long)fork_with_values(NULL) == 0);
}

static volatile int handled;

static void look_in_handler(int number)
{
	(void)number;
	handled = is_spoilt(11);
}

CASE(handler_sees_the_variables_of_its_thread)
{
	set_handler(SIGUSR1, look_in_handler, 0);
	spoil(11);
	raise(SIGUSR1);
	expect(handled);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
