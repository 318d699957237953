/* bug.c - an early return keeps the lock. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static int add(int amount)
{
	int error = 0;

	pthread_mutex_lock(&lock);
	if (amount < 0)
		return -1;
	sum += amount;
	pthread_mutex_unlock(&lock);
	return error;
}

int main(void)
{
	add(-1);
	add(5);
	return sum != 5;
}
