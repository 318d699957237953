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
