/* bell.c - a message queue tells by a signal that something came. */
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL };
	mqd_t queue = mq_open("/bell", O_RDWR | O_CREAT, 0600, NULL);
	char text[8192];
	sigset_t set;
	int n;

	mq_unlink("/bell");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	event.sigev_signo = SIGUSR1;
	mq_notify(queue, &event);
	if (fork() == 0) {
		mq_send(queue, "hello", 6, 0);
		_exit(0);
	}
	sigwait(&set, &n);
	mq_receive(queue, text, sizeof(text), NULL);
	printf("the queue was empty, now: %s\n", text);
	return 0;
}
