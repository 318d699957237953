/*
 * time.c - run a program and print the time of the run.
 *
 * real is the time on the clock; user and sys are the processor time of the
 * program, in its own code and in the kernel on its behalf. In the rest the
 * program waited.
 */
#include <err.h>
#include <program.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
	"time [-p] PROGRAM [ARGUMENT...]\n"
	"Runs the program and prints on standard error how long it took, in\n"
	"seconds. The status is that of the program.\n"
	"  -p  as always: the format of POSIX\n";

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage used;
	int option, status;
	long ms;

	while ((option = getopt(argc, argv, "+hp")) != -1)
		if (option != 'p')
			usage(option, help);
	argv += optind;
	if (!*argv)
		usage('?', help);
	clock_gettime(CLOCK_MONOTONIC, &start);
	status = run(argv);
	if (status < 0)
		err(1, "cannot run %s", *argv);
	clock_gettime(CLOCK_MONOTONIC, &end);
	getrusage(RUSAGE_CHILDREN, &used);
	ms = (end.tv_sec - start.tv_sec) * 1000 +
		(end.tv_nsec - start.tv_nsec) / 1000000;
	fprintf(stderr, "real %ld.%03ld\nuser %ld.%03ld\nsys %ld.%03ld\n",
		ms / 1000, ms % 1000,
		(long)used.ru_utime.tv_sec, (long)used.ru_utime.tv_usec / 1000,
		(long)used.ru_stime.tv_sec, (long)used.ru_stime.tv_usec / 1000);
	return status;
}
