/*
 * switch_story.h - a forced switch at every chance of a short story: the driver
 * of tests/user/switch_*.c.
 *
 * A story has a sender, a receiver and a third process, which signals, stops or
 * kills. A chance is a return from a system call of any process, or a
 * sched_point() inside of a call. The story is played once for each chance: a
 * switch is forced there, and a second switch some chances later. The sweep
 * ends when the story has no more chances. At the end the parent tells a
 * receiver to stop that has not ended.
 *
 * SWITCHES=40 in the environment tries each distance of the second switch up to
 * 40: `make test-switches`.
 */
#pragma once

#include <sched.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define MESSAGES	3
#define STOP		100
#define NO_PROCESS	50	/* exit status: the receiver has ended */

enum third {
	BYSTANDER, SIGNALS_SENDER, SIGNALS_RECEIVER, STOPS_RECEIVER,
	KILLS_SENDER, KILLS_RECEIVER, THIRDS
};

HELPER const char *const third_name[] = {
	"bystander", "signals sender", "signals receiver", "stops receiver",
	"kills sender", "kills receiver",
};

struct story {
	const char *name;
	int (*sender)(void);
	int (*receiver)(void);
	void (*stop)(void);		/* the receiver, by the parent */
	int (*is_right)(int sender_result, int receiver_result);
	/* What follows may be left out. */
	void (*prepare)(void);		/* the parent, before the fork */
	void (*leave)(void);		/* the parent, after the fork */
	void (*release)(void);		/* a sender without a receiver */
	void (*clean)(void);		/* the parent, at the end */
	int has_no_kill;		/* a killed owner keeps the lock */
};

/* What all see of a run. */
static struct shared {
	pid_t sender;
	volatile int got[2 * MESSAGES], count, is_stopping;
} *shared;

static const struct story *story;
static enum third third;
static pid_t receiver;			/* the sender and the third know it */
static int first_chance, second_chance;

HELPER int keeps_receiver(int result)
{
	return third == KILLS_RECEIVER && result == -SIGKILL;
}

HELPER int keeps_sender(int result)
{
	return result == 0 || (third == KILLS_SENDER && result == -SIGKILL) ||
	       (third == KILLS_RECEIVER && result == NO_PROCESS);
}

HELPER int both_ended(int sender_result, int receiver_result)
{
	return keeps_sender(sender_result) &&
	       (keeps_receiver(receiver_result) || receiver_result == 0);
}

/* For the parent: is the receiver a zombie? */
HELPER int receiver_has_ended(void)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, receiver, &info, WEXITED | WNOHANG | WNOWAIT) ==
		       0 && info.si_pid == receiver;
}

/* ---- Values: in order, each once ----------------------------------------- */

HELPER void note(int value)
{
	if (shared->count < 2 * MESSAGES)
		shared->got[shared->count++] = value;
}

HELPER int all_came(int sender_result, int receiver_result)
{
	for (int i = 0; i < shared->count; i++)
		if (shared->got[i] != i)
			return 0;
	if (!keeps_sender(sender_result) || shared->count > MESSAGES)
		return 0;
	return keeps_receiver(receiver_result) ||
	       (receiver_result == 0 &&
		(shared->count == MESSAGES || third == KILLS_SENDER));
}

/* ---- One run ------------------------------------------------------------- */

HELPER int act(void)
{
	switch (third) {
	case SIGNALS_SENDER:
		return kill(shared->sender, SIGURG);
	case SIGNALS_RECEIVER:
		return kill(receiver, SIGURG);
	case STOPS_RECEIVER:
		return kill(receiver, SIGSTOP) + kill(receiver, SIGCONT);
	case KILLS_SENDER:
		return kill(shared->sender, SIGKILL);
	case KILLS_RECEIVER:
		return kill(receiver, SIGKILL);
	default:
		return 0;
	}
}

HELPER void tell_where(int has_no_end)
{
	char line[160];

	snprintf(line, sizeof(line), "# %s, third %s, at %d + %d: %s\n",
		 story->name, third_name[third], first_chance, second_chance,
		 has_no_end ? "no end" : "wrong");
	if (write(1, line, strlen(line)) < 0 || has_no_end)
		_exit(1);
}

HELPER int end_of(int status)
{
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* Whichever ends first: the other may wait for its partner. */
HELPER void wait_for_both(pid_t sender, int *results)
{
	int left = 2, status;
	pid_t pid;

	while (left > 0) {
		pid = waitpid(0, &status, 0);
		if (pid != sender && pid != receiver)
			continue;
		results[pid == receiver] = end_of(status);
		if (--left == 0)
			return;
		if (pid == sender)
			story->stop();
		else
			story->release();
	}
}

/* Gives 0 when the story has fewer chances. */
HELPER int run(void)
{
	int results[2], is_over;
	pid_t sender, other;

	memset(shared, 0, sizeof(*shared));
	if (story->prepare)
		story->prepare();
	test_switch_at(first_chance, second_chance);
	receiver = start(story->receiver);
	sender = fork_or_fail();
	shared->sender = sender ? sender : getpid();
	if (sender == 0)
		_exit(story->sender());
	if (story->leave)
		story->leave();
	other = start(act);
	if (story->release) {
		wait_for_both(sender, results);
	} else {
		results[0] = result_of(sender);
		story->stop();
		results[1] = result_of(receiver);
	}
	result_of(other);
	is_over = test_switch_at(0, 0) > 0;
	if (story->clean)
		story->clean();
	if (!story->is_right(results[0], results[1])) {
		printf("# sender %d, receiver %d, %d came\n", results[0],
		       results[1], shared->count);
		fflush(stdout);
		tell_where(0);
		require(!"each once, in order, with the right end");
	}
	return !is_over;
}

HELPER void sweep(const struct story *told)
{
	static const int few[] = { 0, 1, 2, 3, 5, 9 };
	const char *most = getenv("SWITCHES");
	int count = most ? atoi(most) : sizeof(few) / sizeof(few[0]);

	story = told;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
	block(SIGRTMIN);
	set_handler(SIGURG, catch_it, 0);
	set_handler(SIGALRM, tell_where, 0);
	for (third = 0; third < THIRDS; third++)
		for (int i = 0; i < count; i++) {
			if (story->has_no_kill && third >= KILLS_SENDER)
				return;
			second_chance = most ? i : few[i];
			first_chance = 1;
			alarm(30);
			while (run())
				first_chance++;
			alarm(0);
		}
}
