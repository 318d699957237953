/* thread.c - the cost of a thread, and of a condition between two threads. */
#include <pthread.h>

#include "tests/bench/bench.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t there = PTHREAD_COND_INITIALIZER;
static pthread_cond_t back = PTHREAD_COND_INITIALIZER;
static int is_there, is_over;

static void *end_at_once(void *unused)
{
	use_fpu();
	return unused;
}

static void create_and_join(void *unused)
{
	pthread_t thread;

	(void)unused;
	pthread_create(&thread, NULL, end_at_once, NULL);
	pthread_join(thread, NULL);
}

static void create_row(const char *name)
{
	report(name, measure(create_and_join, NULL));
}

static void ping_pong(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&mutex);
	is_there = 1;
	pthread_cond_signal(&there);
	while (is_there)
		pthread_cond_wait(&back, &mutex);
	pthread_mutex_unlock(&mutex);
}

static void *answer(void *unused)
{
	pthread_mutex_lock(&mutex);
	while (!is_over) {
		while (!is_there)
			pthread_cond_wait(&there, &mutex);
		use_fpu();
		is_there = 0;
		pthread_cond_signal(&back);
	}
	pthread_mutex_unlock(&mutex);
	return unused;
}

static void condition_row(const char *name)
{
	pthread_t thread;

	is_over = 0;
	pthread_create(&thread, NULL, answer, NULL);
	report(name, measure(ping_pong, NULL));
	is_over = 1;
	ping_pong(NULL);
	pthread_join(thread, NULL);
}

static const struct row rows[] = {
	{ "thread", create_row },
	{ "condition", condition_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
