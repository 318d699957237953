/* bug.c - two threads add 1 to a sum without a lock. */
#include <pthread.h>

static volatile int sum;

static void *add_one(void *unused)
{
	int old = sum;

	sum = old + 1;
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
