/*
 * hidden.c - the tests of lab 8 that students do not see.
 */
#include <limits.h>

#define LAB_LOOKS
#include "docs/labs/lab.h"
#include "tests/user/thread_case.h"

static int fds[2];
static char byte;

static int read_one(void)
{
	ssize_t n = read(fds[0], &byte, 1);

	return n < 0 ? 100 + errno : byte;
}

static pid_t start_with_pipe(int (*function)(void))
{
	pid_t pid;

	require(pipe(fds) == 0);
	pid = start(function);
	until_asleep(pid);
	return pid;
}

CASE(sigkill_ends_a_stopped_process)
{
	pid_t pid = start_with_pipe(read_one);
	int status;

	expect(kill(pid, SIGSTOP) == 0);
	expect(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	expect(kill(pid, SIGTERM) == 0);
	case_pause();
	expect(waitpid(pid, &status, WNOHANG) == 0);
	expect(kill_and_wait(pid) == -SIGKILL);
}

CASE(continue_drops_a_pending_stop)
{
	block(SIGTSTP);
	block(SIGCONT);
	expect(raise(SIGTSTP) == 0 && is_pending(SIGTSTP));
	expect(raise(SIGCONT) == 0 && is_pending(SIGCONT));
	expect(!is_pending(SIGTSTP));
	expect(raise(SIGTSTP) == 0 && is_pending(SIGTSTP));
	expect(!is_pending(SIGCONT));
}

static volatile pthread_t ran_in;

static void note_thread(int n)
{
	(void)n;
	ran_in = pthread_self();
}

static void *read_in_thread(void *unused)
{
	(void)unused;
	return (void *)(long)read_one();
}

CASE(signal_goes_to_a_thread_that_does_not_block_it)
{
	pthread_t thread;

	require(pipe(fds) == 0);
	set_handler(SIGUSR1, note_thread, SA_RESTART);
	thread = create(read_in_thread, NULL);
	case_pause();
	block(SIGUSR1);
	expect(kill(getpid(), SIGUSR1) == 0);
	for (int i = 0; i < 50 && !ran_in; i++)
		case_pause();
	expect(ran_in && pthread_equal(ran_in, thread));
	require(write(fds[1], "a", 1) == 1);
	expect(join(thread) == 'a');
}

CASE(init_cannot_be_killed)
{
	pid_t pid;

	expect(kill(1, SIGKILL) == 0 && kill(1, SIGSTOP) == 0);
	pid = start_with_pipe(read_one);
	expect(kill_and_wait(pid) == -SIGKILL);
	expect(kill(1, 0) == 0);
}

static int catch_once(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESETHAND);
	raise(SIGUSR1);
	raise(SIGUSR1);
	return caught;
}

CASE(handler_is_reset)
{
	set_handler(SIGUSR1, catch_it, 0);
	expect(run_in_child(catch_once) == -SIGUSR1);
	raise(SIGUSR1);
	expect(caught == 1);
}

CASE(suspend_puts_the_mask_back)
{
	sigset_t none, now;

	sigemptyset(&none);
	set_handler(SIGUSR1, catch_it, 0);
	block(SIGUSR1);
	require(raise(SIGUSR1) == 0 && caught == 0);
	expect_error(sigsuspend(&none), EINTR);
	expect(caught == 1);
	require(sigprocmask(SIG_BLOCK, NULL, &now) == 0);
	expect(sigismember(&now, SIGUSR1));
	require(raise(SIGUSR1) == 0);
	expect(caught == 1 && is_pending(SIGUSR1));
}

CASE(full_queue_is_eagain)
{
	const union sigval value = { .sival_int = 1 };
	int sent = 0;

	set_handler(SIGRTMIN, catch_it, 0);
	block(SIGRTMIN);
	while (sent < 1000 && sigqueue(getpid(), SIGRTMIN, value) == 0)
		sent++;
	expect(errno == EAGAIN && sent == sysconf(_SC_SIGQUEUE_MAX));
	unblock(SIGRTMIN);
	expect(caught == sent);
	expect(sigqueue(getpid(), SIGRTMIN, value) == 0);
	expect(caught == sent + 1);
}

/* ---- Under every schedule ------------------------------------------------ */

static pthread_t sleeper;
static pid_t killer;

static void pass_on(int n)
{
	if (!pthread_equal(pthread_self(), sleeper))
		pthread_kill(sleeper, n);
}

static void *suspend_and_end(void *unused)
{
	sigset_t none;

	(void)unused;
	sigemptyset(&none);
	sigsuspend(&none);
	exit(result_of(killer));
}

static int signal_parent(void)
{
	return kill(getppid(), SIGUSR1);
}

/* The first thread may end after the kernel has chosen this thread and before
 * the thread acts: then the sleeping thread has to take the signal. */
static int signal_meets_the_end_of_a_thread(void)
{
	set_handler(SIGUSR1, pass_on, 0);
	block(SIGUSR1);
	killer = start(signal_parent);
	sleeper = create(suspend_and_end, NULL);
	unblock(SIGUSR1);
	pthread_exit(NULL);
}

LAB_MAIN_WITH_SEARCH(signal_meets_the_end_of_a_thread_under_every_schedule, "2",
		     signal_meets_the_end_of_a_thread)
