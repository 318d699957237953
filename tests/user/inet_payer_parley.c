/*
 * inet_payer_parley.c - the first network socket starts the network, and the
 * user who opens the socket does not pay for the network's task for ever.
 */
#include "tests/user/greedy.h"
#include "tests/user/inet.h"

static void open_the_first_socket(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(setuid(1003) != 0 ||
		      (socket(AF_INET, SOCK_DGRAM, 0) < 0 &&
		       errno != EAFNOSUPPORT));
	waitpid(pid, NULL, 0);
}

CASE(user_pays_for_the_task_of_the_network)
{
	expect(used_by(1003, "tasks") <= 0);
	expect(used_by(1003, "memory") <= 0);
}

int main(int argc, char **argv)
{
	open_the_first_socket();
	return run_cases(argc, argv);
}
