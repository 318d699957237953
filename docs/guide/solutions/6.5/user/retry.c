/* retry.c - a server dies with the request, and a second server answers. */
#include <errno.h>
#include <mailbox.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { QUESTION = 1, ANSWER };

static int box;

/* A server takes a question. Only a good server replies. */
static pid_t start_server(int is_good)
{
	struct message head = { .type = 0 };
	pid_t pid = fork();
	int number;

	if (pid != 0)
		return pid;
	mailbox_receive(box, &head, &number, sizeof(number), 0, NULL);
	if (!is_good)
		_exit(1);
	number *= 2;
	head.type = ANSWER;
	head.bytes = sizeof(number);
	mailbox_reply(box, &head, &number);
	_exit(0);
}

static int ask(int number)
{
	struct message head = {
		.type = QUESTION, .bytes = sizeof(number), .fd = -1,
	};

	if (mailbox_call(box, &head, &number, &number, sizeof(number),
			 NULL) < 0)
		return -1;
	return number;
}

int main(void)
{
	int answer;

	box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, NULL);
	start_server(0);
	answer = ask(21);
	if (answer < 0 && errno == EPIPE) {
		start_server(1);
		answer = ask(21);
		printf("second try: %d\n", answer);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
