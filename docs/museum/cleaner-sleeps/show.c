/* show.c - do the stacks of ended threads come back? */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *run(void *unused)
{
	return unused;
}

int main(void)
{
	long before = sysconf(_SC_AVPHYS_PAGES);
	pthread_t thread;

	for (int i = 0; i < 64; i++) {
		pthread_create(&thread, NULL, run, NULL);
		pthread_join(thread, NULL);
	}
	puts(before - sysconf(_SC_AVPHYS_PAGES) < 64 ? "nothing leaked"
						     : "leaked");
	return 0;
}
