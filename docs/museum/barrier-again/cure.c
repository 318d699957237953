/* cure.c - each round has a gate of its own. */
#include <pthread.h>
#include <semaphore.h>

enum { THREADS = 2, ROUNDS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t gates[2];
static int arrived;

static void meet(int round)
{
	sem_t *gate = &gates[round % 2];
	int number;

	pthread_mutex_lock(&lock);
	number = ++arrived;
	pthread_mutex_unlock(&lock);
	if (number == THREADS) {
		arrived = 0;
		for (int i = 0; i < THREADS; i++)
			sem_post(gate);
	}
	sem_wait(gate);
}

static void *work(void *unused)
{
	for (int i = 0; i < ROUNDS; i++)
		meet(i);
	return unused;
}

int main(void)
{
	pthread_t other;

	sem_init(&gates[0], 0, 0);
	sem_init(&gates[1], 0, 0);
	pthread_create(&other, NULL, work, NULL);
	work(NULL);
	pthread_join(other, NULL);
	return 0;
}
