/* cure.c - the reader closes the end for writing. */
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int ends[2];
	char byte;

	pipe(ends);
	if (fork() == 0) {
		write(ends[1], "x", 1);
		_exit(0);
	}
	close(ends[1]);
	while (read(ends[0], &byte, 1) > 0)
		continue;
	wait(NULL);
	return 0;
}
