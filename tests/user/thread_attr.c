/*
 * thread_attr.c - the attributes of new threads, and their effects: stacks,
 * sizes, detached or joined, questions after the end of a thread. Any POSIX
 * system.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdint.h>

#include "tests/user/thread_case.h"

#define STACK_BYTES	(64 << 10)

static pthread_attr_t attr;

static void *give_back(void *argument)
{
	return argument;
}

static volatile uintptr_t seen;

static void *where_is_the_stack(void *unused)
{
	volatile char here = 0;

	seen = (uintptr_t)&here;
	return unused;
}

static void *new_stack(void)
{
	void *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(stack != MAP_FAILED);
	return stack;
}

CASE(attr_starts_joinable_without_a_stack)
{
	size_t bytes = 0;
	int state = -1;

	expect(pthread_attr_init(&attr) == 0);
	expect(pthread_attr_getdetachstate(&attr, &state) == 0 &&
	       state == PTHREAD_CREATE_JOINABLE);
	expect(pthread_attr_getstacksize(&attr, &bytes) == 0 &&
	       bytes >= (size_t)PTHREAD_STACK_MIN);
	expect(pthread_attr_getguardsize(&attr, &bytes) == 0 && bytes > 0);
	expect(pthread_attr_destroy(&attr) == 0);
}

CASE(stack_that_was_set_is_got)
{
	char *stack = new_stack();
	size_t bytes = 0;
	void *got;

	pthread_attr_init(&attr);
	expect(pthread_attr_setstack(&attr, stack, STACK_BYTES) == 0);
	expect(pthread_attr_getstack(&attr, &got, &bytes) == 0);
	expect(got == stack && bytes == STACK_BYTES);
	expect(pthread_attr_getstacksize(&attr, &bytes) == 0 &&
	       bytes == STACK_BYTES);
}

CASE(thread_runs_on_the_stack_of_the_program)
{
	char *stack = new_stack();
	pthread_t thread;

	pthread_attr_init(&attr);
	expect(pthread_attr_setstack(&attr, stack, STACK_BYTES) == 0);
	require(pthread_create(&thread, &attr, where_is_the_stack, NULL) == 0);
	expect(pthread_join(thread, NULL) == 0);
	expect(seen >= (uintptr_t)stack &&
	       seen < (uintptr_t)stack + STACK_BYTES);
}

CASE(stack_can_be_used_again_after_the_join)
{
	char *stack = new_stack();
	pthread_t thread;
	void *result;

	pthread_attr_init(&attr);
	expect(pthread_attr_setstack(&attr, stack, STACK_BYTES) == 0);
	for (long i = 1; i < 50; i++) {
		require(pthread_create(&thread, &attr, give_back,
				       (void *)i) == 0);
		expect(pthread_join(thread, &result) == 0);
		expect(result == (void *)i);
		memset(stack, 0xee, STACK_BYTES);
	}
	expect(munmap(stack, STACK_BYTES) == 0);
}

CASE(too_small_a_stack_is_einval)
{
	char *stack = new_stack();
	size_t before, after;

	pthread_attr_init(&attr);
	pthread_attr_getstacksize(&attr, &before);
	expect(pthread_attr_setstack(&attr, stack, PTHREAD_STACK_MIN - 16) ==
	       EINVAL);
	expect(pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN - 1) ==
	       EINVAL);
	pthread_attr_getstacksize(&attr, &after);
	expect(before == after);
	expect(pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN) == 0);
}

static void *use_much_stack(void *bytes)
{
	volatile char room[(size_t)bytes];

	for (size_t i = 0; i < (size_t)bytes; i += 512)
		room[i] = 1;
	return (void *)(long)(room[0] + room[512]);
}

CASE(stack_is_as_large_as_was_asked)
{
	pthread_t thread;
	void *result;

	pthread_attr_init(&attr);
	expect(pthread_attr_setstacksize(&attr, 1 << 20) == 0);
	require(pthread_create(&thread, &attr, use_much_stack,
			       (void *)(1000L << 10)) == 0);
	expect(pthread_join(thread, &result) == 0 && result == (void *)2);
}

CASE(guard_size_is_kept)
{
	size_t bytes = 1;

	pthread_attr_init(&attr);
	expect(pthread_attr_setguardsize(&attr, 8192) == 0);
	expect(pthread_attr_getguardsize(&attr, &bytes) == 0 && bytes == 8192);
}

/* ---- Joined or detached -------------------------------------------------- */

