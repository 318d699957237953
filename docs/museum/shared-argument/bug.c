/* bug.c - threads get the address of the variable of the loop. */
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
	static int i;

	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, run, &i);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return !runs[0] || !runs[1];
}
