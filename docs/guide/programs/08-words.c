/* 08-words.c - count words: a monitor keeps the total. */
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>

/* The monitor: only score_add() and score_wait() use the fields. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t complete;	/* missing is 0 */
	int total, missing;		/* guarded by lock */
} score = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 };

static void score_add(int words)
{
	pthread_mutex_lock(&score.lock);
	score.total += words;
	if (--score.missing == 0)
		pthread_cond_signal(&score.complete);
	pthread_mutex_unlock(&score.lock);
}

static int score_wait(void)
{
	int total;

	pthread_mutex_lock(&score.lock);
	while (score.missing > 0)
		pthread_cond_wait(&score.complete, &score.lock);
	total = score.total;
	pthread_mutex_unlock(&score.lock);
	return total;
}

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
	score_add(count_words(path));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	score.missing = argc - 1;	/* no thread runs yet */
	for (int i = 1; i < argc; i++) {
		pthread_create(&thread, NULL, count, argv[i]);
		pthread_detach(thread);
	}
	printf("%d words\n", score_wait());
	return 0;
}
