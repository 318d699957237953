/*
 * inet_quota_parley.c - a user cannot take the memory of the network: another
 * user can still connect.
 */
#include "tests/user/inet.h"

#define SOCKETS		60
#define DATAGRAMS	300
#define ROOM		262144

static char body[1000];

/* False: the user's part is in use up to the last socket. */
static int fill_one(void)
{
	int from = socket(AF_INET, SOCK_DGRAM, 0);
	int to = from >= 0 ? socket(AF_INET, SOCK_DGRAM, 0) : -1;
	struct sockaddr_in place = place_of(0);
	int room = ROOM;

	if (to < 0 || bind(to, (struct sockaddr *)&place, sizeof(place)) != 0)
		return 0;
	setsockopt(to, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (connect_to(from, to) == 0)
		for (int i = 0; i < DATAGRAMS; i++) {
			send(from, body, sizeof(body), 0);
			sched_yield();
		}
	close(from);
	return 1;
}

static int fill(void)
{
	require(setuid(1001) == 0);
	for (int i = 0; i < SOCKETS && fill_one(); i++)
		;
	kill(getpid(), SIGSTOP);
	return 0;
}

static int connect_as_another(void)
{
	int ends[2], from = socket(AF_INET, SOCK_DGRAM, 0);
	char byte;

	require(setuid(1002) == 0);
	ends[1] = bound(SOCK_DGRAM);
	expect(connect_to(from, ends[1]) == 0);
	expect(send(from, body, sizeof(body), 0) == sizeof(body));
	expect(read(ends[1], &byte, 1) == 1);
	open_connection(ends);
	expect(write(ends[0], body, sizeof(body)) == sizeof(body));
	expect(read(ends[1], &byte, 1) == 1);
	return case_failed;
}

CASE(user_cannot_take_the_memory_of_the_network)
{
	pid_t greedy = start(fill);
	int status;

	require(waitpid(greedy, &status, WUNTRACED) == greedy);
	expect(WIFSTOPPED(status));
	expect(result_of(start(connect_as_another)) == 0);
	kill(greedy, SIGKILL);
	waitpid(greedy, &status, 0);
}

int main(int argc, char **argv)
{
	return run_inet_cases(argc, argv);
}
