/*
 * importer.c - messages in files: nothing is lost and nothing is taken twice,
 * whenever the machine stops.
 *
 * Two programs share a spool (<spool.h>), and need not run at the same time.
 * The receiver sleeps until inotify tells of a new name in the spool. A
 * message may come twice: if the power fails between the work and its mark of
 * success, the work is done again. So the receiver keeps the number of its last
 * message and the sum in ONE file: both change together or not at all, and a
 * number that is not new is dropped.
 */
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <program.h>
#include <spool.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"importer [-N] [-n COUNT] DIRECTORY\n"
	"A sender puts numbers (1 to 10, or to COUNT) as files into\n"
	"DIRECTORY/import; a receiver takes them and adds them up. Stop the\n"
	"machine at any time: the next importer goes on.\n"
	"  -N  naive: files are there before their text. Numbers are lost,\n"
	"      and the status is 1.\n";

#define TEXT_BYTES	64
#define WORK_US		20000	/* the sender's, for a text */

static long count = 10;
static bool is_naive;
static int home, spool;

/* Up to two numbers from a file; 0 for each that is not there. */
static void get(int directory, const char *name, long long numbers[2])
{
	char text[TEXT_BYTES] = "";
	int fd = openat(directory, name, O_RDONLY);

	numbers[0] = numbers[1] = 0;
	if (fd < 0)
		return;
	if (read(fd, text, sizeof(text) - 1) < 0)
		err(1, "%s", name);
	close(fd);
	sscanf(text, "%lld %lld", &numbers[0], &numbers[1]);
}

static void put(int directory, const char *name, long long first,
		long long second)
{
	char text[TEXT_BYTES];
	int bytes = sprintf(text, "%lld %lld\n", first, second);

	if (spool_put(directory, name, text, bytes) < 0)
		err(1, "%s", name);
}

static void send_all(void)
{
	char name[TEXT_BYTES];
	long long sent[2];

	get(home, "sent", sent);
	while (sent[0] < count) {
		sent[0]++;
		sprintf(name, "%08lld", sent[0]);
		put(spool, name, sent[0], 0);
		put(home, "sent", sent[0], 0);
	}
	exit(0);
}

/* A file has its name at once, and its text when the work is done. */
static void send_naively(void)
{
	char name[TEXT_BYTES];
	long number;
	int fd;

	for (number = 1; number <= count; number++) {
		sprintf(name, "%08ld", number);
		fd = openat(spool, name, O_CREAT | O_WRONLY, 0600);
		if (fd < 0)
			err(1, "%s", name);
		usleep(WORK_US);
		dprintf(fd, "%ld\n", number);
		close(fd);
	}
	exit(0);
}

/* The receiver trusts the name, and removes the message before the total is
 * safe: a power cut in between would lose it, too. */
static void take_naively(const char *name, long long total[2])
{
	long long message[2];

	get(spool, name, message);
	unlinkat(spool, name, 0);
	total[0]++;
	total[1] += message[0];
}

/* The message was taken when the total is on the disk. */
static void take(const char *name, long long total[2])
{
	long long message[2];

	get(spool, name, message);
	if (message[0] > total[0] + 1)
		errx(1, "message %lld is lost", total[0] + 1);
	if (message[0] == total[0] + 1) {
		total[0]++;
		total[1] += message[0];
		put(home, "total", total[0], total[1]);
		printf("imported %lld\n", total[0]);
		fflush(stdout);
	}
	if (spool_done(spool, name) < 0)
		err(1, "%s", name);
}

/* Sleep until a name comes to the spool, or the sender ends. */
static void wait_for_name(struct pollfd sources[2])
{
	char events[512], name[NAME_MAX + 1];

	if (poll(sources, 2, -1) < 0)
		err(1, "poll");
	if (sources[0].revents && read(sources[0].fd, events,
				       sizeof(events)) < 0)
		err(1, "inotify");
	else if (!sources[0].revents && spool_first(spool, name) <= 0)
		errx(1, "the sender has ended");
}

/* The status: 1 if messages are lost. */
static int take_all(struct pollfd sources[2])
{
	char name[NAME_MAX + 1];
	long long total[2];

	get(home, "total", total);
	printf("goes on after %lld\n", total[0]);
	fflush(stdout);
	while (total[0] < count) {
		if (spool_first(spool, name) > 0)
			(is_naive ? take_naively : take)(name, total);
		else
			wait_for_name(sources);
	}
	printf("%lld messages, sum %lld\n", total[0], total[1]);
	return total[1] == total[0] * (total[0] + 1) / 2 ? 0 : 1;
}

/* The descriptor of the notices about the import directory. */
static int open_all(char *directory)
{
	char *import = join_path(directory, "import");
	int notices = inotify_init();

	home = spool_open(directory);
	if (home < 0)
		err(1, "%s", directory);
	spool = spool_open(import);
	if (spool < 0)
		err(1, "import");
	if (notices < 0 || inotify_add_watch(notices, import, IN_MOVED_TO |
					     (is_naive ? IN_CREATE : 0)) < 0)
		err(1, "inotify");
	return notices;
}

int main(int argc, char **argv)
{
	struct pollfd sources[2] = { { .events = POLLIN },
				     { .events = POLLIN } };
	int option, status;
	pid_t sender;

	while ((option = getopt(argc, argv, "hNn:")) != -1)
		switch (option) {
		case 'N': is_naive = true; break;
		case 'n':
			count = parse_number(optarg, 1, LONG_MAX, "count");
			break;
		default: usage(option, help);
		}
	if (argc != optind + 1)
		usage('?', help);
	sources[0].fd = open_all(argv[optind]);
	sender = fork();
	if (sender < 0)
		err(1, "fork");
	if (sender == 0)
		(is_naive ? send_naively : send_all)();
	sources[1].fd = pidfd_open(sender, 0);
	if (sources[1].fd < 0)
		err(1, "pidfd_open");
	status = take_all(sources);
	waitpid(sender, NULL, 0);	/* it may hold a file that is gone */
	return finish(status);
}
