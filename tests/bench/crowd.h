/* crowd.h - many processes beside a benchmark. */
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static inline void sleep_long(int unused)
{
	(void)unused;
	for (;;)
		sleep(100000);
}

/* A group of so many processes; its number i runs body(i). */
static inline pid_t start_crowd(int count, void (*body)(int))
{
	pid_t leader = fork(), pid;
	int i;

	if (leader == 0) {
		setpgid(0, 0);
		for (i = 1; i < count; i++) {
			pid = fork();
			if (pid < 0)
				write(2, "too few processes\n", 18);
			if (pid == 0)
				body(i);
		}
		body(0);
	}
	usleep(100000);
	return leader;
}

static inline void stop_crowd(pid_t leader)
{
	kill(-leader, SIGKILL);
	waitpid(leader, NULL, 0);
	usleep(100000);
}
