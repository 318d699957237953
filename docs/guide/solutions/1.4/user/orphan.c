/* orphan.c - whose child is one whose parent has ended? */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int done[2];
	char c;

	pipe(done);
	if (fork() == 0) {
		pid_t parent = getpid();

		if (fork() == 0) {
			while (getppid() == parent)
				usleep(1000);
			dprintf(1, "adopted by %d\n", (int)getppid());
			write(done[1], "x", 1);
		}
		_exit(0);
	}
	wait(NULL);
	read(done[0], &c, 1);
	return 0;
}
