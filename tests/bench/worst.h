/*
 * worst.h - the worst usual case of a row: the argument -w.
 *
 * Programs seldom have the machine to themselves. In the worst usual case
 *
 *	- a task of lower priority is always ready;
 *	- this program has a second thread;
 *	- both programs use the FPU between two operations: use_fpu();
 *	- the object has a name, where an object can have a name: make_pipe();
 *	- a third program waits in poll() for the end of the object: watch().
 */
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEIGHBOURS	8

static int is_worst;
static pid_t neighbours[NEIGHBOURS];
static int neighbour_count;

static inline void use_fpu(void)
{
	if (is_worst)
		__asm__ volatile("fld1; fstp %%st(0)" ::: "st");
}

static inline void *sleep_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static inline void remember_neighbour(pid_t pid)
{
	neighbours[neighbour_count++] = pid;
	usleep(1000);			/* until the neighbour sleeps */
}

static inline void start_worst(void)
{
	const struct sched_param none = { .sched_priority = 0 };
	pthread_t thread;
	pid_t pid = fork();

	if (pid == 0) {
		sched_setscheduler(0, SCHED_IDLE, &none);
		for (;;)
			continue;
	}
	remember_neighbour(pid);
	pthread_create(&thread, NULL, sleep_for_ever, NULL);
}

/* A program waits for the end of this object, with poll(). */
static inline void watch(int fd)
{
	struct pollfd end = { .fd = fd };
	pid_t pid;

	if (!is_worst)
		return;
	pid = fork();
	if (pid == 0)
		for (;;)
			poll(&end, 1, -1);
	remember_neighbour(pid);
}

/* Stop all but the first so many. */
static inline void stop_neighbours(int kept)
{
	while (neighbour_count > kept) {
		pid_t pid = neighbours[--neighbour_count];

		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

/* A pipe; in the worst usual case a FIFO with this name and a watcher. */
static inline void make_pipe(int ends[2], const char *name)
{
	if (!is_worst) {
		if (pipe(ends) < 0)
			exit(1);
		return;
	}
	mkfifo(name, 0600);
	ends[0] = open(name, O_RDONLY | O_NONBLOCK);
	ends[1] = open(name, O_WRONLY);
	fcntl(ends[0], F_SETFL, 0);
	unlink(name);
	watch(ends[0]);
}
