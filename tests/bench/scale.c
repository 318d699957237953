/*
 * scale.c - costs that must not grow with tasks, waiters, messages, names.
 *
 * Each row is the cost of one operation in a large machine less the cost in a
 * small machine. The expected answer is 0, exactly. The large machine has many
 * sleeping processes.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/crowd.h"

#define CROWD		1000
#define CROWD_PIPES	50
#define FEW_MESSAGES	10
#define MANY_MESSAGES	10000
#define THREADS		200
#define SIGNALFDS	200
#define SIGNALFD_CROWD	20

static int there[2], back[2];
static int crowd_pipes[CROWD_PIPES][2];
static char byte;

/* ---- A round trip through two pipes ------------------------------------- */

static void echo(void)
{
	while (read(there[0], &byte, 1) == 1)
		write(back[1], &byte, 1);
}

static void round_trip(void *unused)
{
	(void)unused;
	write(there[1], &byte, 1);
	read(back[0], &byte, 1);
}

static pid_t start_echo(void)
{
	pid_t pid;

	pipe(there);
	pipe(back);
	pid = fork();
	if (pid == 0)
		echo();
	return pid;
}

static void stop_echo(pid_t pid)
{
	end_child(pid);
	close(there[0]);
	close(there[1]);
	close(back[0]);
	close(back[1]);
}

/* ---- The crowd ---------------------------------------------------------- */

static void wait_at(int pipe)
{
	char unused;

	while (read(crowd_pipes[pipe][0], &unused, 1) == 1)
		continue;
}

static void wait_somewhere(int number)
{
	wait_at(number % CROWD_PIPES);
}

static void wait_together(int number)
{
	(void)number;
	wait_at(0);
}

static void open_crowd_pipes(void)
{
	int i;

	for (i = 0; i < CROWD_PIPES; i++)
		pipe(crowd_pipes[i]);
}

static void close_crowd_pipes(void)
{
	int i;

	for (i = 0; i < CROWD_PIPES; i++) {
		close(crowd_pipes[i][0]);
		close(crowd_pipes[i][1]);
	}
}

/* A round trip beside a small crowd, and beside a large one. */
static void crowd_row(const char *name, void (*body)(int))
{
	uint64_t few, many;
	pid_t echoer = start_echo(), crowd = start_crowd(1, body);

	few = measure(round_trip, NULL);
	stop_crowd(crowd);
	crowd = start_crowd(CROWD, body);
	many = measure(round_trip, NULL);
	stop_crowd(crowd);
	stop_echo(echoer);
	report_difference(name, few, many);
}

static void tasks_row(const char *name)
{
	crowd_row(name, sleep_long);
}

static void waiters_row(const char *name)
{
	open_crowd_pipes();
	crowd_row(name, wait_somewhere);
	close_crowd_pipes();
}

/* ---- One wake with many sleepers on the object -------------------------- */

static void wake_one(void *unused)
{
	(void)unused;
	write(crowd_pipes[0][1], &byte, 1);
}

/* All are asleep again. */
static void let_sleep(void *unused)
{
	(void)unused;
	usleep(1000);
}

static uint64_t wake_cost(int sleepers)
{
	pid_t crowd = start_crowd(sleepers, wait_together);
	uint64_t cost = measure_prepared(let_sleep, wake_one, NULL);

	stop_crowd(crowd);
	return cost;
}

static void wake_row(const char *name)
{
	uint64_t few;

	open_crowd_pipes();
	few = wake_cost(1);
	report_difference(name, few, wake_cost(CROWD));
	close_crowd_pipes();
}

/* ---- Messages and names ------------------------------------------------- */

static void send_and_receive(void *queue)
{
	char message[8] = "message";

	mq_send(*(mqd_t *)queue, message, sizeof(message), 1);
	mq_receive(*(mqd_t *)queue, message, sizeof(message), NULL);
}

static void messages_row(const char *name)
{
	struct mq_attr attr = { .mq_maxmsg = MANY_MESSAGES + 2,
				.mq_msgsize = 8 };
	uint64_t few;
	mqd_t queue;
	int i;

	queue = mq_open("/bench", O_RDWR | O_CREAT, 0600, &attr);
	mq_unlink("/bench");
	for (i = 0; i < FEW_MESSAGES; i++)
		mq_send(queue, "waiting", 8, 0);
	few = measure(send_and_receive, &queue);
	for (; i < MANY_MESSAGES; i++)
		mq_send(queue, "waiting", 8, 0);
	report_difference(name, few, measure(send_and_receive, &queue));
	mq_close(queue);
}

static void open_and_close(void *unused)
{
	(void)unused;
	mq_close(mq_open("/bench-500", O_RDWR));
}

static void make_names(int first, int end)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 8 };
	char name[32];
	int i;

	for (i = first; i < end; i++) {
		snprintf(name, sizeof(name), "/bench-%d", i);
		mq_close(mq_open(name, O_RDWR | O_CREAT, 0600, &attr));
	}
}

static void names_row(const char *name)
{
	char old[32];
	uint64_t few;
	int i;

	make_names(500, 501);
	few = measure(open_and_close, NULL);
	make_names(0, 1000);
	report_difference(name, few, measure(open_and_close, NULL));
	for (i = 0; i < 1000; i++) {
		snprintf(old, sizeof(old), "/bench-%d", i);
		mq_unlink(old);
	}
}

/* ---- A signal beside threads and descriptors for signals ----------------- */

static void take(int signal)
{
	(void)signal;
}

static void signal_to_self(void *unused)
{
	(void)unused;
	kill(getpid(), SIGUSR1);
}

static void *sleep_in_thread(void *unused)
{
	(void)unused;
	sleep_long(0);
	return NULL;
}

static void threads_row(const char *name)
{
	pthread_t thread;
	uint64_t few;
	int i;

	signal(SIGUSR1, take);
	few = measure(signal_to_self, NULL);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&thread, NULL, sleep_in_thread, NULL) != 0)
			write(2, "too few threads\n", 16);
	usleep(100000);
	report_difference(name, few, measure(signal_to_self, NULL));
}

static void open_signalfds(int unused)
{
	sigset_t all;
	int i;

	sigfillset(&all);
	for (i = 0; i < SIGNALFDS; i++)
		signalfd(-1, &all, 0);
	sleep_long(unused);
}

static void signalfds_row(const char *name)
{
	uint64_t few;
	pid_t crowd;

	signal(SIGUSR1, take);
	few = measure(signal_to_self, NULL);
	crowd = start_crowd(SIGNALFD_CROWD, open_signalfds);
	report_difference(name, few, measure(signal_to_self, NULL));
	stop_crowd(crowd);
}

static const struct row rows[] = {
	{ "scale-tasks", tasks_row },
	{ "scale-waiters", waiters_row },
	{ "scale-wake", wake_row },
	{ "scale-messages", messages_row },
	{ "scale-names", names_row },
	{ "scale-threads", threads_row },
	{ "scale-signalfds", signalfds_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
