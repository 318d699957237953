/* bug.c - a number of two words is read in two steps. */
#include <pthread.h>
#include <stdint.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile uint64_t number;
static uint64_t seen;

static void store(uint64_t new)
{
	number = new;
}

static uint64_t load(void)
{
	uint64_t now = number;

	return now;
}

static void *first(void *unused)
{
	store(~0ull);
	return unused;
}

static void *second(void *unused)
{
	seen = load();
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_mutex_lock(&lock);	/* the cure uses the lock */
	pthread_mutex_unlock(&lock);
	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return seen != 0 && seen != ~0ull;
}
