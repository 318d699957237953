/* 07-words-naive.c - words: urgent files have a pipe of their own. */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct job {
	char path[60];
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

/* An urgent file goes first; a read of the urgent pipe does not wait. */
static void work(int urgent, int ordinary, int results)
{
	struct job job;
	long words;

	while (read(urgent, &job, sizeof(job)) > 0 ||
	       read(ordinary, &job, sizeof(job)) > 0) {
		words = count(job.path);
		if (write(results, &words, sizeof(words)) < 0)
			err(1, "write");
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int urgent[2], ordinary[2], results[2], is_urgent;
	struct job job;
	long words;

	if (pipe2(urgent, O_NONBLOCK) != 0 || pipe(ordinary) != 0 ||
	    pipe(results) != 0)
		err(1, "pipe");
	if (fork() == 0) {
		close(ordinary[1]);
		work(urgent[0], ordinary[0], results[1]);
	}
	for (int i = 1; i < argc; i++) {
		is_urgent = argv[i][0] == '+';
		strlcpy(job.path, argv[i] + is_urgent, sizeof(job.path));
		if (write(is_urgent ? urgent[1] : ordinary[1], &job,
			  sizeof(job)) < 0 ||
		    read(results[0], &words, sizeof(words)) < 0)
			err(1, "%s", job.path);
		printf("%ld %s\n", words, job.path);
	}
	close(ordinary[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
