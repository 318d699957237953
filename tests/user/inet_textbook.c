/*
 * inet_textbook.c - the client and server of every textbook: an echo server
 * that forks for each client, and a listener and a talker with datagrams. Each
 * finds its addresses by getaddrinfo(). Any POSIX system.
 */
#include <netdb.h>

#include "tests/user/inet.h"

#define CLIENTS		5
#define BYTES		20000

/* The first address that works; hint: AI_PASSIVE to bind, 0 to connect. */
static int open_at(const char *port, int type, int hint)
{
	struct addrinfo hints = {
		/* connect() of a datagram socket cannot choose. */
		.ai_family = type == SOCK_DGRAM ? AF_INET : AF_UNSPEC,
		.ai_socktype = type,
		.ai_flags = hint,
	};
	struct addrinfo *list, *at;
	int fd = -1, yes = 1;

	require(getaddrinfo(hint ? NULL : "localhost", port, &hints, &list)
		== 0);
	for (at = list; at; at = at->ai_next) {
		fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
		if ((hint ? bind : connect)(fd, at->ai_addr, at->ai_addrlen)
		    == 0)
			break;
		close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

static char *port_of(int fd)
{
	static char port[8];
	struct sockaddr_storage name;
	socklen_t bytes = sizeof(name);

	require(getsockname(fd, (struct sockaddr *)&name, &bytes) == 0);
	require(getnameinfo((struct sockaddr *)&name, bytes, NULL, 0, port,
			    sizeof(port), NI_NUMERICSERV) == 0);
	return port;
}

static int send_all(int fd, const char *bytes, size_t count)
{
	ssize_t sent;

	for (; count > 0; bytes += sent, count -= sent) {
		sent = send(fd, bytes, count, 0);
		if (sent < 0)
			return -1;
	}
	return 0;
}

/* ---- Stream -------------------------------------------------------------- */

static int listener;

static void echo(int client)
{
	char buffer[1024];
	ssize_t bytes;

	while ((bytes = recv(client, buffer, sizeof(buffer), 0)) > 0)
		if (send_all(client, buffer, bytes) < 0)
			_exit(1);
	_exit(bytes != 0);
}

static void reap(int signal)
{
	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static int serve(void)
{
	struct sigaction action = {
		.sa_handler = reap,
		.sa_flags = SA_RESTART,
	};
	struct sockaddr_storage from;
	socklen_t bytes;
	int client;

	sigaction(SIGCHLD, &action, NULL);
	for (;;) {
		bytes = sizeof(from);
		client = accept(listener, (struct sockaddr *)&from, &bytes);
		if (client < 0)
			return 1;
		if (fork() == 0) {
			close(listener);
			echo(client);
		}
		close(client);
	}
}

static int ask(void)
{
	static char out[BYTES], in[BYTES];
	int fd = open_at(port_of(listener), SOCK_STREAM, 0);
	pid_t sender;

	require(fd >= 0);
	for (int i = 0; i < BYTES; i++)
		out[i] = i * 31 + getpid();
	sender = fork();
	if (sender == 0)
		_exit(send_all(fd, out, BYTES) < 0 || shutdown(fd, SHUT_WR));
	expect(recv(fd, in, BYTES, MSG_WAITALL) == BYTES);
	expect(memcmp(in, out, BYTES) == 0);
	expect(recv(fd, in, 1, 0) == 0);
	expect(result_of(sender) == 0);
	return case_failed;
}

CASE(echo_server_answers_each_client)
{
	pid_t server, client[CLIENTS];

	listener = open_at("0", SOCK_STREAM, AI_PASSIVE);
	require(listener >= 0 && listen(listener, 10) == 0);
	server = start(serve);
	for (int i = 0; i < CLIENTS; i++)
		client[i] = start(ask);
	for (int i = 0; i < CLIENTS; i++)
		expect(result_of(client[i]) == 0);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

static void *address_in(struct sockaddr *name)
{
	return name->sa_family == AF_INET
		? (void *)&((struct sockaddr_in *)name)->sin_addr
		: (void *)&((struct sockaddr_in6 *)name)->sin6_addr;
}

/* ---- Datagrams ----------------------------------------------------------- */

CASE(listener_hears_the_talker)
{
	int hears = open_at("0", SOCK_DGRAM, AI_PASSIVE);
	int talks = open_at(port_of(hears), SOCK_DGRAM, 0);
	struct sockaddr_storage from;
	socklen_t bytes = sizeof(from);
	char buffer[100], name[INET6_ADDRSTRLEN];

	require(hears >= 0 && talks >= 0);
	expect(send(talks, "Greetings", 9, 0) == 9);
	expect(recvfrom(hears, buffer, sizeof(buffer), 0,
			(struct sockaddr *)&from, &bytes) == 9);
	expect(memcmp(buffer, "Greetings", 9) == 0);
	expect(inet_ntop(from.ss_family, address_in((struct sockaddr *)&from),
			 name, sizeof(name)) == name);
	expect(strcmp(name, "127.0.0.1") == 0);
	expect(sendto(hears, "back", 4, 0, (struct sockaddr *)&from, bytes)
	       == 4);
	expect(recv(talks, buffer, sizeof(buffer), 0) == 4);
}

int main(int argc, char **argv)
{
	return run_inet_cases(argc, argv);
}
