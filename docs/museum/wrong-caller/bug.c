/* bug.c - two requests, room for a single header. */
#include <mailbox.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLERS = 2 };

static void call(int box, int number)
{
	struct message head = { .type = 1, .bytes = sizeof(number), .fd = -1 };
	int twice = 0;

	mailbox_call(box, &head, &number, &twice, sizeof(twice), NULL);
	_exit(twice != 2 * number);
}

static void serve(int box)
{
	struct message head;
	int numbers[CALLERS];

	for (int i = 0; i < CALLERS; i++) {
		head = (struct message){ .type = 0 };	/* any */
		mailbox_receive(box, &head, &numbers[i], sizeof(int), 0, NULL);
	}
	for (int i = 0; i < CALLERS; i++) {
		numbers[i] *= 2;
		mailbox_reply(box, &head, &numbers[i]);
	}
	close(box);
}

int main(void)
{
	int box = mailbox_open(NULL, O_RDWR), status, failed = 0;

	for (int i = 0; i < CALLERS; i++)
		if (fork() == 0)
			call(box, i + 1);
	serve(box);
	while (wait(&status) > 0)
		failed |= status;
	return failed != 0;
}
