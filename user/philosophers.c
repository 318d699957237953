/*
 * philosophers.c - five philosophers, five forks: a deadlock, and its cure.
 *
 * Each philosopher takes the left fork first. When all philosophers hold their
 * left forks, no philosopher ever gets a right fork. The cure is an order: fork
 * 0 before fork 4, so the last philosopher begins on the right, and no circle
 * can close.
 *
 * A fork is a mutex in shared memory, which names its holder. So `why` knows
 * the holder of each fork, and prints the circle.
 */
#include <err.h>
#include <errno.h>
#include <program.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"philosophers [-n MEALS] [--deadlock]\n"
	"Five processes share five forks, mutexes in shared memory; each\n"
	"needs two to eat, three times or MEALS.\n"
	"  --deadlock  all take the left fork first, slowly: ask `why PID`\n"
	"              of one of them, and end it with ctrl+C\n";

#define SEATS	5

static pthread_mutex_t *forks;	/* shared by all */
static int meals = 3, shall_deadlock;

static void pause_ms(long ms)
{
	const struct timespec time = { 0, ms * 1000000 };

	nanosleep(&time, NULL);
}

static void take(int seat, int fork)
{
	errno = pthread_mutex_lock(&forks[fork]);
	if (errno)
		err(1, "fork %d", fork);
	dprintf(1, "%d takes fork %d\n", seat, fork);
}

static void dine(int seat)
{
	int left = seat, right = (seat + 1) % SEATS, swap;

	if (!shall_deadlock && left > right) {
		swap = left;
		left = right;
		right = swap;
	}
	for (int meal = 1; meal <= meals; meal++) {
		take(seat, left);
		if (shall_deadlock)
			pause_ms(100);
		take(seat, right);
		dprintf(1, "%d eats, meal %d\n", seat, meal);
		pause_ms(10);
		pthread_mutex_unlock(&forks[right]);
		pthread_mutex_unlock(&forks[left]);
	}
	exit(0);
}

static void make_forks(void)
{
	pthread_mutexattr_t attr;

	forks = mmap(NULL, SEATS * sizeof(*forks), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (forks == MAP_FAILED)
		err(1, "shared memory");
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	for (int i = 0; i < SEATS; i++)
		pthread_mutex_init(&forks[i], &attr);
}

int main(int argc, char **argv)
{
	int option;

	if (argc > 1 && strcmp(argv[argc - 1], "--deadlock") == 0) {
		shall_deadlock = 1;
		argv[--argc] = NULL;
	}
	while ((option = getopt(argc, argv, "hn:")) != -1) {
		if (option != 'n')
			usage(option, help);
		meals = atoi(optarg);
	}
	make_forks();
	for (int seat = 0; seat < SEATS; seat++)
		if (fork() == 0)
			dine(seat);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
