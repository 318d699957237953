/*
 * by_socket.c - questions in lines, and a connection for each client.
 *
 * A stream has no borders, so a newline ends each question and each answer.
 * fgets() reads until the newline, in as many pieces as come. No kernel tells
 * the server who asks, but the answer goes back on the connection of the
 * question. A process for each client waits there, so a silent client stops no
 * other client.
 */
#include "user/calculator/calculator.h"

#include <err.h>
#include <program.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT "5171"

static FILE *questions, *answers;	/* both directions, at the client */

/* A connection as two files: stdio reads and writes with one buffer each. */
static void open_both(int fd, FILE **in, FILE **out)
{
	*in = need(fdopen(fd, "r"));
	*out = need(fdopen(dup(fd), "w"));
}

static void be_server(int client)
{
	char question[WORDS], answer[WORDS];
	FILE *in, *out;

	open_both(client, &in, &out);
	while (fgets(question, sizeof(question), in)) {
		find_answer(question, answer);
		fprintf(out, "%s\n", answer);
		if (fflush(out) != 0)
			break;		/* the client has gone: no matter */
	}
	_exit(0);
}

void socket_serve(const char *place, long clients)
{
	int listener = listen_at(place, PORT), client;

	signal(SIGPIPE, SIG_IGN);
	for (; clients != 0; clients -= clients > 0) {
		client = accept(listener, NULL, NULL);
		if (client < 0)
			err(1, "accept");
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		switch (fork()) {
		case -1:
			warn("fork");
			break;
		case 0:
			close(listener);
			be_server(client);
		}
		close(client);
	}
	while (wait(NULL) > 0)
		;
	if (place)
		unlink(place);
}

void socket_join(const char *place)
{
	if (questions) {
		fclose(questions);
		fclose(answers);
	}
	open_both(connect_to(place, PORT), &answers, &questions);
}

void socket_ask(const char *question, char answer[WORDS])
{
	fprintf(questions, "%s\n", question);
	if (fflush(questions) != 0)
		err(1, "send");
	if (!fgets(answer, WORDS, answers))
		errx(1, "the server has gone");
	answer[strcspn(answer, "\n")] = '\0';
}
