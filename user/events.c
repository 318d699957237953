/*
 * events.c - one loop for all events: poll() over six kinds of descriptors.
 */
#include <err.h>
#include <mqueue.h>
#include <poll.h>
#include <program.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"events\n"
	"Waits for a timer, a counter, a message queue, a pipe, a signal and\n"
	"the end of a child, all at once, and prints what comes.\n";

#define NAME	"/events"

enum { TIMER, COUNTER, QUEUE, PIPE, SIGNAL, CHILD, KINDS };

static struct pollfd fds[KINDS];
static int pipe_in;

static void be_child(void)
{
	for (int i = 1; i <= 3; i++) {
		usleep(30000);
		eventfd_write(fds[COUNTER].fd, i);
		mq_send(fds[QUEUE].fd, "hello", 6, i);
	}
	write(pipe_in, "bytes", 6);
	sigqueue(getppid(), SIGRTMIN, (union sigval){ .sival_int = 42 });
	exit(7);
}

static void open_all(void)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 16 };
	const struct itimerspec every = { { 0, 25000000 }, { 0, 25000000 } };
	int ends[2] = { -1, -1 };
	sigset_t set;
	pid_t child;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fds[SIGNAL].fd = signalfd(-1, &set, 0);
	pipe(ends);
	fds[PIPE].fd = ends[0];
	pipe_in = ends[1];
	fds[TIMER].fd = timerfd_create(CLOCK_MONOTONIC, 0);
	fds[COUNTER].fd = eventfd(0, 0);
	mq_unlink(NAME);
	fds[QUEUE].fd = mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr);
	mq_unlink(NAME);
	child = fork();
	if (child == 0)
		be_child();
	fds[CHILD].fd = pidfd_open(child, 0);
	for (int i = 0; i < KINDS; i++) {
		if (fds[i].fd < 0)
			err(1, "descriptor %d", i);
		fds[i].events = POLLIN;
	}
	timerfd_settime(fds[TIMER].fd, 0, &every, NULL);
}

/* Handle the event; false at the end. */
static int handle(int kind)
{
	struct signalfd_siginfo info;
	char text[16];
	uint64_t number;
	unsigned priority;
	int status;

	switch (kind) {
	case TIMER:
	case COUNTER:
		if (read(fds[kind].fd, &number, 8) == 8)
			printf("%s: %llu\n", kind == TIMER ? "timer"
			       : "counter", (unsigned long long)number);
		return 1;
	case QUEUE:
		if (mq_receive(fds[kind].fd, text, 16, &priority) > 0)
			printf("message: %s, priority %u\n", text, priority);
		return 1;
	case PIPE:
		if (read(fds[kind].fd, text, sizeof(text)) > 0)
			printf("pipe: %s\n", text);
		return 1;
	case SIGNAL:
		if (read(fds[kind].fd, &info, sizeof(info)) == sizeof(info))
			printf("signal: value %d\n", info.ssi_int);
		return 1;
	default:
		wait(&status);
		printf("child ended with %d\n", WEXITSTATUS(status));
		return 0;
	}
}

int main(int argc, char **argv)
{
	int option, goes_on = 1;

	while ((option = getopt(argc, argv, "h")) != -1)
		usage(option, help);
	open_all();
	while (goes_on && poll(fds, KINDS, -1) > 0)
		for (int i = 0; i < KINDS; i++)
			if (fds[i].revents)
				goes_on &= handle(i);
	return finish(0);
}
