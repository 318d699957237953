/* show.c - sleep for 0 to 20,000 ns, so that the timer's interrupt comes at
 * every place of the way into the idle task. */
#include <stdio.h>
#include <time.h>

int main(void)
{
	struct timespec pause = { 0, 0 };

	for (pause.tv_nsec = 0; pause.tv_nsec < 20000; pause.tv_nsec++)
		nanosleep(&pause, NULL);
	puts("each sleep ended");
	return 0;
}
