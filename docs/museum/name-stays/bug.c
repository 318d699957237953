/* bug.c - both processes open the queue with O_CREAT. */
#include <fcntl.h>
#include <mqueue.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/orders"

static mqd_t open_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 4 };

	return mq_open(NAME, O_CREAT | O_RDWR | O_NONBLOCK, 0600,
		       &attr);
}

static void order(void)
{
	mqd_t queue = open_queue();

	mq_send(queue, "tea", 4, 0);
	_exit(0);
}

int main(void)
{
	mqd_t queue = open_queue();
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
