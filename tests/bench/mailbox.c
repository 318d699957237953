/*
 * mailbox.c - what a mailbox costs: a call and its reply, in words and with
 * headers.
 *
 * only: parley
 */
#include <mailbox.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define CALLS	16		/* in a sample, as a program would make them */

static int box;

/* ---- By words ------------------------------------------------------------ */

static void serve_words(void)
{
	struct mailbox_words words = { .id = 0 };	/* nobody yet */
	int its_box = box;

	while (mailbox_reply_receive_words(its_box, &words) > 0)
		words.word[0]++;
}

static void call_words(void *unused)
{
	struct mailbox_words words = { .type = 1, .word = { 1, 2 } };
	int its_box = box, i;

	(void)unused;
	for (i = 0; i < CALLS; i++)
		mailbox_call_words(its_box, &words);
	if (words.word[0] != 1 + CALLS)
		exit(1);
}

/* ---- With headers -------------------------------------------------------- */

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

/* ---- Rows ---------------------------------------------------------------- */

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

static void words_row(const char *name)
{
	pid_t pid = start_server(serve_words);

	report(name, measure(call_words, NULL) / CALLS);
	stop_server(pid);
}

static void head_row(const char *name)
{
	pid_t pid = start_server(serve);

	report(name, measure(call, NULL));
	stop_server(pid);
}

static const struct row rows[] = {
	{ "mailbox-call", words_row },
	{ "mailbox-call-head", head_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
