/* cure.c - the producer sleeps without the lock. */
#include <pthread.h>
#include <semaphore.h>

static sem_t places, items, lock;

static void *first(void *unused)
{
	for (int i = 0; i < 2; i++) {
		sem_wait(&places);
		sem_wait(&lock);
		sem_post(&lock);
		sem_post(&items);
	}
	return unused;
}

static void *second(void *unused)
{
	for (int i = 0; i < 2; i++) {
		sem_wait(&items);
		sem_wait(&lock);
		sem_post(&lock);
		sem_post(&places);
	}
	return unused;
}

int main(void)
{
	pthread_t other;

	sem_init(&places, 0, 1);
	sem_init(&items, 0, 0);
	sem_init(&lock, 0, 1);
	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return 0;
}
