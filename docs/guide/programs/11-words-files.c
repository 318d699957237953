/* 11-words-files.c - count words: each result is a file with a true name. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int count_words(const char *path)
{
	FILE *file = fopen(path, "r");
	int c, before = ' ', words = 0;

	if (!file)
		return 0;
	while ((c = getc(file)) != EOF) {
		words += isspace(before) && !isspace(c);
		before = c;
	}
	fclose(file);
	return words;
}

static void leave(int number, int words)
{
	char name[32], draft[40];
	FILE *file;

	snprintf(name, sizeof(name), "/tmp/result.%d", number);
	snprintf(draft, sizeof(draft), "%s.new", name);
	file = fopen(draft, "w");
	if (!file || fprintf(file, "%d\n", words) < 0 || fflush(file) != 0 ||
	    fsync(fileno(file)) < 0 || fclose(file) != 0)
		err(1, "%s", draft);
	if (rename(draft, name) < 0)
		err(1, "%s", name);
}

static int fetch(int number)
{
	char name[32];
	FILE *file;
	int words;

	snprintf(name, sizeof(name), "/tmp/result.%d", number);
	while (!(file = fopen(name, "r")))
		usleep(10000);		/* no event tells of a new file */
	if (fscanf(file, "%d", &words) != 1)
		errx(1, "%s: half a result", name);
	fclose(file);
	unlink(name);			/* the receipt */
	return words;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++)
		if (fork() == 0) {
			leave(i, count_words(argv[i]));
			_exit(0);
		}
	for (int i = 1; i < argc; i++)
		total += fetch(i);
	while (wait(NULL) > 0)
		continue;
	printf("%d words\n", total);
	return 0;
}
