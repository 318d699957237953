/* cure.c - the inner function leaves the lock to its caller. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum, logged;

static void log_sum_locked(void)
{
	logged = sum;
}

static void deposit(int amount)
{
	pthread_mutex_lock(&lock);
	sum += amount;
	log_sum_locked();
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	deposit(5);
	return logged != 5;
}
