/*
 * contexts.c - ucontext.h: leave a running state and come back to it; the
 * context of a signal handler.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

#include "tests/user/helpers.h"
#include "tests/user/registers.h"

#define STACK_BYTES	16384

static ucontext_t mine, other;
static char stack[STACK_BYTES];
static int count;

static void prepare(ucontext_t *context, ucontext_t *link)
{
	require(getcontext(context) == 0);
	context->uc_stack.ss_sp = stack;
	context->uc_stack.ss_size = sizeof(stack);
	context->uc_link = link;
}

CASE(getcontext_returns_twice)
{
	volatile int passes = 0;

	count = 0;
	expect(getcontext(&mine) == 0);
	passes++;
	if (++count < 3)
		setcontext(&mine);
	expect(count == 3 && passes == 3);
}

static void takes(int a, int b, int c)
{
	count = a * 100 + b * 10 + c;
}

CASE(made_context_gets_its_arguments_and_goes_on_with_its_link)
{
	count = 0;
	prepare(&other, &mine);
	makecontext(&other, (void (*)(void))takes, 3, 1, 2, 3);
	expect(swapcontext(&mine, &other) == 0);
	expect(count == 123);
}

static void measure_stack(void)
{
	int here;

	count = (char *)&here > stack && (char *)&here < stack + STACK_BYTES;
}

CASE(made_context_runs_on_its_stack)
{
	count = 0;
	prepare(&other, &mine);
	makecontext(&other, measure_stack, 0);
	expect(swapcontext(&mine, &other) == 0);
	expect(count == 1);
}

static void generator(void)
{
	for (int i = 1; ; i++) {
		count = i * i;
		swapcontext(&other, &mine);
	}
}

CASE(two_contexts_take_turns)
{
	int sum = 0;

	prepare(&other, NULL);
	makecontext(&other, generator, 0);
	for (int i = 1; i <= 10; i++) {
		expect(swapcontext(&mine, &other) == 0);
		sum += count;
	}
	expect(sum == 385);
}

static void look_at_mask(void)
{
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	count = sigismember(&mask, SIGUSR1);
}

CASE(each_context_has_its_signal_mask)
{
	sigset_t mask;

	prepare(&other, &mine);
	sigaddset(&other.uc_sigmask, SIGUSR1);
	makecontext(&other, look_at_mask, 0);
	expect(swapcontext(&mine, &other) == 0);
	expect(count == 1);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	expect(sigismember(&mask, SIGUSR1) == 0);
}

static void nothing(void)
{
}

CASE(process_ends_after_a_context_without_a_link)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		prepare(&other, NULL);
		makecontext(&other, nothing, 0);
		setcontext(&other);
		_exit(9);
	}
	expect(result_of(child) == 0);
}

/* ---- The context of a handler -------------------------------------------- */

static const unsigned char *volatile code_seen;

/* Skip the faulting instruction of two bytes. */
static void skip(int number, siginfo_t *info, void *context)
{
	ucontext_t *where = context;

	(void)number;
	(void)info;
	code_seen = (unsigned char *)where->uc_mcontext.gregs[REG_EIP];
	where->uc_mcontext.gregs[REG_EIP] += 2;
	where->uc_mcontext.gregs[REG_EDX] = 77;
}

CASE(handler_changes_the_registers_of_the_program)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO }, old;
	unsigned long result;

	action.sa_sigaction = skip;
	sigaction(SIGILL, &action, &old);
	__asm__ volatile("xorl %%edx, %%edx\n\tud2"
			 : "=d" (result) : : "memory");
	sigaction(SIGILL, &old, NULL);
	expect(code_seen[0] == 0x0f && code_seen[1] == 0x0b);
	expect(result == 77);
}

static void let_through(int number, siginfo_t *info, void *context)
{
	ucontext_t *where = context;

	(void)number;
	(void)info;
	count = sigismember(&where->uc_sigmask, SIGUSR2);
	sigdelset(&where->uc_sigmask, SIGUSR2);
}

CASE(handler_sees_and_changes_the_mask_of_the_program)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO }, old;
	sigset_t mask;

	action.sa_sigaction = let_through;
	sigaction(SIGUSR1, &action, &old);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	raise(SIGUSR1);
	expect(count == 1);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	expect(sigismember(&mask, SIGUSR2) == 0);
	sigaction(SIGUSR1, &old, NULL);
}

static ucontext_t *interrupted;

static void leave(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	interrupted = context;
	count++;
	setcontext(&mine);
}

CASE(handler_may_leave_with_setcontext)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO }, old;
	sigset_t mask;

	count = 0;
	action.sa_sigaction = leave;
	sigaction(SIGUSR1, &action, &old);
	require(getcontext(&mine) == 0);
	if (count < 3)
		raise(SIGUSR1);
	expect(count == 3);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	expect(sigismember(&mask, SIGUSR1) == 0);
	sigaction(SIGUSR1, &old, NULL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
