/* sched.c - policy, priority and slice of processes. */
#include <errno.h>
#include <sched.h>

#include "libc/syscall.h"

static int fail(int error)
{
	errno = error;
	return -1;
}

static int get_state(pid_t pid, struct sched_state *state)
{
	return __sys_sched_get(SCHED_PROCESS, pid, state);
}

int sched_getscheduler(pid_t pid)
{
	struct sched_state state;

	return get_state(pid, &state) < 0 ? -1 : state.policy;
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
	struct sched_state state;

	if (get_state(pid, &state) < 0)
		return -1;
	param->sched_priority = state.priority;
	return 0;
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param)
{
	return __sys_sched_set(SCHED_PROCESS, pid, policy,
			       param->sched_priority);
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
	struct sched_state state;

	if (get_state(pid, &state) < 0)
		return -1;
	return sched_setscheduler(pid, state.policy, param) < 0 ? -1 : 0;
}

int sched_rr_get_interval(pid_t pid, struct timespec *interval)
{
	struct sched_state state;

	if (get_state(pid, &state) < 0)
		return -1;
	*interval = state.slice;
	return 0;
}

static int priority_limit(int policy, int limit)
{
	if (policy == SCHED_OTHER || policy == SCHED_IDLE)
		return 0;
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return limit;
	return fail(EINVAL);
}

int sched_get_priority_max(int policy)
{
	return priority_limit(policy, SCHED_PRIORITY_MOST);
}

int sched_get_priority_min(int policy)
{
	return priority_limit(policy, SCHED_PRIORITY_LEAST);
}

/* ---- Processors: there is one ------------------------------------------- */

/* Is there such a process, and room for a set? */
static int check_set(pid_t pid, size_t bytes)
{
	struct sched_state state;

	if (bytes < sizeof(cpu_set_t))
		return fail(EINVAL);
	return get_state(pid, &state);
}

int sched_getaffinity(pid_t pid, size_t bytes, cpu_set_t *set)
{
	if (check_set(pid, bytes) < 0)
		return -1;
	CPU_ZERO(set);
	CPU_SET(0, set);
	return 0;
}

int sched_setaffinity(pid_t pid, size_t bytes, const cpu_set_t *set)
{
	if (check_set(pid, bytes) < 0)
		return -1;
	return CPU_ISSET(0, set) ? 0 : fail(EINVAL);
}

int sched_getcpu(void)
{
	return 0;
}
