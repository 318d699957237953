/* killpg.c - signals to a group of processes. */
#include <errno.h>
#include <signal.h>

int killpg(pid_t group, int signal)
{
	if (group < 0) {
		errno = EINVAL;
		return -1;
	}
	return kill(-group, signal);
}
