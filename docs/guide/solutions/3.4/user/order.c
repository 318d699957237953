/* order.c - the sleepers of a queue go on in the order in which they came. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN = 3 };

int main(void)
{
	int fds[2];
	char c;

	pipe(fds);
	for (int i = 1; i <= CHILDREN; i++) {
		if (fork() == 0) {
			read(fds[0], &c, 1);
			dprintf(1, "child %d got it\n", i);
			_exit(0);
		}
		usleep(10000);
	}
	for (int i = 0; i < CHILDREN; i++)
		write(fds[1], "x", 1);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
