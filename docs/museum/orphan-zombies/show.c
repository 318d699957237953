/* show.c - the parent ends and leaves a zombie. */
#include <unistd.h>

int main(void)
{
	if (fork() == 0)
		_exit(0);
	usleep(1000);			/* the child has ended */
	return 0;
}
