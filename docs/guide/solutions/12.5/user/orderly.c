/* orderly.c - two threads, three locks, one order. */
#include <pthread.h>
#include <unistd.h>

enum { LOCKS = 3 };

static pthread_mutex_t locks[LOCKS] = {
	PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
	PTHREAD_MUTEX_INITIALIZER
};

/* Hold two locks at a time: the smaller number is taken first. */
static void hold(int a, int b)
{
	int first = a < b ? a : b, second = a < b ? b : a;

	pthread_mutex_lock(&locks[first]);
	write(1, ".", 1);
	pthread_mutex_lock(&locks[second]);
	write(1, ":", 1);
	pthread_mutex_unlock(&locks[second]);
	pthread_mutex_unlock(&locks[first]);
}

static void *go_round(void *unused)
{
	for (int i = 0; i < LOCKS; i++)
		hold(i, (i + 1) % LOCKS);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, go_round, NULL);
	for (int i = LOCKS; i-- > 0;)
		hold((i + 1) % LOCKS, i);
	pthread_join(thread, NULL);
	return 0;
}
