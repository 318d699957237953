/* switches.c - how often did this task give the processor away? */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int naps = argc > 1 ? atoi(argv[1]) : 1;
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (int i = 0; i < naps; i++)
		usleep(1000);
	getrusage(RUSAGE_SELF, &after);
	printf("waited %ld times\n", after.ru_nvcsw - before.ru_nvcsw);
	return 0;
}
