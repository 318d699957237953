/* bug.c - the count goes down in one step, and is read in a second. */
#include <pthread.h>

static int references = 2, frees;

static void put(void)
{
	__atomic_sub_fetch(&references, 1, __ATOMIC_ACQ_REL);
	if (__atomic_load_n(&references, __ATOMIC_ACQUIRE) == 0)
		__atomic_add_fetch(&frees, 1, __ATOMIC_RELAXED);
}

static void *first(void *unused)
{
	put();
	return unused;
}

#define second first

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return frees != 1;
}
