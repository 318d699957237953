/* hostname.c - the name of the machine, out of uname(). */
#include <errno.h>
#include <stdint.h>
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

long gethostid(void)
{
	struct utsname system;
	uint32_t id = 0;

	if (uname(&system) < 0)
		return 0;
	for (const char *c = system.nodename; *c; c++)
		id = id * 31 + (unsigned char)*c;
	return (int32_t)id;
}
