/*
 * nice.c - run a program with a changed nice value.
 *
 * The nice value is from -20 (the longest turns) to 19; 0 is usual.
 */
#include <err.h>
#include <program.h>
#include <sys/resource.h>
#include <unistd.h>

static const char help[] =
	"nice [-n INCREMENT] [PROGRAM [ARGUMENT...]]\n"
	"Runs the program with its nice value raised by 10, or INCREMENT.\n"
	"Without a program, prints the nice value.\n";

int main(int argc, char **argv)
{
	int option, increment = 10, current = getpriority(PRIO_PROCESS, 0);

	while ((option = getopt(argc, argv, "+hn:")) != -1)
		switch (option) {
		case 'n':
			increment = parse_number(optarg, -40, 40, "increment");
			break;
		default: usage(option, help);
		}
	argv += optind;
	if (*argv) {
		if (setpriority(PRIO_PROCESS, 0, current + increment) < 0)
			warn("cannot set the nice value");
		execute(argv);
	}
	printf("%d\n", current);
	return finish(0);
}
