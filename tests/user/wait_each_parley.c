/*
 * wait_each_parley.c - one wait of each kind, one after the other: for
 * tests/tools/waiting.py, which stops in each with a debugger.
 */
#include <mailbox.h>
#include <poll.h>
#include <semaphore.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

/* A child that does its part when its parent waits. */
static pid_t fork_helper(void (*help)(int fd), int fd)
{
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		until_asleep(getppid());
		help(fd);
		_exit(0);
	}
	return pid;
}

static void write_byte(int fd)
{
	require(write(fd, "x", 1) == 1);
}

CASE(reader_of_a_pipe_is_not_woken)
{
	char byte;
	int fds[2];

	require(pipe(fds) == 0);
	fork_helper(write_byte, fds[1]);
	expect(read(fds[0], &byte, 1) == 1);
}

static sem_t *semaphore;

static void post(int unused)
{
	(void)unused;
	sem_post(semaphore);
}

CASE(waiter_at_a_semaphore_is_not_woken)
{
	semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(semaphore != MAP_FAILED && sem_init(semaphore, 1, 0) == 0);
	fork_helper(post, 0);
	expect(sem_wait(semaphore) == 0);
}

static void answer(int box)
{
	struct message head = { .id = 0 };

	require(mailbox_receive(box, &head, NULL, 0, 0, NULL) == 0);
	head.bytes = 0;
	require(mailbox_reply(box, &head, NULL) == 0);
}

CASE(caller_is_not_woken_by_the_reply)
{
	struct message head = { .type = 1, .fd = -1 };
	int box = mailbox_open(NULL, O_RDWR);

	require(box >= 0);
	fork_helper(answer, box);
	expect(mailbox_call(box, &head, NULL, NULL, 0, NULL) == 0);
}

static void catch(int n)
{
	(void)n;
}

static void send_signal(int n)
{
	kill(getppid(), n);
}

CASE(signal_does_not_end_sigsuspend)
{
	sigset_t set, old;

	signal(SIGUSR1, catch);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	fork_helper(send_signal, SIGUSR1);
	expect_error(sigsuspend(&old), EINTR);
}

CASE(time_does_not_end_a_sleep)
{
	const struct timespec time = { .tv_nsec = 1000000 };

	expect(nanosleep(&time, NULL) == 0);
}

CASE(poller_is_not_woken)
{
	struct pollfd poller = { .events = POLLIN };
	int fds[2];

	require(pipe(fds) == 0);
	poller.fd = fds[0];
	fork_helper(write_byte, fds[1]);
	expect(poll(&poller, 1, -1) == 1);
}

static void do_nothing(int unused)
{
	(void)unused;
}

CASE(parent_is_not_woken_by_the_end)
{
	pid_t pid = fork_helper(do_nothing, 0);

	expect(waitpid(pid, NULL, 0) == pid);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
