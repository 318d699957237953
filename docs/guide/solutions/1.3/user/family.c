/* family.c - children and their last words. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t children[3];
	int status;

	for (int i = 0; i < 3; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(i + 1);
	}
	for (int i = 0; i < 3; i++) {
		waitpid(children[i], &status, 0);
		printf("child %d ended with %d\n", i + 1,
		       WEXITSTATUS(status));
	}
	return 0;
}
