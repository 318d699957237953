/* process.c - small relatives of the system calls on processes. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc/syscall.h"

pid_t wait(int *status)
{
	return waitpid(-1, status, 0);
}

static void subtract(struct timeval *from, const struct timeval *what)
{
	from->tv_sec -= what->tv_sec;
	from->tv_usec -= what->tv_usec;
	if (from->tv_usec < 0) {
		from->tv_usec += 1000000;
		from->tv_sec--;
	}
}

/* The child's use is what the use of all children has grown by. A thread that
   waits for a different child at the same time adds its child's. */
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	struct rusage before;

	if (usage && getrusage(RUSAGE_CHILDREN, &before) < 0)
		return -1;
	pid = waitpid(pid, status, options);
	if (pid <= 0 || !usage)
		return pid;
	if (getrusage(RUSAGE_CHILDREN, usage) < 0)
		return -1;
	subtract(&usage->ru_utime, &before.ru_utime);
	subtract(&usage->ru_stime, &before.ru_stime);
	return pid;
}

pid_t wait3(int *status, int options, struct rusage *usage)
{
	return wait4(-1, status, options, usage);
}

pid_t getpgrp(void)
{
	return getpgid(0);
}

/* The call adds NZERO, so that no nice value looks like an error. */
int getpriority(int which, id_t who)
{
	int shifted = __sys_getpriority(which, who);

	return shifted < 0 ? -1 : shifted - NZERO;
}

int nice(int more)
{
	int value = __sys_getpriority(PRIO_PROCESS, 0);

	if (value < 0)
		return -1;
	value += more - NZERO;
	if (value < -NZERO)
		value = -NZERO;
	if (value > NZERO - 1)
		value = NZERO - 1;
	if (setpriority(PRIO_PROCESS, 0, value) < 0) {
		errno = EPERM;	/* POSIX's word for it; the call says EACCES */
		return -1;
	}
	return value;
}

int getpagesize(void)
{
	return PAGE_SIZE;
}
