/* semaphore.c - the cost of a semaphore, alone and between two processes, and
 * of a mutex alone. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static struct shared {
	sem_t alone, there, back;
} *shared;

/* Both operations make no call, so the sample is a loop with many operations,
 * less the empty loop. */
#define PAIRS	1000

static void post_and_wait(void *semaphore)
{
	int i;

	for (i = 0; i < PAIRS; i++) {
		sem_post(semaphore);
		sem_wait(semaphore);
	}
}

static void loop_alone(void *semaphore)
{
	int i;

	for (i = 0; i < PAIRS; i++)
		__asm__ volatile("" :: "r"(semaphore) : "memory");
}

static void alone_row(const char *name)
{
	uint64_t loop = measure(loop_alone, &shared->alone);

	report(name, (measure(post_and_wait, &shared->alone) - loop +
		      PAIRS / 2) / PAIRS);
}

static void lock_and_unlock(void *mutex)
{
	pthread_mutex_lock(mutex);
	pthread_mutex_unlock(mutex);
}

static void mutex_row(const char *name)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	report(name, measure(lock_and_unlock, &mutex));
}

static void ping_pong(void *unused)
{
	(void)unused;
	sem_post(&shared->there);
	sem_wait(&shared->back);
}

static void answer(struct shared *pair)
{
	for (;;) {
		sem_wait(&pair->there);
		sem_post(&pair->back);
	}
}

static void ping_pong_row(const char *name)
{
	pid_t pid = fork();

	if (pid == 0)
		answer(shared);
	report(name, measure(ping_pong, NULL));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static const struct row rows[] = {
	{ "sem", alone_row },
	{ "sem-rtt", ping_pong_row },
	{ "mutex", mutex_row },
};

int main(int argc, char **argv)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sem_init(&shared->alone, 1, 0);
	sem_init(&shared->there, 1, 0);
	sem_init(&shared->back, 1, 0);
	return run_rows(rows, LENGTH(rows), argc, argv);
}
