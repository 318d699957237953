/* bug.c - the middle thread keeps the high thread from its lock. */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>

static pthread_mutex_t bus = PTHREAD_MUTEX_INITIALIZER;
static sem_t is_taken;

static void run_at(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
}

static void *low(void *unused)
{
	run_at(1);
	pthread_mutex_lock(&bus);
	sem_post(&is_taken);
	pthread_mutex_unlock(&bus);
	return unused;
}

static void *middle(void *unused)
{
	run_at(2);
	for (volatile int i = 0; i < 1000000; i++)
		continue;
	puts("middle");
	return unused;
}

static void *high(void *unused)
{
	run_at(3);
	pthread_mutex_lock(&bus);
	puts("high");
	pthread_mutex_unlock(&bus);
	return unused;
}

int main(void)
{
	pthread_t threads[3];

	run_at(10);
	pthread_create(&threads[0], NULL, low, NULL);
	sem_wait(&is_taken);
	pthread_create(&threads[1], NULL, high, NULL);
	pthread_create(&threads[2], NULL, middle, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
