/* hostname.c - the name of the machine, out of uname(). */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int gethostname(char *name, size_t bytes)
{
	struct utsname system;

	if (uname(&system) < 0)
		return -1;
	if (strlen(system.nodename) >= bytes) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(name, system.nodename);
	return 0;
}
