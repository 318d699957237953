/* mqueue.c - the cost of a message in a POSIX message queue. */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define BYTES_MOST	8192

static mqd_t there, back;
static char message[BYTES_MOST];
static size_t bytes;			/* of a message */

/* Open a queue. In the worst usual case the queue keeps its name. */
static mqd_t open_queue(const char *name)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = bytes };
	mqd_t queue;

	mq_unlink(name);
	queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attr);
	if (!is_worst)
		mq_unlink(name);
	watch(queue);
	return queue;
}

static void send_and_receive(void *unused)
{
	(void)unused;
	mq_send(there, message, bytes, 0);
	mq_receive(there, message, bytes, NULL);
}

static void send_and_receive_row(const char *name)
{
	bytes = 64;
	there = open_queue("/bench-there");
	report(name, measure(send_and_receive, NULL));
	mq_close(there);
}

static void echo(void)
{
	for (;;) {
		mq_receive(there, message, bytes, NULL);
		use_fpu();
		mq_send(back, message, bytes, 0);
	}
}

static void round_trip(void *unused)
{
	(void)unused;
	mq_send(there, message, bytes, 0);
	mq_receive(back, message, bytes, NULL);
}

static void round_trip_of(const char *name, size_t length)
{
	pid_t pid;

	bytes = length;
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

static void round_trip_row(const char *name)
{
	round_trip_of(name, 64);
}

static void round_trip_8k_row(const char *name)
{
	round_trip_of(name, BYTES_MOST);
}

static const struct row rows[] = {
	{ "mq", send_and_receive_row },
	{ "mq-rtt", round_trip_row },
	{ "mq-rtt-8k", round_trip_8k_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
