/* cure.c - a mutex makes one step of the load and the store. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *add_one(void *unused)
{
	pthread_mutex_lock(&lock);
	sum++;
	pthread_mutex_unlock(&lock);
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, add_one, NULL);
	add_one(NULL);
	pthread_join(other, NULL);
	return sum != 2;
}
