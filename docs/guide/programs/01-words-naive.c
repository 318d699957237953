/* 01-words-naive.c - count words: a child for each file ends with the count. */
#include <ctype.h>
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

int main(int argc, char **argv)
{
	int status, sum = 0;

	for (int i = 1; i < argc; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(count_words(argv[i]));
		waitpid(child, &status, 0);
		printf("%d %s\n", WEXITSTATUS(status), argv[i]);
		sum += WEXITSTATUS(status);
	}
	printf("%d words\n", sum);
	return 0;
}
