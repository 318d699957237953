/* 08-words-naive.c - count words: threads add to one total, without a lock. */
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>

static int total;

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

static void *count(void *path)
{
	int so_far = total;

	total = so_far + count_words(path);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[argc];

	for (int i = 1; i < argc; i++)
		pthread_create(&threads[i], NULL, count, argv[i]);
	for (int i = 1; i < argc; i++)
		pthread_join(threads[i], NULL);
	printf("%d words\n", total);
	return 0;
}
