/* bug.c - the lock stops the other thread, and not the compiler. */
#include <pthread.h>

static int lock, tickets = 1, sold;

static inline void take(void)
{
	int was;

	__asm__ volatile("1: movl $1, %0; xchgl %0, (%1); testl %0, %0; jnz 1b"
			 : "=&r"(was) : "r"(&lock));
}

static inline void give(void)
{
	__asm__ volatile("movl $0, (%0)" :: "r"(&lock));
}

/* The first look is without the lock, the second with the lock. */
static void *sell(void *unused)
{
	if (tickets == 0)
		return unused;
	take();
	if (tickets != 0) {
		tickets--;
		sold++;
	}
	give();
	return unused;
}

int main(void)
{
	pthread_t other;

	pthread_create(&other, NULL, sell, NULL);
	sell(NULL);
	pthread_join(other, NULL);
	return sold != 1;
}
