/* sigmask.c - the mask of a thread; like sigprocmask(), but gives the error. */
#include <errno.h>
#include <signal.h>

int pthread_sigmask(int how, const sigset_t *restrict set,
	sigset_t *restrict old)
{
	int saved = errno, error = 0;

	if (sigprocmask(how, set, old) < 0)
		error = errno;
	errno = saved;
	return error;
}
