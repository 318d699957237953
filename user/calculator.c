/*
 * calculator.c - a server, several clients, and calls with replies.
 *
 * All processes share one box. A client sends a question and waits for the
 * reply to this question. The server keeps no list of clients: the kernel knows
 * the sender of each question.
 */
#include <err.h>
#include <errno.h>
#include <mailbox.h>
#include <program.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"calculator\n"
	"Three clients ask a server to multiply and divide. Each gets its own\n"
	"answers, in its own order; who is first is open (try: | sort).\n";

enum { CLIENTS = 3 };
enum { QUESTION = 1, STOP, ANSWER };	/* types of message */

struct question {
	int a, b;
	char sign;
};

static void find_answer(struct question q, char *text, size_t size)
{
	if (q.sign == '*')
		snprintf(text, size, "%d", q.a * q.b);
	else if (q.b != 0)
		snprintf(text, size, "%d", q.a / q.b);
	else
		snprintf(text, size, "?");
}

/* Each turn answers the last question and takes the next; id 0: none yet. */
static void be_server(int box)
{
	struct message head = { .id = 0 };
	struct question question;
	char text[16] = "";

	for (;;) {
		head.type = ANSWER;
		head.bytes = strlen(text) + 1;
		if (mailbox_reply_receive(box, &head, text, &question,
					  sizeof(question)) >= 0) {
			if (head.type == STOP)
				_exit(0);
			find_answer(question, text, sizeof(text));
		} else if (errno == ESRCH) {
			head.id = 0;	/* the client has gone: no matter */
		} else {
			err(1, "answer");
		}
	}
}

static void ask(int box, int client, int a, char sign, int b)
{
	struct question question = { a, b, sign };
	struct message head = {
		.type = QUESTION, .bytes = sizeof(question), .fd = -1,
	};
	char text[16];

	if (mailbox_call(box, &head, &question, text, sizeof(text), NULL) < 0)
		err(1, "call");
	dprintf(1, "client %d: %d %c %d = %s\n", client, a, sign, b, text);
}

static void be_client(int box, int client)
{
	for (int i = 1; i <= 3; i++)
		ask(box, client, i, '*', 10 + client);
	ask(box, client, 42, '/', client - 1);
	_exit(0);
}

static pid_t start(void)
{
	pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	return child;
}

int main(int argc, char **argv)
{
	const struct message stop = { .type = STOP, .fd = -1 };
	int box, status, failed = 0;

	if (*parse_no_options(argc, argv, help))
		usage('?', help);
	box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, NULL);
	if (box < 0)
		err(1, "box");
	if (start() == 0)
		be_server(box);
	for (int client = 1; client <= CLIENTS; client++)
		if (start() == 0)
			be_client(box, client);
	for (int i = 0; i < CLIENTS; i++, failed |= status)
		wait(&status);
	if (mailbox_send(box, &stop, NULL, 0, NULL) != 0)
		err(1, "stop");
	wait(NULL);
	return finish(failed != 0);
}
