/* alone.c - a process waits for itself. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char line[256], command[32], byte;
	pid_t child = fork();
	FILE *why;

	if (child == 0) {
		int ends[2];

		pipe(ends);
		read(ends[0], &byte, 1);
		_exit(0);
	}
	usleep(10000);
	snprintf(command, sizeof(command), "why %d", child);
	why = popen(command, "r");
	while (fgets(line, sizeof(line), why))
		if (strstr(line, "deadlock") && strstr(line, "itself"))
			printf("waits for itself\n");
	pclose(why);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 0;
}
