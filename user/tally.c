/*
 * tally.c - a counter in a file, which processes share and which stays.
 *
 * Each process maps the file, and adds 1 to the counter there. A record lock of
 * fcntl(2) keeps the other processes out between the load and the store. With
 * -n there is no lock: two processes load the same number, and one addition is
 * lost. On a disk the counter goes on after the next boot.
 */
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <program.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"tally [-n] [-p PROCESSES] [-c COUNT] FILE\n"
	"Processes (3) add 1 to a counter in FILE, each COUNT times (100).\n"
	"  -n  naive: without a lock\n"
	"The status is 1 if additions were lost.\n";

static bool is_naive;
static int file;
static volatile long *counter;

static void lock(short type)
{
	struct flock whole = { .l_type = type, .l_whence = SEEK_SET };

	if (!is_naive && fcntl(file, F_SETLKW, &whole) < 0)
		err(1, "lock");
}

static void add_one(void)
{
	long old;

	lock(F_WRLCK);
	old = *counter;
	sched_yield();			/* show what may happen here */
	*counter = old + 1;
	lock(F_UNLCK);
}

static void open_counter(const char *path)
{
	file = open(path, O_RDWR | O_CREAT, 0666);
	if (file < 0 || ftruncate(file, sizeof(*counter)) < 0)
		err(1, "%s", path);
	counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE,
		       MAP_SHARED, file, 0);
	if (counter == MAP_FAILED)
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	long processes = 3, count = 100, before, lost;
	int option;

	while ((option = getopt(argc, argv, "hnp:c:")) != -1)
		switch (option) {
		case 'n':
			is_naive = true;
			break;
		case 'p':
			processes = parse_number(optarg, 1, 100, "processes");
			break;
		case 'c':
			count = parse_number(optarg, 1, 1000000, "count");
			break;
		default: usage(option, help);
		}
	if (argc != optind + 1)
		usage('?', help);
	open_counter(argv[optind]);
	before = *counter;
	for (long i = 0; i < processes; i++)
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			for (long n = 0; n < count; n++)
				add_one();
			_exit(0);
		}
	while (wait(NULL) > 0)
		continue;
	lost = before + processes * count - *counter;
	printf("%ld, lost %ld\n", *counter, lost);
	return finish(lost != 0);
}
