/* bug.c - the path for errors releases, and the way out releases again. */
#include <pthread.h>
#include <semaphore.h>

static sem_t lock;
static int inside, worst;

static void enter(int fails)
{
	sem_wait(&lock);
	if (__atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST) > 1)
		worst = 2;
	__atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
	if (fails)
		sem_post(&lock);
	sem_post(&lock);
}

static void *first(void *unused)
{
	enter(0);
	return unused;
}

#define second first

int main(void)
{
	pthread_t other;

	sem_init(&lock, 0, 1);
	enter(1);
	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return worst;
}
