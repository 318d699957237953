/* pty.c - pseudo-terminals, by the functions of POSIX. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define NAME_BYTES	20		/* "/dev/pts/4294967295" */

int posix_openpt(int flags)
{
	return open("/dev/ptmx", flags);
}

/* The kernel gave the name to the real user of the opener. */
int grantpt(int master)
{
	unsigned number;

	if (ioctl(master, TIOCGPTN, &number) == 0)
		return 0;
	if (errno == ENOTTY)
		errno = EINVAL;
	return -1;
}

int unlockpt(int master)
{
	int locked = 0;

	if (ioctl(master, TIOCSPTLCK, &locked) == 0)
		return 0;
	if (errno == ENOTTY)
		errno = EINVAL;
	return -1;
}

int ptsname_r(int master, char *name, size_t bytes)
{
	char path[NAME_BYTES];
	unsigned number;

	if (ioctl(master, TIOCGPTN, &number) < 0)
		return errno;
	snprintf(path, sizeof(path), "/dev/pts/%u", number);
	if (strlen(path) >= bytes) {
		errno = ERANGE;
		return ERANGE;
	}
	strcpy(name, path);
	return 0;
}

char *ptsname(int master)
{
	static char name[NAME_BYTES];

	return ptsname_r(master, name, sizeof(name)) == 0 ? name : NULL;
}
