/*
 * mailbox.c - the cost of a mailbox: a call and its reply.
 *
 * only: parley
 */
#include <mailbox.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static int box;

static void serve(void)
{
	struct message head = { .id = 0 };
	char body[16];

	while (mailbox_reply_receive(box, &head, body, body,
				     sizeof(body)) >= 0)
		;
}

static void call(void *unused)
{
	struct message head = { .type = 1, .bytes = 4, .fd = -1 };
	int request = 1, reply;

	(void)unused;
	mailbox_call(box, &head, &request, &reply, sizeof(reply), NULL);
}

static pid_t start_server(void (*function)(void))
{
	struct mailbox_attr attr = { .capacity = 0, .message_bytes = 64 };
	pid_t pid;

	box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	pid = fork();
	if (pid == 0) {
		function();
		_exit(0);
	}
	return pid;
}

static void stop_server(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(box);
}

static void call_row(const char *name)
{
	pid_t pid = start_server(serve);

	report(name, measure(call, NULL));
	stop_server(pid);
}

static const struct row rows[] = {
	{ "mailbox-call", call_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
