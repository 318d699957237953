/* show.c - the child sleeps for 10 ms, and the parent looks after 50 ms. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void ring(int unused)
{
	(void)unused;
}

int main(void)
{
	const struct itimerval bell = { .it_value = { .tv_usec = 50000 } };
	pid_t child;

	signal(SIGALRM, ring);
	child = fork();
	if (child == 0) {
		usleep(10000);
		_exit(0);
	}
	setitimer(ITIMER_REAL, &bell, NULL);
	pause();
	puts(waitpid(child, NULL, WNOHANG) == child
	     ? "the sleeper is back" : "the sleeper has not come back");
	return 0;
}
