/* cure.c - new readers queue up behind a writer. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

static sem_t room, count_lock, turnstile;
static int readers;
static volatile int is_written;

static void *read_often(void *unused)
{
	while (!is_written) {
		sem_wait(&turnstile);
		sem_post(&turnstile);
		sem_wait(&count_lock);
		if (++readers == 1)
			sem_wait(&room);
		sem_post(&count_lock);
		sched_yield();			/* inside */
		sem_wait(&count_lock);
		if (--readers == 0)
			sem_post(&room);
		sem_post(&count_lock);
	}
	return unused;
}

static void write_once(void)
{
	sem_wait(&turnstile);
	sem_wait(&room);
	is_written = 1;
	sem_post(&room);
	sem_post(&turnstile);
}

int main(void)
{
	pthread_t one, two;

	sem_init(&room, 0, 1);
	sem_init(&count_lock, 0, 1);
	sem_init(&turnstile, 0, 1);
	pthread_create(&one, NULL, read_often, NULL);
	pthread_create(&two, NULL, read_often, NULL);
	while (readers == 0)
		sched_yield();
	write_once();
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	return 0;
}
