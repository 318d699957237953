/*
 * semaphore.c - the cost of a semaphore, alone and between two processes, and
 * of a mutex alone.
 *
 * The two semaphores of the ping-pong lie side by side, or in two pages at
 * different places, or were opened by name.
 */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define PAGE	4096

static struct shared {
	sem_t alone, there, back;
} *shared;
static sem_t *there, *back;

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
	sem_post(there);
	sem_wait(back);
}

static void answer(void)
{
	for (;;) {
		sem_wait(there);
		use_fpu();
		sem_post(back);
	}
}

static void ping_pong_row(const char *name)
{
	pid_t pid = fork();

	if (pid == 0)
		answer();
	report(name, measure(ping_pong, NULL));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void together_row(const char *name)
{
	there = &shared->there;
	back = &shared->back;
	ping_pong_row(name);
}

/* A semaphore in the middle of a shared page of its own. */
static sem_t *semaphore_apart(size_t place)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sem_t *semaphore = (sem_t *)(page + place);

	sem_init(semaphore, 1, 0);
	return semaphore;
}

static void apart_row(const char *name)
{
	there = semaphore_apart(1000);
	back = semaphore_apart(3024);
	ping_pong_row(name);
	munmap((void *)((uintptr_t)there & -PAGE), PAGE);
	munmap((void *)((uintptr_t)back & -PAGE), PAGE);
}

static void named_row(const char *name)
{
	there = sem_open("/bench-there", O_CREAT, 0600, 0);
	back = sem_open("/bench-back", O_CREAT, 0600, 0);
	if (!is_worst) {
		sem_unlink("/bench-there");
		sem_unlink("/bench-back");
	}
	ping_pong_row(name);
	sem_close(there);
	sem_close(back);
	sem_unlink("/bench-there");
	sem_unlink("/bench-back");
}

static const struct row rows[] = {
	{ "sem-apart", apart_row },
	{ "sem-named", named_row },
	{ "sem", alone_row },
	{ "sem-rtt", together_row },
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
