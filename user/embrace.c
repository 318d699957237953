/*
 * embrace.c - two servers that call each other: a deadlock, and its cure.
 *
 * Each server has a box for questions. Before a server answers, the server
 * calls its peer. Both servers then wait for a reply that only the waiting peer
 * could give: a deadly embrace. The cure is an order: the second server answers
 * before calling.
 */
#include <err.h>
#include <mailbox.h>
#include <program.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"embrace [--deadlock]\n"
	"Two servers ask each other, one after the other has answered.\n"
	"  --deadlock  both ask first: look at `waits`, end it with ctrl+C\n";

enum { SERVERS = 2 };
enum { QUESTION = 1, ANSWER };		/* types of message */

static int boxes[SERVERS][2];		/* to receive from, to send to */

static void ask(int box, const char *me)
{
	struct message head = { .type = QUESTION, .fd = -1 };
	char text[32];

	if (mailbox_call(box, &head, NULL, text, sizeof(text), NULL) < 0)
		err(1, "%s: ask", me);
	dprintf(1, "%s asked: %s\n", me, text);
}

static void answer(int box, const char *me)
{
	struct message head = { .type = 0 };	/* any */

	if (mailbox_receive(box, &head, NULL, 0, 0, NULL) < 0)
		err(1, "%s: receive", me);
	head.type = ANSWER;
	head.bytes = strlen(me) + 1;
	if (mailbox_reply(box, &head, me) != 0)
		err(1, "%s: reply", me);
}

/* A server closes the ends that the server does not use: `why` names each
 * process with the opposite end of a box as able to end a wait. */
static void serve(int number, const char *me, int asks_first)
{
	int other = 1 - number;

	close(boxes[number][1]);
	close(boxes[other][0]);
	if (asks_first)
		ask(boxes[other][1], me);
	answer(boxes[number][0], me);
	if (!asks_first)
		ask(boxes[other][1], me);
	_exit(0);
}

static void make_box(int number, const char *name)
{
	boxes[number][0] = mailbox_open(name, O_CREAT | O_EXCL, 0600, NULL);
	boxes[number][1] = mailbox_open(name, O_WRONLY, 0, NULL);
	if (boxes[number][0] < 0 || boxes[number][1] < 0)
		err(1, "%s", name);
}

int main(int argc, char **argv)
{
	static const char *const names[SERVERS] = { "adam", "eve" };
	int shall_deadlock = argc == 2 && !strcmp(argv[1], "--deadlock");

	if (!shall_deadlock && *parse_no_options(argc, argv, help))
		usage('?', help);
	for (int i = 0; i < SERVERS; i++)
		make_box(i, names[i]);
	for (int i = 0; i < SERVERS; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid == 0)
			serve(i, names[i], i == 0 || shall_deadlock);
	}
	for (int i = 0; i < SERVERS; i++) {
		close(boxes[i][0]);
		close(boxes[i][1]);
	}
	while (wait(NULL) > 0)
		;
	for (int i = 0; i < SERVERS; i++)
		mailbox_unlink(names[i]);
	return finish(0);
}
