/* weigh.c - leave a queue with two messages behind. */
#include <mqueue.h>

int main(void)
{
	const struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 8 };
	mqd_t queue = mq_open("/weigh", O_CREAT | O_RDWR, 0600, &attr);

	mq_send(queue, "light", 6, 3);
	mq_send(queue, "heavy", 6, 7);
	return 0;
}
