/* cure.c - a second look, under the lock. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_made, makes;

static void *first(void *unused)
{
	if (__atomic_load_n(&is_made, __ATOMIC_ACQUIRE))
		return unused;
	pthread_mutex_lock(&lock);
	if (!is_made)
		makes++;
	__atomic_store_n(&is_made, 1, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&lock);
	return unused;
}

#define second first

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return makes != 1;
}
