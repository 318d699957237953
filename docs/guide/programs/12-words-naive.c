/* 12-words-naive.c - count words: two locks, taken in opposite orders. */
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>

enum { FILES_MOST = 8 };

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t total_lock = PTHREAD_MUTEX_INITIALIZER;
static int table[FILES_MOST];	/* guarded by table_lock */
static int total;		/* guarded by total_lock */
static int files;
static char **paths;

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

static void *work(void *unused)
{
	for (int i = 0; i < files; i++) {
		pthread_mutex_lock(&table_lock);
		table[i] = count_words(paths[i]);
		pthread_mutex_lock(&total_lock);
		total += table[i];
		pthread_mutex_unlock(&total_lock);
		pthread_mutex_unlock(&table_lock);
	}
	return unused;
}

static void report(void)
{
	pthread_mutex_lock(&total_lock);
	printf("%d words so far:", total);
	fflush(stdout);
	pthread_mutex_lock(&table_lock);
	for (int i = 0; i < files; i++)
		printf(" %d", table[i]);
	printf("\n");
	pthread_mutex_unlock(&table_lock);
	pthread_mutex_unlock(&total_lock);
}

int main(int argc, char **argv)
{
	pthread_t worker;

	files = argc - 1 < FILES_MOST ? argc - 1 : FILES_MOST;
	paths = argv + 1;
	pthread_create(&worker, NULL, work, NULL);
	report();
	pthread_join(worker, NULL);
	report();
	return 0;
}
