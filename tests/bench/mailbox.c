/*
 * mailbox.c - the cost of a mailbox: a call and its reply.
 *
 * only: parley
 */
#include <mailbox.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define BODY_MOST	1024
#define CLIENTS		3
#define CALLS		1000

static int box;
static char body[BODY_MOST];
static volatile long *served;		/* requests, counted by the server */

static void serve(void)
{
	struct message head = { .id = 0 };

	while (mailbox_reply_receive(box, &head, body, body,
				     sizeof(body)) >= 0) {
		++*served;
		use_fpu();
	}
}

/* A request with a body of so many bytes, and a reply of the same length. */
static void call(void *bytes)
{
	struct message head = { .type = 1, .bytes = *(size_t *)bytes,
				.fd = -1 };

	mailbox_call(box, &head, body, body, sizeof(body), NULL);
}

static void call_for_ever(void)
{
	size_t bytes = 4;

	for (;;) {
		call(&bytes);
		use_fpu();
	}
}

static pid_t start(void (*function)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		function();
		_exit(0);
	}
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static pid_t start_server(void)
{
	struct mailbox_attr attr = { .capacity = 0,
				     .message_bytes = BODY_MOST };

	served = mmap(NULL, sizeof(*served), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	box = mailbox_open(is_worst ? "/bench" : NULL, O_RDWR | O_CREAT, 0600,
			   &attr);
	watch(box);
	return start(serve);
}

static void stop_server(pid_t pid)
{
	stop(pid);
	if (is_worst)
		mailbox_unlink("/bench");
	close(box);
}

static void call_with_body(const char *name, size_t bytes)
{
	pid_t pid = start_server();

	report(name, measure(call, &bytes));
	stop_server(pid);
}

static void call_row(const char *name)
{
	call_with_body(name, 4);
}

static void call_64_row(const char *name)
{
	call_with_body(name, 64);
}

static void call_1024_row(const char *name)
{
	call_with_body(name, 1024);
}

static void make_calls(void *unused)
{
	size_t bytes = 4;
	int i;

	(void)unused;
	for (i = 0; i < CALLS; i++)
		call(&bytes);
}

/* All clients call all the time: the cost of a served request. */
static void clients_row(const char *name)
{
	pid_t server = start_server(), clients[CLIENTS - 1];
	uint64_t cost;
	long before;
	int i;

	for (i = 0; i < CLIENTS - 1; i++)
		clients[i] = start(call_for_ever);
	make_calls(NULL);
	before = *served;
	cost = measure_once(make_calls, NULL);
	report(name, cost / (*served - before));
	for (i = 0; i < CLIENTS - 1; i++)
		stop(clients[i]);
	stop_server(server);
}

static const struct row rows[] = {
	{ "mailbox-call", call_row },
	{ "mailbox-3", clients_row },
	{ "mailbox-64", call_64_row },
	{ "mailbox-1024", call_1024_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
