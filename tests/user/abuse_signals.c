/*
 * abuse_signals.c - invalid handlers, stacks without room for a frame, floods
 * and broadcasts.
 */
#include "tests/user/helpers.h"
#include "tests/user/raw.h"

/* ---- Invalid handlers ---------------------------------------------------- */

static int with_handler(int n, uint32_t handler, uint32_t restorer)
{
	uint32_t action[5] = { handler, 0, 0, 0, restorer };
	pid_t child = fork_or_fail();

	if (child == 0) {
		raw_call(RAW_sigaction, n, (uintptr_t)action, 0);
		if (n == SIGSEGV)
			*(volatile int *)nowhere = 1;
		raw_call(RAW_kill, getpid(), n);
		_exit(0);
	}
	return result_of(child);
}

CASE(handlers_that_are_none_end_who_set_them)
{
	static const uint32_t values[] = { 2, 0xffff, 0x20000000, 0xbfffffff,
					   0xc0000000, 0xc0100000,
					   0xffffffff };

	for (size_t i = 0; i < sizeof(values) / 4; i++) {
		expect(with_handler(SIGUSR1, values[i], 0) == -SIGSEGV);
		expect(with_handler(SIGSEGV, values[i], 0) == -SIGSEGV);
		expect(with_handler(SIGUSR1, (uintptr_t)catch_it,
				    values[i]) == -SIGSEGV);
	}
}

/* ---- Alternate stacks ---------------------------------------------------- */

CASE(alternate_stacks_that_are_none)
{
	static char memory[16384];
	stack_t stack = { .ss_sp = memory, .ss_size = 16 };

	expect_error(sigaltstack(&stack, NULL), ENOMEM);
	stack.ss_size = sizeof(memory);
	stack.ss_flags = 0x12340;
	expect_error(sigaltstack(&stack, NULL), EINVAL);
	stack.ss_flags = 0;
	stack.ss_sp = (void *)0xc0000000;
	struct sigaction action;
	pid_t child = fork_or_fail();

	if (child == 0) {
		if (sigaltstack(&stack, NULL) < 0)
			_exit(0);
		memset(&action, 0, sizeof(action));
		action.sa_handler = catch_it;
		action.sa_flags = SA_ONSTACK;
		sigaction(SIGUSR1, &action, NULL);
		raise(SIGUSR1);
		_exit(1);
	}
	int result = result_of(child);

	expect(result == 0 || result == -SIGSEGV);
}

static int change_result;

static void change_stack(int n)
{
	stack_t stack = { .ss_flags = SS_DISABLE };

	change_result = sigaltstack(&stack, NULL) < 0 ? errno : 0;
	caught = n;
}

CASE(alternate_stack_in_use_cannot_be_changed)
{
	static char memory[16384];
	stack_t stack = { .ss_sp = memory, .ss_size = sizeof(memory) };

	require(sigaltstack(&stack, NULL) == 0);
	set_handler(SIGUSR1, change_stack, SA_ONSTACK);
	raise(SIGUSR1);
	expect(caught == SIGUSR1 && change_result == EPERM);
}

static int overflow(int depth)
{
	static int (*volatile again)(int) = overflow;
	volatile char frame[500];

	frame[depth % 500] = depth;
	return again(depth + 1) + frame[depth % 500];
}

static void exit_well(int n)
{
	_exit(n == SIGSEGV ? 33 : 34);
}

CASE(overflow_is_handled_on_the_alternate_stack)
{
	static char memory[16384];
	stack_t stack = { .ss_sp = memory, .ss_size = sizeof(memory) };
	pid_t child = fork_or_fail();

	if (child == 0) {
		sigaltstack(&stack, NULL);
		set_handler(SIGSEGV, exit_well, SA_ONSTACK);
		_exit(overflow(0));
	}
	expect(result_of(child) == 33);
}

#define STACK		16384
#define LEAST		300	/* less than a frame, enough for raise() */

static char stacks[2 * STACK];

/* The stack pointer comes near to the end of the stack, but not below. */
static void raise_again(int n)
{
	long room = (char *)__builtin_frame_address(0) - (stacks + STACK);

	if (room > LEAST && room < 2 * 1024)
		memset(__builtin_alloca(room - LEAST), 0, room - LEAST);
	raise(n);
}

/* Each handler interrupts the last on the same stack, until no frame fits. */
CASE(nested_handlers_leave_the_alternate_stack)
{
	stack_t stack = { .ss_sp = stacks + STACK, .ss_size = STACK };
	pid_t child = fork_or_fail();

	if (child == 0) {
		volatile double x = 1.5;

		x *= 1.5;		/* the frame has the state of the FPU */
		require(x == 2.25 && sigaltstack(&stack, NULL) == 0);
		set_handler(SIGUSR1, raise_again, SA_ONSTACK | SA_NODEFER);
		raise(SIGUSR1);
		_exit(0);
	}
	expect(result_of(child) == -SIGSEGV);
}

/* Stacks that reach into the kernel, wrap, or lie over each other. */
CASE(alternate_stack_of_odd_size)
{
	static const uint32_t odd[][2] = {
		{ 0xbffff000, 0x20000 }, { 0x10000, 0xffffffff },
		{ 0xfffff000, 0x2000 }, { 0x50000000, 0x7fffffff },
		{ 0, 0xc0000000 }, { 0xbfffff00, 0x80000000 },
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const stack_t stack = { .ss_sp = (void *)odd[i][0],
					.ss_size = odd[i][1] };
		pid_t child = fork_or_fail();
		int result;

		if (child == 0) {
			if (sigaltstack(&stack, NULL) < 0)
				_exit(0);
			set_handler(SIGUSR1, catch_it, SA_ONSTACK);
			raise(SIGUSR1);
			_exit(0);
		}
		result = result_of(child);
		expect(result == 0 || result == -SIGSEGV);
	}
}

/* ---- Floods and broadcasts ----------------------------------------------- */

CASE(flood_of_queued_signals_is_bounded)
{
	union sigval value = { .sival_int = 1 };
	long count = 0;

	block(SIGRTMIN);
	while (count < 100000 && sigqueue(getpid(), SIGRTMIN, value) == 0)
		count++;
	expect(errno == EAGAIN && count >= 32 && count < 100000);
	for (int i = 0; i < 100000; i++)
		kill(getpid(), SIGRTMIN);
	expect(is_pending(SIGRTMIN));
}

CASE(broadcast_spares_init_and_the_caller)
{
	pid_t child = fork_or_fail();

	set_handler(SIGWINCH, catch_it, SA_RESTART);
	if (child == 0) {
		set_handler(SIGWINCH, exit_well, 0);
		for (;;)
			pause();
	}
	until_asleep(child);
	expect(kill(-1, SIGWINCH) == 0);
	expect(result_of(child) == 34);
	expect(caught == 0 && kill(1, 0) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
