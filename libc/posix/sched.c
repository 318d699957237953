/* sched.c - scheduling of processes: there is one policy, with slices. */
#include <errno.h>
#include <sched.h>
#include <signal.h>

#define SLICE_NS 10000000

static int fail(int error)
{
	errno = error;
	return -1;
}

/* Is there such a process? ESRCH if not. */
static int find(pid_t pid)
{
	if (pid < 0)
		return fail(EINVAL);
	if (pid > 0 && kill(pid, 0) < 0 && errno != EPERM)
		return fail(ESRCH);
	return 0;
}

int sched_getscheduler(pid_t pid)
{
	return find(pid) < 0 ? -1 : SCHED_OTHER;
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	if (find(pid) < 0)
		return -1;
	param->sched_priority = 0;
	return 0;
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	int least = sched_get_priority_min(policy);
	int most = sched_get_priority_max(policy);

	if (least < 0 || param->sched_priority < least ||
	    param->sched_priority > most)
		return fail(EINVAL);
	if (find(pid) < 0)
		return -1;
	return policy == SCHED_OTHER ? SCHED_OTHER : fail(EPERM);
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	return sched_setscheduler(pid, SCHED_OTHER, param) < 0 ? -1 : 0;
}

int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	if (find(pid) < 0)
		return -1;
	*interval = (struct timespec){ 0, SLICE_NS };
	return 0;
}
