/* getloadavg.c - how busy the machine is: the start of /proc/loadavg. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "libc/internal.h"

#define LOADS	3

int getloadavg(double loads[], int count)
{
	int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC), done = 0;
	char text[80], *at = text;
	ssize_t bytes;

	if (fd < 0)
		return -1;
	bytes = read(fd, text, sizeof(text) - 1);
	__quiet_close(fd);
	if (bytes <= 0)
		return -1;
	text[bytes] = '\0';
	for (; done < count && done < LOADS; done++)
		loads[done] = strtod(at, &at);
	return done;
}
