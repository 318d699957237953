/* bug.c - the writer moves the tail before the byte is in the ring. */
#include <pthread.h>

static unsigned head, tail;
static int bytes[4];
static int seen = 'x';

static void *first(void *unused)
{
	unsigned at = tail;

	__atomic_store_n(&tail, at + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&bytes[at % 4], 'x', __ATOMIC_RELAXED);
	return unused;
}

static void *second(void *unused)
{
	if (__atomic_load_n(&tail, __ATOMIC_ACQUIRE) == head)
		return unused;
	seen = __atomic_load_n(&bytes[head++ % 4], __ATOMIC_RELAXED);
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return seen != 'x';
}
