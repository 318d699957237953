/* cure.c - the turn decides when both flags are up. */
#include <pthread.h>
#include <sched.h>

static int wants[2], turn, inside, worst;

static void enter(int me)
{
	__atomic_store_n(&wants[me], 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&turn, 1 - me, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&wants[1 - me], __ATOMIC_SEQ_CST) &&
	       __atomic_load_n(&turn, __ATOMIC_SEQ_CST) != me)
		sched_yield();
	if (++inside > 1)
		worst = inside;
	inside--;
	__atomic_store_n(&wants[me], 0, __ATOMIC_SEQ_CST);
}

static void *first(void *unused)
{
	enter(0);
	return unused;
}

static void *second(void *unused)
{
	enter(1);
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, second, NULL);
	first(NULL);
	pthread_join(other, NULL);
	return worst > 1;
}
