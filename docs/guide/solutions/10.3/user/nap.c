/* nap.c - sleep until an alarm comes, and lose none. */
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static volatile sig_atomic_t has_come;

static void on_alarm(int n)
{
	(void)n;
	has_come = 1;
}

int main(void)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval soon = { .it_value = { .tv_usec = 10000 } };
	sigset_t alarm, before;

	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarm, &before);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	while (!has_come)
		sigsuspend(&before);
	printf("the alarm came\n");
	return 0;
}
