/* show.c - the parent writes a byte while the child begins to wait. */
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int ends[2];
	char byte = 'x';

	pipe(ends);
	if (fork() == 0)
		return read(ends[0], &byte, 1) != 1;
	sched_yield();			/* the child enters the queue */
	write(ends[1], &byte, 1);
	wait(NULL);
	return 0;
}
