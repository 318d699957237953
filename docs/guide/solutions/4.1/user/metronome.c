/* metronome.c - a timer that is read. */
#include <stdint.h>
#include <stdio.h>
#include <sys/timerfd.h>
#include <unistd.h>

int main(void)
{
	struct itimerspec beat = { { 0, 10000000 }, { 0, 10000000 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t expiries, ticks = 0;

	timerfd_settime(fd, 0, &beat, NULL);
	while (ticks < 3) {
		read(fd, &expiries, sizeof(expiries));
		for (; expiries > 0 && ticks < 3; expiries--)
			printf("tick %d\n", (int)++ticks);
	}
	return 0;
}
