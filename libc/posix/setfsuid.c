/* setfsuid.c - the user for access to files: always the effective one. */
#include <sys/fsuid.h>
#include <unistd.h>

int setfsuid(uid_t user)
{
	(void)user;
	return (int)geteuid();
}

int setfsgid(gid_t group)
{
	(void)group;
	return (int)getegid();
}
