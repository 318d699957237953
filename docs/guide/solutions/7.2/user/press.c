/* press.c - a full queue refuses a send that may not wait. */
#include <mqueue.h>
#include <stdio.h>

static int fill(mqd_t queue)
{
	int messages = 0;

	while (mq_send(queue, "x", 1, 0) == 0)
		messages++;
	return messages;
}

int main(void)
{
	const struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 1 };
	mqd_t queue = mq_open("/press", O_CREAT | O_RDWR | O_NONBLOCK, 0600,
			      &attr);
	char byte;

	mq_unlink("/press");
	printf("%d messages fit\n", fill(queue));
	mq_receive(queue, &byte, 1, NULL);
	printf("after one was received: %d more\n", fill(queue));
	return 0;
}
