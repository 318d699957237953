/* spawnattr.c - what posix_spawn() changes in the child. */
#include <errno.h>
#include <spawn.h>
#include <string.h>

int posix_spawnattr_init(posix_spawnattr_t *attributes)
{
	memset(attributes, 0, sizeof(*attributes));
	return 0;
}

int posix_spawnattr_destroy(posix_spawnattr_t *attributes)
{
	(void)attributes;
	return 0;
}

#define GET(name, type, field)					\
	int posix_spawnattr_get##name(					\
		const posix_spawnattr_t *restrict attributes,		\
		type *restrict value)					\
	{								\
		*value = attributes->field;				\
		return 0;						\
	}

GET(flags, short, __flags)
GET(pgroup, pid_t, __group)
GET(schedparam, struct sched_param, __parameters)
GET(schedpolicy, int, __policy)
GET(sigdefault, sigset_t, __default)
GET(sigmask, sigset_t, __mask)

int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags)
{
	if (flags & ~(0x3f | POSIX_SPAWN_SETSID))
		return EINVAL;
	attributes->__flags = flags;
	return 0;
}

int posix_spawnattr_setpgroup(posix_spawnattr_t *attributes, pid_t group)
{
	attributes->__group = group;
	return 0;
}

int posix_spawnattr_setschedparam(posix_spawnattr_t *restrict attributes,
	const struct sched_param *restrict parameters)
{
	attributes->__parameters = *parameters;
	return 0;
}

int posix_spawnattr_setschedpolicy(posix_spawnattr_t *attributes, int policy)
{
	attributes->__policy = policy;
	return 0;
}

int posix_spawnattr_setsigdefault(posix_spawnattr_t *restrict attributes,
	const sigset_t *restrict set)
{
	attributes->__default = *set;
	return 0;
}

int posix_spawnattr_setsigmask(posix_spawnattr_t *restrict attributes,
	const sigset_t *restrict set)
{
	attributes->__mask = *set;
	return 0;
}
