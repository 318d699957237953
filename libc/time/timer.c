/* timer.c - timers that send signals. */
#include <errno.h>
#include <signal.h>
#include <time.h>

#include "libc/syscall.h"

/* A thread for each expiry (SIGEV_THREAD) is not there. */
int timer_create(clockid_t clock, struct sigevent *restrict event,
	timer_t *restrict timer)
{
	int id;

	if (event && event->sigev_notify == SIGEV_THREAD) {
		errno = ENOTSUP;
		return -1;
	}
	id = __sys_timer_create(clock, event);
	if (id < 0)
		return -1;
	*timer = id;
	return 0;
}
