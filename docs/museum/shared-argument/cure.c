/* cure.c - each thread has a number of its own. */
#include <pthread.h>

static int runs[3];

static void *run(void *argument)
{
	runs[*(volatile int *)argument] = 1;
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	static int numbers[2] = { 0, 1 };

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, run, &numbers[i]);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return !runs[0] || !runs[1];
}
