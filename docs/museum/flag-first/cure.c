/* cure.c - the value of a flag is set before the flag. */
#include <pthread.h>

static int value, is_made;
static int seen = -1;

static void *first(void *unused)
{
	__atomic_store_n(&value, 42, __ATOMIC_RELAXED);
	__atomic_store_n(&is_made, 1, __ATOMIC_RELEASE);
	return unused;
}

static void *second(void *unused)
{
	if (__atomic_load_n(&is_made, __ATOMIC_ACQUIRE))
		seen = __atomic_load_n(&value, __ATOMIC_RELAXED);
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return seen != -1 && seen != 42;
}
