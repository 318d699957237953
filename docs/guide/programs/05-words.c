/* 05-words.c - words: a child counts each file, and writes into a pipe. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct result {
	int file;		/* index in argv */
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
	return words;
}

static void work(int out, int file, const char *path)
{
	struct result result = { file, count(path) };

	if (write(out, &result, sizeof(result)) < 0)
		err(1, "write");
	_exit(0);
}

int main(int argc, char **argv)
{
	struct result result;
	long total = 0;
	int ends[2];

	if (pipe(ends) != 0)
		err(1, "pipe");
	for (int i = 1; i < argc; i++)
		if (fork() == 0)
			work(ends[1], i, argv[i]);
	close(ends[1]);
	while (read(ends[0], &result, sizeof(result)) > 0) {
		printf("%ld %s\n", result.words, argv[result.file]);
		total += result.words;
	}
	printf("%ld total\n", total);
	while (wait(NULL) > 0)
		;
	return 0;
}
