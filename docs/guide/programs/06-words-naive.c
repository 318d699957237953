/* 06-words-naive.c - words: two workers take names of files from a pipe. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS	2

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

static void work(int jobs, int results)
{
	char path[256];
	long words;

	while (read(jobs, path, sizeof(path)) > 0) {
		words = count(path);
		if (write(results, &words, sizeof(words)) < 0)
			err(1, "write");
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int jobs[2], results[2];
	long words, total = 0;

	if (pipe(jobs) != 0 || pipe(results) != 0)
		err(1, "pipe");
	for (int i = 1; i < argc; i++)
		if (write(jobs[1], argv[i], strlen(argv[i]) + 1) < 0)
			err(1, "write");
	close(jobs[1]);
	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0)
			work(jobs[0], results[1]);
	close(results[1]);
	while (read(results[0], &words, sizeof(words)) > 0)
		total += words;
	printf("%ld total\n", total);
	while (wait(NULL) > 0)
		;
	return 0;
}
