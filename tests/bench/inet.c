/*
 * inet.c - the cost of TCP and UDP on the loopback: a byte and back, a
 * connection, a byte of a stream, and a thousand idle connections beside.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tests/bench/bench.h"

#define CHUNK		16384
#define CHUNKS		64
#define IDLE		5		/* processes of a hundred connections */

static int ends[2], listener;
static char byte, buffer[CHUNK];
static struct sockaddr_in place;

static int bound(int type)
{
	socklen_t bytes = sizeof(place);
	int fd = socket(AF_INET, type, 0);

	memset(&place, 0, sizeof(place));
	place.sin_family = AF_INET;
	place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&place, bytes) < 0)
		return -1;
	getsockname(fd, (struct sockaddr *)&place, &bytes);
	return fd;
}

static int connected(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	connect(fd, (struct sockaddr *)&place, sizeof(place));
	return fd;
}

static int open_connection(const char *name)
{
	int on = 1;

	listener = bound(SOCK_STREAM);
	if (listener < 0) {
		report_missing(name);
		return -1;
	}
	listen(listener, 100);
	ends[0] = connected();
	ends[1] = accept(listener, NULL, NULL);
	setsockopt(ends[1], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return 0;
}

static void close_all(pid_t pid)
{
	close(ends[0]);
	close(listener);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void round_trip(void *unused)
{
	(void)unused;
	write(ends[0], &byte, 1);
	read(ends[0], &byte, 1);
}

static pid_t start_echo(void)
{
	pid_t pid = fork();

	if (pid > 0) {
		close(ends[1]);
		return pid;
	}
	close(ends[0]);
	while (read(ends[1], &byte, 1) == 1) {
		use_fpu();
		write(ends[1], &byte, 1);
	}
	_exit(0);
}

static void tcp_row(const char *name)
{
	pid_t pid;

	if (open_connection(name) < 0)
		return;
	watch(ends[0]);
	watch(ends[1]);
	pid = start_echo();
	report(name, measure(round_trip, NULL));
	close_all(pid);
}

static void udp_row(const char *name)
{
	struct sockaddr_in first;
	pid_t pid;

	ends[0] = bound(SOCK_DGRAM);
	if (ends[0] < 0) {
		report_missing(name);
		return;
	}
	first = place;
	ends[1] = bound(SOCK_DGRAM);
	connect(ends[0], (struct sockaddr *)&place, sizeof(place));
	connect(ends[1], (struct sockaddr *)&first, sizeof(first));
	pid = start_echo();
	report(name, measure(round_trip, NULL));
	close(ends[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The client closes first; the server takes each client and closes too. */
static void come_and_go(void *unused)
{
	int client = connected(), server = accept(listener, NULL, NULL);

	(void)unused;
	close(client);
	close(server);
}

static void connect_row(const char *name)
{
	listener = bound(SOCK_STREAM);
	if (listener < 0) {
		report_missing(name);
		return;
	}
	listen(listener, 100);
	report(name, measure(come_and_go, NULL));
	close(listener);
}

static void send_chunks(void *unused)
{
	(void)unused;
	for (int i = 0; i < CHUNKS; i++)
		write(ends[0], buffer, sizeof(buffer));
}

static void stream_row(const char *name)
{
	pid_t pid;

	if (open_connection(name) < 0)
		return;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		while (read(ends[1], buffer, sizeof(buffer)) > 0)
			use_fpu();
		_exit(0);
	}
	close(ends[1]);
	send_chunks(NULL);
	report_share(name, measure_once(send_chunks, NULL), CHUNK * CHUNKS);
	close_all(pid);
}

/* A process with a hundred connections, which all sleep. */
static pid_t start_idle(void)
{
	int ready[2], client;
	pid_t pid;

	pipe(ready);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 100; i++) {
			client = connected();
			accept(listener, NULL, NULL);
			(void)client;
		}
		write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	read(ready[0], &byte, 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static uint64_t cost_beside(int processes)
{
	pid_t idle[IDLE], echo;
	uint64_t cost;
	int i;

	if (open_connection("") < 0)
		return 0;
	for (i = 0; i < processes; i++)
		idle[i] = start_idle();
	echo = start_echo();
	cost = measure(round_trip, NULL);
	for (i = 0; i < processes; i++) {
		kill(idle[i], SIGKILL);
		waitpid(idle[i], NULL, 0);
	}
	close_all(echo);
	return cost;
}

static void idle_row(const char *name)
{
	if (!is_worst)
		report_difference(name, cost_beside(0), cost_beside(IDLE));
}

static const struct row rows[] = {
	{ "udp-rtt", udp_row },
	{ "tcp-rtt", tcp_row },
	{ "tcp-connect", connect_row },
	{ "tcp-stream", stream_row },
	{ "tcp-idle", idle_row },
};

int main(int argc, char **argv)
{
	return run_rows(rows, LENGTH(rows), argc, argv);
}
