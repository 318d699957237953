/* relay.c - a byte goes round through pipes; each waits for it. */
#include <stdio.h>
#include <unistd.h>

enum { RUNNERS = 3 };

int main(void)
{
	int first[2], in, next[2];
	char baton = 'x';

	pipe(first);
	in = first[0];
	for (int i = 1; i <= RUNNERS; i++) {
		pipe(next);
		if (fork() == 0) {
			read(in, &baton, 1);
			dprintf(1, "runner %d has it\n", i);
			write(next[1], &baton, 1);
			_exit(0);
		}
		in = next[0];
	}
	write(first[1], &baton, 1);
	read(in, &baton, 1);
	printf("back at the start\n");
	return 0;
}
