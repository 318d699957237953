/*
 * spooler.c - a print spooler: jobs with priorities in a message queue.
 */
#include <err.h>
#include <mqueue.h>
#include <program.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"spooler [-n JOBS]\n"
	"Three users send jobs (6, or JOBS, each) to one printer. The urgent\n"
	"job comes first, the oldest first among equals; a full queue makes\n"
	"its users wait.\n";

#define NAME	"/spooler"
#define USERS	3
#define DEPTH	8	/* jobs that wait at the printer */

struct job {
	char user;
	int number;
};

static int jobs = 6;

static void be_user(mqd_t queue, int user)
{
	struct job job = { "abc"[user], 0 };

	for (job.number = 1; job.number <= jobs; job.number++)
		if (mq_send(queue, (char *)&job, sizeof(job), user) != 0)
			err(1, "send");
	exit(0);
}

static void print_one(mqd_t queue)
{
	unsigned priority;
	struct job job;

	if (mq_receive(queue, (char *)&job, sizeof(job), &priority) < 0)
		err(1, "receive");
	printf("printed: user %c, job %d, priority %u\n", job.user,
	       job.number, priority);
}

int main(int argc, char **argv)
{
	struct mq_attr attr = {
		.mq_maxmsg = DEPTH, .mq_msgsize = sizeof(struct job),
	};
	mqd_t queue;
	int option;

	while ((option = getopt(argc, argv, "hn:")) != -1) {
		if (option != 'n')
			usage(option, help);
		jobs = atoi(optarg);
	}
	mq_unlink(NAME);
	queue = mq_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600, &attr);
	if (queue < 0)
		err(1, "%s", NAME);
	for (int user = 0; user < USERS; user++)
		if (fork() == 0)
			be_user(queue, user);
	for (int i = 0; i < USERS * jobs; i++)
		print_one(queue);
	while (wait(NULL) > 0)
		continue;
	mq_unlink(NAME);
	return finish(0);
}
