/* patience.c - the three forms of a call: here the two that give up. */
#include <errno.h>
#include <mailbox.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int main(void)
{
	int box = mailbox_open(NULL, O_RDWR);
	struct timespec deadline;

	mailbox_receive(box, NULL, NULL, 0, MAILBOX_NONBLOCK, NULL);
	printf("without waiting: %s\n", strerror(errno));
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec++;
	mailbox_receive(box, NULL, NULL, 0, 0, &deadline);
	printf("with a deadline: %s\n", strerror(errno));
	return 0;
}
