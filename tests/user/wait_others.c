/*
 * wait_others.c - two tasks wait for different events of one object: neither
 * task may delay the other. Any POSIX system, and signalfd.
 *
 * The pauses only make it likely that a task sleeps by then; a case passes with
 * any order of events.
 */
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#include "tests/user/thread_case.h"

static void let_others_sleep(void)
{
	for (int i = 0; i < 5; i++)
		case_pause();
}

/* A child that ends when a byte comes, or the pipe's end. */
static pid_t child_behind(int fds[2])
{
	pid_t child;
	char byte;

	require(pipe(fds) == 0);
	child = fork_or_fail();
	if (child == 0) {
		close(fds[1]);
		if (read(fds[0], &byte, 1) < 0)
			_exit(1);
		_exit(7);
	}
	close(fds[0]);
	return child;
}

static void *wait_for_it(void *pid)
{
	return (void *)(long)result_of((pid_t)(long)pid);
}

CASE(thread_that_waits_for_an_older_child_hides_the_end_of_a_younger)
{
	int first[2], second[2];
	pid_t older = child_behind(first), younger = child_behind(second);
	pthread_t a, b;

	a = create(wait_for_it, (void *)(long)older);
	let_others_sleep();
	b = create(wait_for_it, (void *)(long)younger);
	let_others_sleep();
	close(second[1]);
	expect(join(b) == 7);
	close(first[1]);
	expect(join(a) == 7);
}

static void *take_it(void *number)
{
	sigset_t set = set_of((int)(long)number);
	int n = 0;

	return (void *)(long)(sigwait(&set, &n) == 0 ? n : -1);
}

CASE(thread_that_waits_for_a_signal_hides_another_that_comes)
{
	pthread_t a, b;

	block(SIGUSR1);
	block(SIGUSR2);
	a = create(take_it, (void *)(long)SIGUSR1);
	let_others_sleep();
	b = create(take_it, (void *)(long)SIGUSR2);
	let_others_sleep();
	kill(getpid(), SIGUSR2);
	expect(join(b) == SIGUSR2);
	kill(getpid(), SIGUSR1);
	expect(join(a) == SIGUSR1);
}

CASE(thread_that_waits_for_a_signal_hides_another_that_pends)
{
	pthread_t a;

	block(SIGUSR1);
	block(SIGUSR2);
	a = create(take_it, (void *)(long)SIGUSR1);
	let_others_sleep();
	kill(getpid(), SIGUSR2);
	expect((long)take_it((void *)(long)SIGUSR2) == SIGUSR2);
	kill(getpid(), SIGUSR1);
	expect(join(a) == SIGUSR1);
}

/* Each process reads its own signals through the inherited descriptor. */
CASE(reader_of_a_signalfd_hides_the_signals_of_another_process)
{
	sigset_t set = set_of(SIGUSR1);
	struct signalfd_siginfo info;
	pid_t first, second;
	int fd;

	block(SIGUSR1);
	fd = signalfd(-1, &set, 0);
	require(fd >= 0);
	first = fork_or_fail();
	if (first == 0)
		_exit(read(fd, &info, sizeof(info)) == sizeof(info) ? 1 : 0);
	until_asleep(first);
	second = fork_or_fail();
	if (second == 0)
		_exit(read(fd, &info, sizeof(info)) == sizeof(info) ? 2 : 0);
	until_asleep(second);
	kill(second, SIGUSR1);
	expect(result_of(second) == 2);
	kill(getpid(), SIGUSR1);
	expect(read(fd, &info, sizeof(info)) == sizeof(info));
	kill(first, SIGUSR1);
	expect(result_of(first) == 1);
}

/* The writer came and went before the first reader ran; the second reader met
 * no writer, and waits in front of the first reader. */
CASE(opener_without_a_peer_holds_up_one_that_had_one)
{
	char path[64];
	pid_t first, second;
	int fd;

	snprintf(path, sizeof(path), "/tmp/others-%d", (int)getpid());
	unlink(path);
	require(mkfifo(path, 0600) == 0);
	first = fork_or_fail();
	if (first == 0) {
		be_background();
		_exit(open(path, O_RDONLY) < 0 ? 1 : 3);
	}
	until_asleep(first);
	fd = open(path, O_WRONLY | O_NONBLOCK);
	require(fd >= 0);
	close(fd);
	second = fork_or_fail();
	if (second == 0)
		_exit(open(path, O_RDONLY) < 0 ? 1 : 3);
	expect(result_of(first) == 3);
	kill_and_wait(second);
	unlink(path);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
