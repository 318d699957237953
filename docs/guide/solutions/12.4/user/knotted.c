/* knotted.c - three processes wait for each other, in a circle of pipes. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TASKS = 3 };

static int ends[TASKS][2];

/* Read from pipe number i, which only the next process could write to. */
static void wait_at(int i)
{
	char byte;

	for (int j = 0; j < TASKS; j++) {
		if (j != i)
			close(ends[j][0]);
		if (j != (i + TASKS - 1) % TASKS)
			close(ends[j][1]);
	}
	read(ends[i][0], &byte, 1);
	_exit(0);
}

int main(void)
{
	char line[256], command[32];
	pid_t children[TASKS];
	FILE *why;

	for (int i = 0; i < TASKS; i++)
		pipe(ends[i]);
	for (int i = 0; i < TASKS; i++) {
		children[i] = fork();
		if (children[i] == 0)
			wait_at(i);
	}
	for (int i = 0; i < TASKS; i++) {
		close(ends[i][0]);
		close(ends[i][1]);
	}
	usleep(10000);
	snprintf(command, sizeof(command), "why %d", children[0]);
	why = popen(command, "r");
	while (fgets(line, sizeof(line), why)) {
		int length = 0;

		if (strncmp(line, "deadlock: ", 10) != 0)
			continue;
		for (char *at = line; (at = strstr(at, "waits for")); at++)
			length++;
		printf("a circle of %d\n", length);
	}
	pclose(why);
	for (int i = 0; i < TASKS; i++)
		kill(children[i], SIGKILL);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
