/* bells.c - three timers and one wait. */
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { BELLS = 3 };

int main(void)
{
	static const int after_ms[BELLS] = { 30, 10, 20 };
	struct pollfd bells[BELLS];
	uint64_t expiries;

	for (int i = 0; i < BELLS; i++) {
		const struct itimerspec once = {
			.it_value.tv_nsec = after_ms[i] * 1000000 };

		bells[i].fd = timerfd_create(CLOCK_MONOTONIC, 0);
		bells[i].events = POLLIN;
		timerfd_settime(bells[i].fd, 0, &once, NULL);
	}
	for (int left = BELLS; left > 0; left--) {
		poll(bells, BELLS, -1);
		for (int i = 0; i < BELLS; i++) {
			if (bells[i].fd < 0 || !(bells[i].revents & POLLIN))
				continue;
			read(bells[i].fd, &expiries, sizeof(expiries));
			bells[i].fd = -1;
			printf("%d ms\n", after_ms[i]);
		}
	}
	return 0;
}
