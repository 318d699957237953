/* handoff.c - a descriptor travels in a message. */
#include <mailbox.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	int box = mailbox_open(NULL, O_RDWR), fds[2];
	struct message head = { .type = 0 };
	char text[64] = "";

	if (fork() == 0) {
		mailbox_receive(box, &head, NULL, 0, 0, NULL);
		write(head.fd, "written by the child", 20);
		_exit(0);
	}
	pipe(fds);
	head.flags = MESSAGE_HAS_FD;
	head.fd = fds[1];
	mailbox_send(box, &head, NULL, 0, NULL);
	close(fds[1]);
	read(fds[0], text, sizeof(text) - 1);
	printf("%s\n", text);
	return 0;
}
