/*
 * hostile_frames.c - signal handlers that change their own frame by chance, and
 * return. The frame holds selectors, flags, the signal mask and the state of
 * the FPU: the kernel loads all of them.
 *
 * linux: no
 */
#include "tests/user/hostile.h"

#define ROUNDS		200
#define FRAME_WORDS	40	/* arguments, mask, registers; then the FPU */
#define FPU_WORDS	128

static uint32_t seed;

static uint32_t next_random(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static uint32_t odd_value(void)
{
	static const uint32_t values[] = {
		0, 1, 8, 0x10, 0x1b, 0x23, 0x28, 0x2b, 0x57, 0xffff, 0xffffffff,
		0x20002, 0x3000, 0x3202, 0x4302, 0x7fffffff, 0xc0100000,
		0xfffff000, 0xbffffffc, 0x80000000,
	};

	return next_random() % 4 ? values[next_random() % 20] : next_random();
}

/* The frame lies above the handler's return address. */
static void change_frame(int n)
{
	volatile uint32_t *frame = (uint32_t *)__builtin_frame_address(0) + 1;
	unsigned count = next_random() % 3 + 1;

	(void)n;
	for (; count > 0; count--)
		frame[next_random() % FRAME_WORDS] = odd_value();
	if (next_random() % 2)
		frame[FRAME_WORDS + next_random() % FPU_WORDS] = odd_value();
}

static void change_and_return(int round)
{
	volatile double x = 1.5;

	seed = round * 2654435761u;
	set_handler(SIGUSR1, change_frame, round % 2 ? SA_SIGINFO : 0);
	if (round % 3)
		x *= 1.5;		/* the frame has the state of the FPU */
	raise(SIGUSR1);
	x *= 2;
	_exit(x < 0);
}

/* Any end is right, but SIGKILL must end each of the children. */
static int change_frames(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		pid_t child = fork_or_fail();
		int status, patience = 200;

		if (child == 0)
			change_and_return(round);
		while (waitpid(child, &status, WNOHANG) == 0 && patience-- > 0)
			case_pause();
		if (patience <= 0)
			expect(kill_and_wait(child) == -SIGKILL);
	}
	return case_failed;
}

CASE(changed_frames_harm_nobody)
{
	attack_beside_root(change_frames);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
