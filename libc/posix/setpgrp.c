/* setpgrp.c - a process group of its own, as System V asked for it. */
#include <unistd.h>

pid_t setpgrp(void)
{
	setpgid(0, 0);
	return getpgrp();
}
