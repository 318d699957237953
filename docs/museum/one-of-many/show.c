/* show.c - four threads meet at a barrier. */
#include <pthread.h>
#include <stddef.h>

static pthread_barrier_t barrier;

static void *meet(void *unused)
{
	pthread_barrier_wait(&barrier);
	return unused;
}

int main(void)
{
	pthread_t threads[3];

	pthread_barrier_init(&barrier, NULL, 4);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, meet, NULL);
	meet(NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
