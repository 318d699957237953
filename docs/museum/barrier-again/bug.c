/* bug.c - a barrier with a single gate, used twice. */
#include <pthread.h>
#include <semaphore.h>

enum { THREADS = 2, ROUNDS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t gate;
static int arrived;

static void meet(void)
{
	int number;

	pthread_mutex_lock(&lock);
	number = ++arrived;
	pthread_mutex_unlock(&lock);
	if (number == THREADS) {
		arrived = 0;
		for (int i = 0; i < THREADS; i++)
			sem_post(&gate);
	}
	sem_wait(&gate);
}

static void *work(void *unused)
{
	for (int i = 0; i < ROUNDS; i++)
		meet();
	return unused;
}

int main(void)
{
	pthread_t other;

	sem_init(&gate, 0, 0);
	pthread_create(&other, NULL, work, NULL);
	work(NULL);
	pthread_join(other, NULL);
	return 0;
}
