/* bug.c - two servers look for a question first, and call then. */
#include <fcntl.h>
#include <mailbox.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int boxes[2][2];		/* to receive from, to send to */

static void ask(int box)
{
	struct message head = { .type = 1, .fd = -1 };

	mailbox_call(box, &head, NULL, NULL, 0, NULL);
}

/* Answer a question; false: there was none before the deadline. */
static bool answer(int box, const struct timespec *deadline)
{
	struct message head = { .type = 0 };

	if (mailbox_receive(box, &head, NULL, 0, 0, deadline) < 0)
		return false;
	head.type = 2;
	mailbox_reply(box, &head, NULL);
	return true;
}

static void serve(int number)
{
	static const struct timespec now = { .tv_sec = 0 };
	bool has_answered;

	close(boxes[number][1]);
	close(boxes[1 - number][0]);
	has_answered = answer(boxes[number][0], &now);
	ask(boxes[1 - number][1]);
	if (!has_answered)
		answer(boxes[number][0], NULL);
	_exit(0);
}

int main(void)
{
	static const char *const names[] = { "one", "two" };

	for (int i = 0; i < 2; i++) {
		boxes[i][0] = mailbox_open(names[i], O_CREAT, 0600, NULL);
		boxes[i][1] = mailbox_open(names[i], O_WRONLY, 0, NULL);
		mailbox_unlink(names[i]);
	}
	for (int i = 0; i < 2; i++)
		if (fork() == 0)
			serve(i);
	for (int i = 0; i < 2; i++) {
		close(boxes[i][0]);
		close(boxes[i][1]);
	}
	while (wait(NULL) > 0)
		continue;
	return 0;
}
