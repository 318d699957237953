/* hurry.c - a send that waits for room, but not for ever. */
#include <errno.h>
#include <mailbox.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
	const struct mailbox_attr attr = { .capacity = 1, .message_bytes = 16 };
	const struct message head = { .type = 1, .fd = -1 };
	int box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);
	struct timespec deadline;

	if (mailbox_send(box, &head, NULL, 0, NULL) == 0)
		printf("first: sent\n");
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec++;
	if (mailbox_send(box, &head, NULL, 0, &deadline) != 0 &&
	    errno == ETIMEDOUT)
		printf("second: too late\n");
	return 0;
}
