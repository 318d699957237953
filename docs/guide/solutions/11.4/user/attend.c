/* attend.c - one process, two clients: poll() tells which client speaks. */
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child of this number speaks after so many milliseconds. */
static int start_client(int number)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		err(1, "socketpair");
	if (fork() == 0) {
		usleep(number == 1 ? 200000 : 50000);
		dprintf(ends[1], "%d", number);
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

int main(void)
{
	struct pollfd clients[2] = {
		{ start_client(1), POLLIN, 0 }, { start_client(2), POLLIN, 0 },
	};
	char byte;

	for (int left = 2; left > 0;) {
		if (poll(clients, 2, -1) < 0)
			err(1, "poll");
		for (int i = 0; i < 2; i++) {
			if (!clients[i].revents)
				continue;
			if (read(clients[i].fd, &byte, 1) == 1) {
				dprintf(1, "client %c speaks\n", byte);
			} else {
				clients[i].fd = -1;
				left--;
			}
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
