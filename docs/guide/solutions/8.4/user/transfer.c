/* transfer.c - two accounts, two locks, one order: no deadlock. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

static struct account {
	pthread_mutex_t lock;
	int money;
} accounts[2] = {
	{ PTHREAD_MUTEX_INITIALIZER, 100 },
	{ PTHREAD_MUTEX_INITIALIZER, 100 },
};

static void move(int from, int to)
{
	pthread_mutex_lock(&accounts[0].lock);	/* always this one first */
	sched_yield();
	pthread_mutex_lock(&accounts[1].lock);
	accounts[from].money--;
	accounts[to].money++;
	pthread_mutex_unlock(&accounts[1].lock);
	pthread_mutex_unlock(&accounts[0].lock);
}

static void *work(void *from)
{
	for (int i = 0; i < 5; i++)
		move(from != NULL, from == NULL);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, work, NULL);
	pthread_create(&threads[1], NULL, work, threads);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("10 moved, %d in all\n",
	       accounts[0].money + accounts[1].money);
	return 0;
}
