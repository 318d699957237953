/* desk.c - wait for a message queue and a pipe with a single poll(). */
#include <mqueue.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	const struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 8 };
	mqd_t queue = mq_open("/desk", O_CREAT | O_RDWR, 0600, &attr);
	char text[8];
	int ends[2];

	mq_unlink("/desk");
	pipe(ends);
	if (fork() == 0) {
		write(ends[1], "letter", 7);
		mq_send(queue, "phone", 6, 1);
		_exit(0);
	}
	for (int left = 2; left > 0;) {
		struct pollfd entries[] = {
			{ .fd = queue, .events = POLLIN },
			{ .fd = ends[0], .events = POLLIN },
		};

		poll(entries, 2, -1);
		if (entries[0].revents & POLLIN) {
			mq_receive(queue, text, sizeof(text), NULL);
			printf("queue: %s\n", text);
			left--;
		}
		if (entries[1].revents & POLLIN) {
			read(ends[0], text, sizeof(text));
			printf("pipe: %s\n", text);
			left--;
		}
	}
	wait(NULL);
	return 0;
}