static int gate[2];

static void *wait_at_the_gate(void *argument)
{
	char byte;

	return read(gate[0], &byte, 1) == 1 ? argument : NULL;
}

static void *join_it(void *thread)
{
	void *result = NULL;

	require(pthread_join((pthread_t)thread, &result) == 0);
	return result;
}

CASE(detach_of_one_that_is_being_joined_is_einval)
{
	pthread_t thread, joiner;

	if (!leak_is_parley())
		return;		/* POSIX lets it be undefined */
	require(pipe(gate) == 0);
	thread = create(wait_at_the_gate, (void *)5);
	joiner = create(join_it, (void *)thread);
	while (pthread_kill(joiner, 0) != 0)
		case_pause();
	for (int i = 0; i < 20; i++)
		case_pause();
	expect(pthread_detach(thread) == EINVAL);
	expect(pthread_join(thread, NULL) == EINVAL);
	expect(write(gate[1], "", 1) == 1);
	expect(join(joiner) == 5);
}

CASE(detached_twice_or_joined_is_einval)
{
	pthread_t thread;

	require(pipe(gate) == 0);
	thread = create(wait_at_the_gate, NULL);
	expect(pthread_detach(thread) == 0);
	expect(pthread_detach(thread) == EINVAL);
	expect(pthread_join(thread, NULL) == EINVAL);
	expect(write(gate[1], "", 1) == 1);
}

CASE(created_detached_cannot_be_joined)
{
	pthread_t thread;

	require(pipe(gate) == 0);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	require(pthread_create(&thread, &attr, wait_at_the_gate, NULL) == 0);
	expect(pthread_join(thread, NULL) == EINVAL);
	expect(pthread_detach(thread) == EINVAL);
	expect(write(gate[1], "", 1) == 1);
}

CASE(join_of_oneself_is_edeadlk)
{
	expect(pthread_join(pthread_self(), NULL) == EDEADLK);
}

static volatile int has_ended;

static void *end(void *unused)
{
	has_ended = 1;
	return unused;
}

CASE(one_that_has_ended_may_still_be_detached)
{
	pthread_t thread = create(end, NULL);

	while (!has_ended)
		case_pause();
	for (int i = 0; i < 5; i++)
		case_pause();
	expect(pthread_detach(thread) == 0);
	join(create(give_back, NULL));
}

/* POSIX: the thread exists until the join, so this signal is no error. */
CASE(signal_to_one_that_has_ended_is_lost)
{
	pthread_t thread = create(end, (void *)3);

	while (!has_ended)
		case_pause();
	for (int i = 0; i < 5; i++)
		case_pause();
	expect(pthread_kill(thread, 0) == 0);
	expect(pthread_kill(thread, SIGTERM) == 0);
	expect(join(thread) == 3);
}

/* ---- The stack of a living thread ---------------------------------------- */

/* Is a variable of the caller in the stack that the attributes name? */
static void *finds_own_stack(void *state_wanted)
{
	volatile char here = 0;
	pthread_attr_t own;
	void *stack = NULL;
	size_t bytes = 0;
	int state = -1;

	if (pthread_getattr_np(pthread_self(), &own))
		return NULL;
	pthread_attr_getstack(&own, &stack, &bytes);
	pthread_attr_getdetachstate(&own, &state);
	pthread_attr_destroy(&own);
	return (void *)(long)(state == (long)state_wanted &&
			      &here >= (char *)stack &&
			      &here < (char *)stack + bytes);
}

CASE(a_thread_finds_its_stack)
{
	char *stack = new_stack();
	pthread_t thread;
	void *got;
	size_t bytes;

	expect(finds_own_stack((void *)PTHREAD_CREATE_JOINABLE));
	expect(join(create(finds_own_stack, PTHREAD_CREATE_JOINABLE)) == 1);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, STACK_BYTES);
	require(pipe(gate) == 0);
	require(pthread_create(&thread, &attr, wait_at_the_gate, NULL) == 0);
	expect(pthread_getattr_np(thread, &attr) == 0);
	expect(pthread_attr_getstack(&attr, &got, &bytes) == 0);
	expect(got == stack && bytes == STACK_BYTES);
	expect(write(gate[1], "", 1) == 1);
	join(thread);
	expect(munmap(stack, STACK_BYTES) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
