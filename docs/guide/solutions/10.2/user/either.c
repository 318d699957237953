/* either.c - one poll() for a pipe and a timer. */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

int main(void)
{
	struct itimerspec soon = { { 0, 0 }, { 0, 50000000 } };
	struct pollfd set[2] = { { .events = POLLIN }, { .events = POLLIN } };
	uint64_t expiries;
	char text[8] = "";
	int fds[2];

	pipe(fds);
	set[0].fd = fds[0];
	set[1].fd = timerfd_create(CLOCK_MONOTONIC, 0);
	timerfd_settime(set[1].fd, 0, &soon, NULL);
	if (fork() == 0) {
		write(fds[1], "hello", 5);
		_exit(0);
	}
	for (int seen = 0; seen < 2 && poll(set, 2, -1) > 0; seen++)
		if (set[0].revents & POLLIN) {
			read(fds[0], text, sizeof(text) - 1);
			printf("pipe: %s\n", text);
		} else if (set[1].revents & POLLIN) {
			read(set[1].fd, &expiries, sizeof(expiries));
			printf("timer\n");
		}
	return 0;
}
