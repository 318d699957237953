/* lost.c - an update that a single preemption loses. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int sum;

static void *add(void *unused)
{
	int before = sum;

	write(1, "adding\n", 7);
	sum = before + 1;
	return unused;
}

int main(void)
{
	pthread_t first, second;

	pthread_create(&first, NULL, add, NULL);
	pthread_create(&second, NULL, add, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return sum != 2;
}
