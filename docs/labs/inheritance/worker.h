/*
 * worker.h - threads that play a script with locks.
 *
 *	A B C	lock		a b c	unlock
 *	T	lock A, for at most 30 ms
 *	.	wait for go()	*	write the thread's name into the log
 *	x	look whether the thread is alone between lock and unlock
 *	m	mark(2) in the trace
 *
 * The test itself has a higher priority than all threads. So nothing happens
 * until the test calls settle(): then all threads run until each sleeps.
 */
#pragma once

#include "docs/labs/lab.h"
#include "docs/labs/inheritance/pi.c"

#define WORKERS		4

struct worker {
	struct pi_thread me;
	char name;
	int base;
	const char *script;
	pthread_t thread;
	sem_t go;
	int failure;			/* the last error of a call */
};

static struct worker worker[WORKERS];
static struct pi_lock locks[3];
static sem_t idle_go, idle_done;
static int inside_now, not_alone;
static char log_text[64];

HELPER int lock_for(struct worker *own, struct pi_lock *lock, int ms)
{
	struct timespec end;

	if (ms == 0)
		return pi_lock(&own->me, lock, NULL);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_nsec += ms * 1000000L;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	return pi_lock(&own->me, lock, &end);
}

/* The other threads of this priority get a turn meanwhile. */
HELPER void look_around(void)
{
	not_alone |= inside_now++;
	for (int i = 0; i < 5; i++)
		sched_yield();
	inside_now--;
}

HELPER void play(struct worker *own, char step)
{
	int error = 0;

	if (step >= 'A' && step <= 'C')
		error = lock_for(own, &locks[step - 'A'], 0);
	else if (step >= 'a' && step <= 'c')
		error = pi_unlock(&own->me, &locks[step - 'a']);
	else if (step == 'T')
		error = lock_for(own, &locks[0], 30);
	else if (step == '.')
		while (sem_wait(&own->go) != 0)
			continue;
	else if (step == '*')
		log_text[strlen(log_text)] = own->name;
	else if (step == 'x')
		look_around();
	else if (step == 'm')
		mark(2);
	if (error)
		own->failure = error;
}

HELPER void *work(void *argument)
{
	struct worker *own = argument;

	pi_begin(&own->me, own->base);
	for (const char *at = own->script; *at; at++)
		play(own, *at);
	return NULL;
}

/* The thread of priority 1 runs when each other thread sleeps. */
HELPER void *idle(void *unused)
{
	const struct sched_param param = { .sched_priority = 1 };

	pthread_setschedparam(pthread_self(), SCHED_FIFO, &param);
	for (;;) {
		sem_wait(&idle_go);
		sem_post(&idle_done);
	}
	return unused;
}

HELPER void settle(void)
{
	sem_post(&idle_go);
	while (sem_wait(&idle_done) != 0)
		continue;
}

HELPER void begin(void)
{
	pthread_t thread;

	be_urgent(PI_HIGHEST + 1);
	require(pthread_create(&thread, NULL, idle, NULL) == 0);
}

/* Start the thread number n, 'a' + n in the log, without settle(). */
HELPER void start_worker(int n, int base, const char *script)
{
	struct worker *own = &worker[n];

	*own = (struct worker){ .name = 'a' + n, .base = base,
				.script = script };
	sem_init(&own->go, 0, 0);
	require(pthread_create(&own->thread, NULL, work, own) == 0);
}

HELPER void go(int n)
{
	sem_post(&worker[n].go);
}

/* The priority that the kernel knows. */
HELPER int priority_of(int n)
{
	struct sched_param param;
	int policy;

	require(pthread_getschedparam(worker[n].thread, &policy, &param) == 0);
	return param.sched_priority;
}

HELPER int has_ended(int n)
{
	return pthread_tryjoin_np(worker[n].thread, NULL) == 0;
}

HELPER int log_is(const char *wanted)
{
	if (strcmp(log_text, wanted) != 0)
		printf("# the log: %s, wanted: %s\n", log_text, wanted);
	return strcmp(log_text, wanted) == 0;
}
