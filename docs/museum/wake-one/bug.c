/* bug.c - a gate opens for two threads, and one is woken. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static int is_open;

static void *pass(void *unused)
{
	pthread_mutex_lock(&lock);
	while (!is_open)
		pthread_cond_wait(&opened, &lock);
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_t one, two;

	pthread_create(&one, NULL, pass, NULL);
	pthread_create(&two, NULL, pass, NULL);
	pthread_mutex_lock(&lock);
	is_open = 1;
	pthread_cond_signal(&opened);
	pthread_mutex_unlock(&lock);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	return 0;
}
