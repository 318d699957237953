/* show.c - two readers, one byte; the first reader is killed. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t readers[2];
	int ends[2];
	char byte = 'x';

	pipe(ends);
	for (int i = 0; i < 2; i++) {
		readers[i] = fork();
		if (readers[i] == 0) {
			close(ends[1]);
			_exit(read(ends[0], &byte, 1) != 1);
		}
		usleep(1000);		/* the reader waits */
	}
	write(ends[1], &byte, 1);
	kill(readers[0], SIGKILL);
	while (wait(NULL) > 0)
		;
	return 0;
}
