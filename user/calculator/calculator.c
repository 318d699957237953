/*
 * calculator.c - a server, several clients, and calls with replies.
 *
 * The clients and the work of the server are here; the way of the words is not.
 * by_mailbox.c carries them through a mailbox, by_socket.c through sockets of
 * one machine or of two. So the two files side by side show what a mailbox
 * gives, and what a socket leaves to the program.
 */
#include "user/calculator/calculator.h"

#include <err.h>
#include <limits.h>
#include <program.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"calculator [-m]\n"
	"       calculator -s HOST|PATH\n"
	"       calculator -l [-n COUNT] [PATH]\n"
	"Three clients ask a server to multiply and divide. Each gets its own\n"
	"answers, in its own order; who is first is open (try: | sort).\n"
	"  -m  through a mailbox, with a server of their own\n"
	"  -s  through sockets: the server listens at HOST or PATH\n"
	"  -l  be this server, at PATH, else for all machines\n"
	"  -n  end after so many clients\n";

enum { CLIENTS = 3 };

/* long long holds each product of two ints. */
void find_answer(const char *question, char answer[WORDS])
{
	int a, b, count;
	char sign;

	count = sscanf(question, "%d %c %d", &a, &sign, &b);
	if (count == 3 && sign == '*')
		snprintf(answer, WORDS, "%lld", (long long)a * b);
	else if (count == 3 && sign == '/' && b != 0)
		snprintf(answer, WORDS, "%lld", (long long)a / b);
	else
		snprintf(answer, WORDS, "?");
}

static void (*ask)(const char *question, char answer[WORDS]) = mailbox_ask;

static void ask_and_tell(int client, int a, char sign, int b)
{
	char question[WORDS], answer[WORDS];

	snprintf(question, sizeof(question), "%d %c %d", a, sign, b);
	ask(question, answer);
	dprintf(1, "client %d: %s = %s\n", client, question, answer);
}

static void be_client(int client)
{
	for (int i = 1; i <= 3; i++)
		ask_and_tell(client, i, '*', 10 + client);
	ask_and_tell(client, 42, '/', client - 1);
	_exit(0);
}

/* place NULL: through the mailbox. Returns 0, or 1 if a client failed. */
static int run_clients(const char *place)
{
	int status, failed = 0;
	pid_t child;

	for (int client = 1; client <= CLIENTS; client++) {
		if (place)
			socket_join(place);
		child = fork();
		if (child < 0)
			err(1, "fork");
		if (child == 0)
			be_client(client);
	}
	for (int i = 0; i < CLIENTS; i++, failed |= status)
		wait(&status);
	return failed != 0;
}

int main(int argc, char **argv)
{
	const char *place = NULL;
	int option, listens = 0, failed;
	long clients = -1;

	while ((option = getopt(argc, argv, "hlmn:s:")) != -1)
		switch (option) {
		case 'l': listens = 1; break;
		case 'm': place = NULL; break;
		case 'n': clients = parse_number(optarg, 1, INT_MAX, "count");
			  break;
		case 's': place = optarg; break;
		default: usage(option, help);
		}
	argv += optind;
	if (argc - optind > listens || (listens && place))
		usage('?', help);
	if (listens) {
		socket_serve(*argv, clients);
		return 0;
	}
	if (place) {
		ask = socket_ask;
		return finish(run_clients(place));
	}
	mailbox_start();
	failed = run_clients(NULL);
	mailbox_stop();
	return finish(failed);
}
