/* 07-words.c - words: workers take files from a queue, urgent files first. */
#include <ctype.h>
#include <err.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS	1

enum { ORDINARY, URGENT };	/* priorities */

struct job {
	char path[60];		/* empty: no file is left */
};

struct result {
	char path[60];
	long words;
};

static long count(const char *path)
{
	FILE *text = fopen(path, "r");
	int c, is_inside = 0;
	long words = 0;

	if (!text)
		err(1, "%s", path);
	while ((c = getc(text)) != EOF) {
		words += !isspace(c) && !is_inside;
		is_inside = !isspace(c);
	}
	fclose(text);
	return words;
}

static void work(mqd_t queue, int results)
{
	struct result result;
	struct job job;

	for (;;) {
		if (mq_receive(queue, (char *)&job, sizeof(job), NULL) < 0)
			err(1, "receive");
		if (!job.path[0])
			_exit(0);
		strlcpy(result.path, job.path, sizeof(result.path));
		result.words = count(job.path);
		if (write(results, &result, sizeof(result)) < 0)
			err(1, "write");
	}
}

static void send(mqd_t queue, const char *path, unsigned priority)
{
	struct job job;

	strlcpy(job.path, path, sizeof(job.path));
	if (mq_send(queue, (const char *)&job, sizeof(job), priority) != 0)
		err(1, "send");
}

static mqd_t make_queue(int jobs)
{
	const struct mq_attr attr = {
		.mq_maxmsg = jobs, .mq_msgsize = sizeof(struct job),
	};
	mqd_t queue = mq_open("/words", O_CREAT | O_EXCL | O_RDWR, 0600, &attr);

	if (queue < 0)
		err(1, "queue");
	mq_unlink("/words");		/* the children inherit the queue */
	return queue;
}

int main(int argc, char **argv)
{
	mqd_t queue = make_queue(argc - 1 + WORKERS);
	struct result result;
	int results[2];

	if (pipe(results) != 0)
		err(1, "pipe");
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '+')
			send(queue, argv[i] + 1, URGENT);
		else
			send(queue, argv[i], ORDINARY);
	}
	for (int i = 0; i < WORKERS; i++) {
		send(queue, "", ORDINARY);
		if (fork() == 0)
			work(queue, results[1]);
	}
	close(results[1]);
	while (read(results[0], &result, sizeof(result)) > 0)
		printf("%ld %s\n", result.words, result.path);
	while (wait(NULL) > 0)
		;
	return 0;
}
