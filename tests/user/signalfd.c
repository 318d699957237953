/* signalfd.c - signals that are read and polled for. Runs on Linux too. */
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>

#include "tests/user/helpers.h"

static int open_for(int n, int flags)
{
	sigset_t set = set_of(n);
	int fd;

	block(n);
	fd = signalfd(-1, &set, flags);
	require(fd >= 0);
	return fd;
}

static int is_ready(int fd)
{
	struct pollfd entry = { .fd = fd, .events = POLLIN };

	return poll(&entry, 1, 0) == 1 && entry.revents == POLLIN;
}

CASE(a_signal_is_read_with_its_details)
{
	int fd = open_for(SIGRTMIN, 0);
	struct signalfd_siginfo info;

	expect(sizeof(info) == 128);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 42 });
	expect(read(fd, &info, sizeof(info)) == sizeof(info));
	expect(info.ssi_signo == (unsigned)SIGRTMIN);
	expect(info.ssi_code == SI_QUEUE && info.ssi_int == 42);
	expect(info.ssi_pid == (unsigned)getpid());
	expect(!is_pending(SIGRTMIN));
}

CASE(without_a_signal_it_is_eagain)
{
	int fd = open_for(SIGUSR1, SFD_NONBLOCK);
	struct signalfd_siginfo info;

	expect_error(read(fd, &info, sizeof(info)), EAGAIN);
	raise(SIGUSR1);
	expect(read(fd, &info, sizeof(info)) == sizeof(info));
	expect_error(read(fd, &info, sizeof(info)), EAGAIN);
}

CASE(poll_tells_of_a_signal)
{
	int fd = open_for(SIGUSR1, 0);
	struct signalfd_siginfo info;

	expect(!is_ready(fd));
	raise(SIGUSR1);
	expect(is_ready(fd));
	expect(read(fd, &info, sizeof(info)) == sizeof(info));
	expect(!is_ready(fd));
}

CASE(only_signals_of_the_mask_are_read)
{
	int fd = open_for(SIGUSR1, SFD_NONBLOCK);
	struct signalfd_siginfo info;

	block(SIGUSR2);
	raise(SIGUSR2);
	expect(!is_ready(fd));
	expect_error(read(fd, &info, sizeof(info)), EAGAIN);
	expect(is_pending(SIGUSR2));
}

CASE(the_mask_can_be_changed)
{
	int fd = open_for(SIGUSR1, SFD_NONBLOCK);
	sigset_t set = set_of(SIGUSR2);

	block(SIGUSR2);
	raise(SIGUSR2);
	expect(!is_ready(fd));
	expect(signalfd(fd, &set, 0) == fd);
	expect(is_ready(fd));
}

static int read_by_main;		/* the descriptor */

static void *widen_mask(void *unused)
{
	sigset_t set = set_of(SIGUSR2);

	(void)unused;
	until_asleep(getpid());
	expect(signalfd(read_by_main, &set, 0) == read_by_main);
	return NULL;
}

CASE(new_mask_wakes_a_reader_when_a_signal_waits)
{
	struct signalfd_siginfo info;
	pthread_t thread;

	block(SIGUSR2);
	raise(SIGUSR2);
	read_by_main = open_for(SIGUSR1, 0);
	require(pthread_create(&thread, NULL, widen_mask, NULL) == 0);
	expect(read(read_by_main, &info, sizeof(info)) == sizeof(info));
	expect(info.ssi_signo == SIGUSR2);
	expect(pthread_join(thread, NULL) == 0);
}

CASE(many_are_read_at_once_and_in_order)
{
	int fd = open_for(SIGRTMIN, 0);
	struct signalfd_siginfo infos[10];

	for (int i = 0; i < 5; i++)
		sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = i });
	expect(read(fd, infos, sizeof(infos)) == 5 * sizeof(infos[0]));
	for (int i = 0; i < 5; i++)
		expect(infos[i].ssi_int == i);
}

static int reads_one(void)
{
	int fd = open_for(SIGUSR1, 0);
	struct signalfd_siginfo info;

	return read(fd, &info, sizeof(info)) == sizeof(info) &&
	       info.ssi_signo == SIGUSR1 ? 0 : 1;
}

CASE(a_reader_is_woken)
{
	pid_t child = start(reads_one);

	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 0);
}

CASE(a_reader_can_be_killed)
{
	pid_t child = start(reads_one);

	until_asleep(child);
	expect(kill_and_wait(child) == -SIGKILL);
}

static int polls_one(void)
{
	struct pollfd entry = { .fd = open_for(SIGUSR1, 0), .events = POLLIN };

	return poll(&entry, 1, -1) == 1 ? 0 : 1;
}

CASE(who_polls_is_woken)
{
	pid_t child = start(polls_one);

	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 0);
}

CASE(the_end_of_a_child_can_be_read)
{
	int fd = open_for(SIGCHLD, 0);
	struct signalfd_siginfo info;
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(9);
	expect(read(fd, &info, sizeof(info)) == sizeof(info));
	expect(info.ssi_signo == SIGCHLD && info.ssi_pid == (unsigned)child);
	expect(info.ssi_status == 9);
	expect(result_of(child) == 9);
}

CASE(after_fork_each_reads_its_own)
{
	int fd = open_for(SIGUSR1, SFD_NONBLOCK);
	struct signalfd_siginfo info;
	pid_t child;

	raise(SIGUSR1);
	child = fork_or_fail();
	if (child == 0)
		_exit(read(fd, &info, sizeof(info)) != -1);
	expect(result_of(child) == 0);
	expect(read(fd, &info, sizeof(info)) == sizeof(info));
}

CASE(signalfd_errors)
{
	int fd = open_for(SIGUSR1, SFD_NONBLOCK), fds[2];
	sigset_t set = set_of(SIGUSR1);
	char small[100];

	raise(SIGUSR1);
	expect_error(read(fd, small, sizeof(small)), EINVAL);
	expect_error(write(fd, small, sizeof(small)), leak_is_parley()
		     ? EBADF : EINVAL);
	expect_error(signalfd(-1, &set, 0x77777777), EINVAL);
	expect_error(signalfd(999, &set, 0), EBADF);
	require(pipe(fds) == 0);
	expect_error(signalfd(fds[0], &set, 0), EINVAL);
	expect_error(read(fd, nowhere, 128), EFAULT);
}

CASE(a_bad_address_eats_no_signal)
{
	int fd = open_for(SIGUSR1, SFD_NONBLOCK);

	if (!leak_is_parley())
		return;
	raise(SIGUSR1);
	expect_error(read(fd, nowhere, 128), EFAULT);
	expect(is_pending(SIGUSR1));
}

CASE(flags_are_those_asked)
{
	int fd = open_for(SIGUSR1, SFD_NONBLOCK | SFD_CLOEXEC);

	expect(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	expect(fcntl(fd, F_GETFL) & O_NONBLOCK);
	fd = open_for(SIGUSR1, 0);
	expect(fcntl(fd, F_GETFD) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
