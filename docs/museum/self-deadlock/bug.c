/* bug.c - a function with the lock calls a function that takes the lock. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum, logged;

static void log_sum(void)
{
	pthread_mutex_lock(&lock);
	logged = sum;
	pthread_mutex_unlock(&lock);
}

static void deposit(int amount)
{
	pthread_mutex_lock(&lock);
	sum += amount;
	log_sum();
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	deposit(5);
	return logged != 5;
}
