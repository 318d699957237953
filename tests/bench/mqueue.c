/* mqueue.c - the cost of a message of 64 bytes in a POSIX message queue. */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define BYTES	64

static mqd_t there, back;
static char message[BYTES];

/* Open a queue that no other process finds. */
static mqd_t open_queue(const char *name)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = BYTES };
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attr);

	mq_unlink(name);
	return queue;
}

static void send_and_receive(void *unused)
{
	(void)unused;
	mq_send(there, message, BYTES, 0);
	mq_receive(there, message, BYTES, NULL);
}

static void send_and_receive_row(const char *name)
{
	there = open_queue("/bench");
	report(name, measure(send_and_receive, NULL));
	mq_close(there);
}

static void echo(void)
{
	for (;;) {
		mq_receive(there, message, BYTES, NULL);
		mq_send(back, message, BYTES, 0);
	}
}

static void round_trip(void *unused)
{
	(void)unused;
	mq_send(there, message, BYTES, 0);
	mq_receive(back, message, BYTES, NULL);
}

static void round_trip_row(const char *name)
{
	pid_t pid;

	there = open_queue("/bench-there");
	back = open_queue("/bench-back");
	pid = fork();
	if (pid == 0)
		echo();
	report(name, measure(round_trip, NULL));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	mq_close(there);
	mq_close(back);
}

static const struct row rows[] = {
	{ "mq", send_and_receive_row },
	{ "mq-rtt", round_trip_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
