/* 01-words.c - count words: the status says only whether the child could. */
#include <ctype.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* The number of words, or -1: the file cannot be read. */
static int count_words(const char *path)
{
	FILE *file = fopen(path, "r");
	int c, before = ' ', words = 0;

	if (!file)
		return -1;
	while ((c = getc(file)) != EOF) {
		words += isspace(before) && !isspace(c);
		before = c;
	}
	fclose(file);
	return words;
}

int main(int argc, char **argv)
{
	int status, sum = 0, failed = 0;
	int *words = mmap(NULL, sizeof(*words), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	for (int i = 1; i < argc; i++) {
		if (fork() == 0) {
			*words = count_words(argv[i]);
			_exit(*words < 0);
		}
		wait(&status);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			printf("- %s\n", argv[i]);
			failed = 1;
			continue;
		}
		printf("%d %s\n", *words, argv[i]);
		sum += *words;
	}
	printf("%d words\n", sum);
	return failed;
}
