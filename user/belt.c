/*
 * belt.c - producers and consumers: a belt in shared pages.
 *
 * One semaphore counts the free places, a second semaphore counts the things on
 * the belt: a process that finds no unit sleeps. A third semaphore lets one
 * process at a time change the ends of the belt. E. W. Dijkstra, "Cooperating
 * sequential processes", 1965.
 */
#include <err.h>
#include <program.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"belt\n"
	"Two producers put 10 things each on a belt with four places in\n"
	"shared memory, three consumers take them off. Nothing is lost.\n";

#define PLACES		4
#define THINGS		10		/* of each producer */
#define PRODUCERS	2
#define CONSUMERS	3

static struct {
	sem_t free, things, ends;
	int belt[PLACES];
	unsigned put, taken;		/* guarded by ends, as all below */
	int sum_put, sum_taken;
} *shared;

static void produce(int who)
{
	for (int i = 1; i <= THINGS; i++) {
		int thing = who * THINGS + i;

		sem_wait(&shared->free);
		sem_wait(&shared->ends);
		shared->belt[shared->put++ % PLACES] = thing;
		shared->sum_put += thing;
		sem_post(&shared->ends);
		sem_post(&shared->things);
	}
}

/* 0 on the belt means the end. */
static void consume(int who)
{
	int thing;

	do {
		sem_wait(&shared->things);
		sem_wait(&shared->ends);
		thing = shared->belt[shared->taken++ % PLACES];
		shared->sum_taken += thing;
		sem_post(&shared->ends);
		sem_post(&shared->free);
		if (thing)
			dprintf(1, "consumer %d: %d\n", who, thing);
	} while (thing);
}

static void start(void (*work)(int), int who)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		work(who);
		_exit(0);
	}
}

static void say_the_end(void)
{
	for (int i = 0; i < CONSUMERS; i++) {
		sem_wait(&shared->free);
		sem_wait(&shared->ends);
		shared->belt[shared->put++ % PLACES] = 0;
		sem_post(&shared->ends);
		sem_post(&shared->things);
	}
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "h")) != -1)
		usage(option, help);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	sem_init(&shared->free, 1, PLACES);
	sem_init(&shared->things, 1, 0);
	sem_init(&shared->ends, 1, 1);
	for (int i = 0; i < CONSUMERS; i++)
		start(consume, i);
	for (int i = 0; i < PRODUCERS; i++)
		start(produce, i);
	for (int i = 0; i < PRODUCERS + CONSUMERS; i++) {
		if (i == PRODUCERS)
			say_the_end();
		wait(NULL);
	}
	printf("put on: %u, sum %d; taken off: %u, sum %d\n",
	       shared->put - CONSUMERS, shared->sum_put,
	       shared->taken - CONSUMERS, shared->sum_taken);
	return finish(0);
}
