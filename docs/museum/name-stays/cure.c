/* cure.c - only the process that removes the name creates the queue. */
#include <fcntl.h>
#include <mqueue.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/orders"

static void order(void)
{
	mqd_t queue = mq_open(NAME, O_WRONLY);

	if (queue != (mqd_t)-1)		/* else the shop is closed */
		mq_send(queue, "tea", 4, 0);
	_exit(0);
}

int main(void)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 4 };
	mqd_t queue = mq_open(NAME, O_CREAT | O_RDWR | O_NONBLOCK, 0600,
			      &attr);
	char text[4];
	pid_t clock;

	if (fork() == 0)
		order();
	clock = fork();
	if (clock == 0)
		_exit(0);		/* it is evening */
	waitpid(clock, NULL, 0);
	mq_receive(queue, text, sizeof(text), NULL);
	mq_unlink(NAME);		/* the shop is closed */
	wait(NULL);
	return 0;
}
