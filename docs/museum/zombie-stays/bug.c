/* bug.c - a server that never asks how its children have ended. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 3; i++)
		if (fork() == 0)
			_exit(0);	/* a request is done */
	usleep(20000);
	fflush(stdout);
	system("ps | grep -c ' zombie '");
	return 0;
}
