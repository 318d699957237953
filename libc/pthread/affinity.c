/* affinity.c - the processors of a thread: there is one (GNU). */
#include <errno.h>
#include <pthread.h>

static int check_set(size_t bytes, const cpu_set_t *set)
{
	return bytes < sizeof(*set) || !CPU_ISSET(0, set) ? EINVAL : 0;
}

static int get_set(size_t bytes, cpu_set_t *set)
{
	if (bytes < sizeof(*set))
		return EINVAL;
	CPU_ZERO(set);
	CPU_SET(0, set);
	return 0;
}

int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t bytes,
				const cpu_set_t *set)
{
	(void)attr;
	return check_set(bytes, set);
}

int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t bytes,
				cpu_set_t *set)
{
	(void)attr;
	return get_set(bytes, set);
}

int pthread_setaffinity_np(pthread_t thread, size_t bytes,
			   const cpu_set_t *set)
{
	(void)thread;
	return check_set(bytes, set);
}

int pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t *set)
{
	(void)thread;
	return get_set(bytes, set);
}
