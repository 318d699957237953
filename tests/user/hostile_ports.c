/*
 * hostile_ports.c - an ordinary user binds as many sockets as the limits allow,
 * in a row of ports: a bind, a datagram and a close stay short.
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch.
 *
 * linux: no
 */
#include <limits.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "tests/user/hostile.h"
#include "tests/user/inet.h"

#define PORT	49200		/* of the ports that the kernel gives */

static int sockets[OPEN_MAX];

static int bind_many(int type)
{
	const struct rlimit most = { OPEN_MAX, OPEN_MAX };
	struct sockaddr_in at = { .sin_family = AF_INET };
	int count, i;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	require(setrlimit(RLIMIT_NOFILE, &most) == 0);
	become_attacker();
	for (count = 0; count < 4000; count++) {
		sockets[count] = socket(AF_INET, type, 0);
		if (sockets[count] < 0)
			break;
		at.sin_port = htons(PORT + count);
		if (bind(sockets[count], (struct sockaddr *)&at, sizeof(at)))
			break;
	}
	printf("# %d sockets\n", count);
	for (i = count - 4; i < count; i++)
		close(sockets[i]);
	i = socket(AF_INET, type, 0);
	at.sin_port = 0;
	require(i >= 0);
	expect(bind(i, (struct sockaddr *)&at, sizeof(at)) == 0);
	at.sin_port = htons(PORT);
	if (type == SOCK_DGRAM)
		expect(sendto(i, "x", 1, 0, (struct sockaddr *)&at,
			      sizeof(at)) == 1);
	else
		expect(connect(i, (struct sockaddr *)&at, sizeof(at)) == -1);
	return case_failed;
}

static int bind_datagrams(void)
{
	return bind_many(SOCK_DGRAM);
}

static int bind_streams(void)
{
	return bind_many(SOCK_STREAM);
}

CASE(datagram_looks_at_all_sockets)
{
	attack_beside_root(bind_datagrams);
}

CASE(stream_looks_at_all_sockets)
{
	attack_beside_root(bind_streams);
}

/* The queue of the socket is full, and poll() waits for room in each sender. */
static int poll_senders(int senders)
{
	static struct pollfd polled[OPEN_MAX];

	for (int i = 0; i < senders; i++)
		polled[i] = (struct pollfd){ sockets[i], POLLOUT, 0 };
	return poll(polled, senders, -1) == senders ? 0 : 1;
}

static void fill_and_empty(int to, int senders)
{
	char byte;
	pid_t child;

	while (send(sockets[0], "x", 1, MSG_DONTWAIT) == 1)
		continue;
	child = fork_or_fail();
	if (child == 0)
		_exit(poll_senders(senders));
	until_asleep(child);
	while (recv(to, &byte, 1, MSG_DONTWAIT) == 1)
		continue;
	expect(result_of(child) == 0);
}

static int send_from_many(void)
{
	const struct rlimit most = { OPEN_MAX, OPEN_MAX };
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "/tmp/m" };
	int to = socket(AF_UNIX, SOCK_DGRAM, 0), count;

	require(setrlimit(RLIMIT_NOFILE, &most) == 0);
	become_attacker();
	require(bind(to, (struct sockaddr *)&at, sizeof(at)) == 0);
	for (count = 0; count < 3000; count++) {
		sockets[count] = socket(AF_UNIX, SOCK_DGRAM, 0);
		if (sockets[count] < 0 || connect(sockets[count],
		    (struct sockaddr *)&at, sizeof(at)))
			break;
	}
	expect(count > 1000);
	fill_and_empty(to, count);
	expect(close(to) == 0);
	expect(send(sockets[0], "x", 1, MSG_NOSIGNAL) == -1);
	unlink("/tmp/m");
	return case_failed;
}

CASE(close_tells_all_senders)
{
	attack_beside_root(send_from_many);
}

#define DEPTH	6000

static int go_deep(void)
{
	char path[PATH_MAX];
	int i;

	become_attacker();
	require(chdir("/tmp") == 0);
	for (i = 0; i < DEPTH; i++)
		if (mkdir("d", 0700) != 0 || chdir("d") != 0)
			break;
	printf("# %d deep\n", i);
	expect(getcwd(path, sizeof(path)) == NULL && errno == ERANGE);
	expect(mkdir("a", 0700) == 0 && mkdir("b", 0700) == 0);
	expect(rename("a", "b/a") == -1 && errno == ENAMETOOLONG);
	expect(rename("b", "b/b") == -1 && errno == EINVAL);
	expect(rename("a", "c") == 0 && rmdir("c") == 0 && rmdir("b") == 0);
	for (; i > 0; i--)
		require(chdir("..") == 0 && rmdir("d") == 0);
	return case_failed;
}

CASE(deep_directory_is_walked_to_the_root)
{
	attack_beside_root(go_deep);
}

int main(int argc, char **argv)
{
	return run_inet_cases(argc, argv);
}
