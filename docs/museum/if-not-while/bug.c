/* bug.c - a consumer does not look again after the sleep. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int items, is_closed, lowest;

static void *consume(void *unused)
{
	pthread_mutex_lock(&lock);
	if (items == 0 && !is_closed)
		pthread_cond_wait(&changed, &lock);
	if (!is_closed)
		items--;
	if (items < lowest)
		lowest = items;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_t one, two;

	pthread_create(&one, NULL, consume, NULL);
	pthread_create(&two, NULL, consume, NULL);
	pthread_mutex_lock(&lock);
	items = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
	is_closed = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	return lowest < 0;
}
