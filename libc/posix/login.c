/* login.c - users by name: only root has a name. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

int getlogin_r(char *name, size_t bytes)
{
	if (getuid() != 0)
		return ENXIO;
	if (bytes < sizeof("root"))
		return ERANGE;
	strcpy(name, "root");
	return 0;
}

char *getlogin(void)
{
	static char name[sizeof("root")];
	int error = getlogin_r(name, sizeof(name));

	if (error)
		errno = error;
	return error ? NULL : name;
}

/* There are no supplementary groups. */
int getgroups(int size, gid_t groups[])
{
	(void)groups;
	if (size < 0) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}
