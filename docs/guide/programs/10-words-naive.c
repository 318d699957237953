/* 10-words-naive.c - count words until all are counted, or Ctrl+C comes. */
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t is_over;

static void on_interrupt(int n)
{
	(void)n;
	is_over = 1;
}

static long count_words(const char *path)
{
	FILE *file = fopen(path, "r");
	int c, before = ' ';
	long words = 0;

	if (!file)
		return 0;
	while ((c = getc(file)) != EOF) {
		words += isspace(before) && !isspace(c);
		before = c;
	}
	fclose(file);
	return words;
}

/* For a search: the child for "-" presses Ctrl+C, and never has a count. */
static void work(int out, const char *path)
{
	long words;

	if (strcmp(path, "-") == 0) {
		kill(getppid(), SIGINT);
		for (;;)
			pause();
	}
	words = count_words(path);
	write(out, &words, sizeof(words));
	_exit(0);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_interrupt };
	pid_t children[argc];
	long words, total = 0;
	int ends[2], left = argc - 1;

	pipe(ends);
	for (int i = 1; i < argc; i++) {
		children[i] = fork();
		if (children[i] == 0)
			work(ends[1], argv[i]);
	}
	sigaction(SIGINT, &action, NULL);
	while (!is_over && left > 0) {
		printf("%d left\n", left);
		fflush(stdout);
		if (read(ends[0], &words, sizeof(words)) < 0)
			continue;	/* a signal: look at is_over */
		total += words;
		left--;
	}
	printf("%ld words%s\n", total, is_over ? " so far" : "");
	for (int i = 1; i < argc; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
