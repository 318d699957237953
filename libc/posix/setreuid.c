/* setreuid.c - the real and the effective user or group in one step. */
#include <unistd.h>

#define SAME ((uid_t)-1)

/* The saved number becomes the effective one, if the real one is set or the
   effective one becomes a different number. */
static uid_t saved_for(uid_t real, uid_t to, uid_t real_now, uid_t now)
{
	if (real == SAME && (to == SAME || to == real_now))
		return SAME;
	return to == SAME ? now : to;
}

int setreuid(uid_t real, uid_t user)
{
	return setresuid(real, user,
			 saved_for(real, user, getuid(), geteuid()));
}

int setregid(gid_t real, gid_t group)
{
	return setresgid(real, group,
			 saved_for(real, group, getgid(), getegid()));
}
