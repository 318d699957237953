/* starter.c - the end of a stream reaches all waiting readers at once. */
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void run(const int gate[2], int number)
{
	char byte;

	close(gate[1]);
	read(gate[0], &byte, 1);
	printf("runner %d starts\n", number);
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	const struct timespec moment = { .tv_nsec = 50000000 };
	int gate[2];

	pipe(gate);
	for (int number = 1; number <= 3; number++)
		if (fork() == 0)
			run(gate, number);
	close(gate[0]);
	nanosleep(&moment, NULL);	/* all children are at the gate */
	close(gate[1]);
	while (wait(NULL) > 0)
		;
	return 0;
}
