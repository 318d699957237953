/* door.c - three threads wait at a door; one broadcast lets all pass. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { VISITORS = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int here, passed;		/* guarded by lock */
static bool is_open;			/* guarded by lock */

static void *visit(void *unused)
{
	pthread_mutex_lock(&lock);
	here++;
	pthread_cond_broadcast(&changed);
	while (!is_open)
		pthread_cond_wait(&changed, &lock);
	passed++;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_t threads[VISITORS];

	for (int i = 0; i < VISITORS; i++)
		pthread_create(&threads[i], NULL, visit, NULL);
	pthread_mutex_lock(&lock);
	while (here < VISITORS)
		pthread_cond_wait(&changed, &lock);
	is_open = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < VISITORS; i++)
		pthread_join(threads[i], NULL);
	printf("%d passed\n", passed);
	return 0;
}
