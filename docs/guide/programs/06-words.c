/* 06-words.c - words: two workers call a server for the next file. */
#include <ctype.h>
#include <err.h>
#include <mailbox.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS	2

enum { READY = 1, JOB };	/* types of message */

struct job {
	int file;
	char path[60];
};

struct result {
	int file;		/* -1: no file so far */
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

static void work(int box)
{
	struct result result = { .file = -1 };
	struct job job;

	for (;;) {
		struct message head = {
			.type = READY, .bytes = sizeof(result), .fd = -1,
		};

		if (mailbox_call(box, &head, &result, &job, sizeof(job),
				 NULL) < 0)
			err(1, "call");
		if (head.bytes == 0)		/* no file is left */
			_exit(0);
		result.file = job.file;
		result.words = count(job.path);
	}
}

/* Each turn answers a worker, and takes the request of the next worker. */
static long serve(int box, int files, char **paths)
{
	struct message head = { .id = 0 };	/* no request so far */
	int next = 0, working = WORKERS;
	struct result result;
	struct job job;
	long total = 0;

	while (working > 0) {
		if (mailbox_reply_receive(box, &head, &job, &result,
					  sizeof(result)) < 0)
			err(1, "receive");
		if (result.file >= 0) {
			printf("%ld %s\n", result.words, paths[result.file]);
			total += result.words;
		}
		head.type = JOB;
		head.bytes = next < files ? sizeof(job) : 0;
		if (next < files) {
			job.file = next;
			strlcpy(job.path, paths[next++], sizeof(job.path));
		} else {
			working--;
		}
	}
	if (mailbox_reply(box, &head, NULL) != 0)
		err(1, "reply");
	return total;
}

int main(int argc, char **argv)
{
	int box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, NULL);

	if (box < 0)
		err(1, "mailbox");
	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0)
			work(box);
	printf("%ld total\n", serve(box, argc - 1, argv + 1));
	while (wait(NULL) > 0)
		;
	return 0;
}
