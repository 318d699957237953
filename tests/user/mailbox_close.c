/*
 * mailbox_close.c - a process closes a box and has thousands of descriptors, or
 * hundreds of tasks wait: each call ends at the last close, and not before.
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch.
 *
 * linux: no
 */
#include <limits.h>
#include <semaphore.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/parley_test.h"
#include "tests/user/thread_case.h"

#define CALLERS		200
#define FAR		300		/* a number of the second part */
#define FARTHER		1000		/* of a later part */
#define NEAR		40		/* of the first part */
#define LAST		(OPEN_MAX - 1)

static int call_until_end(void)
{
	return call("x") == -1 && errno == EPIPE ? 7 : 1;
}

/* A child has called, and this process has the request. */
static pid_t start_caller(void)
{
	pid_t caller = start(call_until_end);

	expect(take(0, 0, 0) > 0);
	until_asleep(caller);
	return caller;
}

/* A descriptor more among all others: the table is full. */
CASE(close_among_many_descriptors_ends_the_call_too_early)
{
	const struct rlimit all = { OPEN_MAX, OPEN_MAX };
	pid_t caller;
	int copy = -1, fd;

	new_box(4);
	caller = start_caller();
	require(setrlimit(RLIMIT_NOFILE, &all) == 0);
	require(dup2(box, LAST) == LAST);
	while ((fd = dup(0)) >= 0)
		copy = fd;
	require(errno == EMFILE && copy > FARTHER);
	expect(close(box) == 0);
	expect(is_asleep(caller));
	expect(close(LAST) == 0);
	expect(result_of(caller) == 7);
}

static sem_t go;

/* Move the descriptor from a part that the close has not looked at yet. */
static void *move_near(void *unused)
{
	sem_wait(&go);
	dup2(FARTHER, NEAR);
	close(FARTHER);
	return unused;
}

CASE(close_misses_a_descriptor_that_moves)
{
	pthread_t thread;
	pid_t caller;

	new_box(4);
	require(sem_init(&go, 0, 0) == 0);
	for (int chance = 1; chance < 12; chance++) {
		caller = start_caller();
		require(dup2(box, FAR) == FAR && dup2(box, FARTHER) == FARTHER);
		close(box);
		thread = create(move_near, NULL);
		case_pause();
		expect(sem_post(&go) == 0);
		test_switch_at(chance, 0);
		expect(close(FAR) == 0);
		test_switch_at(0, 0);
		join(thread);
		expect(is_asleep(caller));
		require(dup2(NEAR, box) == box);
		expect(close(NEAR) == 0 && is_asleep(caller));
		expect(kill_and_wait(caller) == -SIGKILL);
	}
}

static void *take_number(void *unused)
{
	(void)unused;
	sem_wait(&go);
	return (void *)(long)fcntl(0, F_DUPFD, FAR);
}

CASE(dup2_over_a_box_lets_a_second_thread_have_the_number)
{
	pthread_t thread;

	require(sem_init(&go, 0, 0) == 0);
	require(dup2(0, FARTHER) == FARTHER);	/* a part to pause behind */
	for (int chance = 1; chance < 12; chance++) {
		new_box(4);
		require(dup2(box, FAR) == FAR);
		close(box);
		thread = create(take_number, NULL);
		case_pause();
		expect(sem_post(&go) == 0);
		test_switch_at(chance, 0);
		expect(dup2(0, FAR) == FAR);
		test_switch_at(0, 0);
		expect(join(thread) == FAR + 1);
		close(FAR + 1);
	}
}

CASE(close_ends_only_some_of_many_calls)
{
	pid_t callers[CALLERS];

	new_box(CALLERS);
	for (int i = 0; i < CALLERS; i++)
		callers[i] = start_caller();
	close(box);
	for (int i = 0; i < CALLERS; i++)
		expect(result_of(callers[i]) == 7);
}

/* Descriptors for one direction alone: see the end of the other side. */
static int child_of_box(int keeps, int leaves, int sends)
{
	close(leaves);
	box = keeps;
	return (sends ? put(1, "x", 0) : take(0, 0, 0)) == -1 &&
	       errno == EPIPE ? 7 : 1;
}

static void end_many(long capacity, int sends)
{
	static const struct mailbox_attr forms[] = {
		{ .capacity = 4, .message_bytes = BYTES },
		{ .capacity = 0, .message_bytes = BYTES },
	};
	int in = mailbox_open("/many", O_CREAT | O_RDONLY, 0600,
			      &forms[capacity == 0]);
	int out = mailbox_open("/many", O_WRONLY, 0, NULL);
	pid_t children[CALLERS];

	require(in >= 0 && out >= 0 && mailbox_unlink("/many") == 0);
	box = out;
	for (int i = 0; i < capacity && sends; i++)
		require(put(1, "x", 0) == 0);
	for (int i = 0; i < CALLERS; i++) {
		children[i] = fork_or_fail();
		if (children[i] == 0)
			_exit(child_of_box(sends ? out : in, sends ? in : out,
					   sends));
	}
	for (int i = 0; i < CALLERS; i++)
		until_asleep(children[i]);
	close(sends ? in : out);
	for (int i = 0; i < CALLERS; i++)
		expect(result_of(children[i]) == 7);
	close(sends ? out : in);
}

CASE(last_receiver_ends_only_some_of_many_sends)
{
	end_many(4, 1);
	end_many(0, 1);
}

CASE(last_sender_ends_only_some_of_many_receives)
{
	end_many(4, 0);
	end_many(0, 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
