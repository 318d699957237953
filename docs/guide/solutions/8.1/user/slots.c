/* slots.c - a bounded buffer of two slots, with two semaphores. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

enum { SLOTS = 2, NUMBERS = 6 };

static int slots[SLOTS];
static sem_t empty, full;

static void *produce(void *unused)
{
	for (int i = 0; i < NUMBERS; i++) {
		sem_wait(&empty);
		slots[i % SLOTS] = i + 1;
		sem_post(&full);
	}
	return unused;
}

int main(void)
{
	pthread_t producer;

	sem_init(&empty, 0, SLOTS);
	sem_init(&full, 0, 0);
	pthread_create(&producer, NULL, produce, NULL);
	for (int i = 0; i < NUMBERS; i++) {
		sem_wait(&full);
		printf("%d\n", slots[i % SLOTS]);
		sem_post(&empty);
	}
	pthread_join(producer, NULL);
	return 0;
}
