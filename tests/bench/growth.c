/*
 * growth.c - costs that must not grow with children, threads, regions,
 * descriptors, names, messages and pollers.
 *
 * Each row is the cost of one operation beside many less the cost beside few.
 * The expected answer is 0, exactly.
 *
 * only: parley
 */
#include <dirent.h>
#include <fcntl.h>
#include <mailbox.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/bench/bench.h"
#include "tests/bench/crowd.h"

#define PAGE		4096
#define FEW		10
#define CHILDREN	1000
#define THREADS		200
#define REGIONS		1000
#define DESCRIPTORS	200
#define NAMES		10000
#define THOUSAND	1000
#define MESSAGES	4000
#define POLLERS		100

/* ---- Children ----------------------------------------------------------- */

static pid_t first_child, children[CHILDREN];

static void add_children(int from, int count)
{
	int i;

	for (i = from; i < count; i++) {
		children[i] = fork();
		if (children[i] == 0)
			sleep_long(0);
	}
	first_child = children[0];
}

static void children_row(const char *name, void (*operation)(void *))
{
	uint64_t few;
	int i;

	add_children(0, FEW);
	few = measure(operation, NULL);
	add_children(FEW, CHILDREN);
	report_difference(name, few, measure(operation, NULL));
	for (i = 0; i < CHILDREN; i++)
		end_child(children[i]);
}

static void look_for_child(void *unused)
{
	(void)unused;
	waitpid(first_child, NULL, WNOHANG);
}

static void waitpid_row(const char *name)
{
	children_row(name, look_for_child);
}

static void ask_priority(void *unused)
{
	(void)unused;
	getpriority(PRIO_PROCESS, first_child);
}

static void getpriority_row(const char *name)
{
	children_row(name, ask_priority);
}

/* ---- Threads ------------------------------------------------------------ */

static pthread_t threads[THREADS];
static pthread_barrier_t end;

static void *wait_for_end(void *unused)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	pthread_barrier_wait(&end);
	return unused;
}

/* An operation beside one and beside many threads that wait. */
static void threads_row(const char *name, void (*operation)(void *))
{
	uint64_t few, many;
	int i;

	pthread_barrier_init(&end, NULL, THREADS + 1);
	pthread_create(&threads[0], NULL, wait_for_end, NULL);
	usleep(100000);
	few = measure(operation, NULL);
	for (i = 1; i < THREADS; i++)
		pthread_create(&threads[i], NULL, wait_for_end, NULL);
	usleep(100000);
	many = measure(operation, NULL);
	report_difference(name, few, many);
	pthread_barrier_wait(&end);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void take(int signal)
{
	(void)signal;
}

static void kill_self(void *unused)
{
	(void)unused;
	kill(getpid(), SIGUSR1);
}

static void kill_row(const char *name)
{
	signal(SIGUSR1, take);
	threads_row(name, kill_self);
}

static void *end_at_once(void *unused)
{
	return unused;
}

static void create_and_join(void *unused)
{
	pthread_t thread;

	(void)unused;
	pthread_create(&thread, NULL, end_at_once, NULL);
	pthread_join(thread, NULL);
}

static void thread_row(const char *name)
{
	threads_row(name, create_and_join);
}

/* ---- Regions and descriptors -------------------------------------------- */

static char *map(int protection)
{
	return mmap(NULL, PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
}

/* Neighbours with different rights stay regions of their own. */
static void add_regions(int from, int count)
{
	for (; from < count; from++)
		map(from % 2 ? PROT_READ : PROT_READ | PROT_WRITE);
}

static void map_touch_unmap(void *unused)
{
	char *page = map(PROT_READ | PROT_WRITE);

	(void)unused;
	*page = 1;
	munmap(page, PAGE);
}

static void regions_row(const char *name)
{
	uint64_t few;

	add_regions(0, FEW);
	few = measure(map_touch_unmap, NULL);
	add_regions(FEW, REGIONS);
	report_difference(name, few, measure(map_touch_unmap, NULL));
}

static void dup_and_close(void *unused)
{
	(void)unused;
	close(dup(0));
}

static void dup_row(const char *name)
{
	uint64_t few = measure(dup_and_close, NULL);
	int descriptors[DESCRIPTORS], i;

	for (i = 0; i < DESCRIPTORS; i++)
		descriptors[i] = dup(0);
	report_difference(name, few, measure(dup_and_close, NULL));
	for (i = 0; i < DESCRIPTORS; i++)
		close(descriptors[i]);
}

/* ---- Names -------------------------------------------------------------- */

static void add_names(int from, int count)
{
	char path[32];

	for (; from < count; from++) {
		snprintf(path, sizeof(path), "/tmp/many/%05d", from);
		close(open(path, O_WRONLY | O_CREAT, 0600));
	}
}

static void read_names(void *unused)
{
	DIR *directory = opendir("/tmp/many");

	(void)unused;
	while (readdir(directory))
		continue;
	closedir(directory);
}

static uint64_t cost_with_names(int from, int count)
{
	add_names(from, count);
	return measure_once(read_names, NULL);
}

/* Per name: of the second and of the tenth thousand. */
static void readdir_row(const char *name)
{
	uint64_t few, many;

	mkdir("/tmp/many", 0700);
	cost_with_names(0, THOUSAND);	/* the first time brings pages in */
	few = cost_with_names(0, THOUSAND);
	few = cost_with_names(THOUSAND, 2 * THOUSAND) - few;
	many = cost_with_names(2 * THOUSAND, NAMES - THOUSAND);
	many = cost_with_names(NAMES - THOUSAND, NAMES) - many;
	report_growth(name, few, many, THOUSAND);
}

/* ---- Messages ----------------------------------------------------------- */

static int box;

static void send_type(int type)
{
	struct message head = { .type = type, .bytes = 4, .fd = -1 };

	mailbox_send(box, &head, &type, 0, NULL);
}

static void send_and_receive(void *unused)
{
	struct message head = { .type = 7 };
	int body;

	(void)unused;
	send_type(7);
	mailbox_receive(box, &head, &body, sizeof(body), 0, NULL);
}

static void type_row(const char *name)
{
	struct mailbox_attr attr = { .capacity = MESSAGES + 1,
				     .message_bytes = 4 };
	uint64_t few;
	int i;

	box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	for (i = 0; i < FEW; i++)
		send_type(1);
	few = measure(send_and_receive, NULL);
	for (; i < MESSAGES; i++)
		send_type(1);
	report_difference(name, few, measure(send_and_receive, NULL));
	close(box);
}

/* ---- Waiters and pollers ------------------------------------------------ */

static int quiet[2], busy[2];
static char byte;

static void wait_with_priority(int number)
{
	setpriority(PRIO_PROCESS, 0, number % 20);
	while (read(busy[0], &byte, 1) == 1)
		continue;
}

static void write_byte(void *unused)
{
	(void)unused;
	write(busy[1], &byte, 1);
}

static void let_sleep(void *unused)
{
	(void)unused;
	usleep(1000);
}

/* The cost of a write beside so many processes. */
static uint64_t write_cost(int count, void (*body)(int))
{
	pid_t crowd = start_crowd(count, body);
	uint64_t cost = measure_prepared(let_sleep, write_byte, NULL);

	stop_crowd(crowd);
	return cost;
}

static void priorities_row(const char *name)
{
	uint64_t few;

	pipe(busy);
	few = write_cost(1, wait_with_priority);
	report_difference(name, few,
			  write_cost(CHILDREN, wait_with_priority));
	close(busy[0]);
	close(busy[1]);
}

static void poll_quiet_pipe(int unused)
{
	struct pollfd data = { .fd = quiet[0], .events = POLLIN };

	(void)unused;
	for (;;)
		poll(&data, 1, -1);
}

static void pollers_row(const char *name)
{
	uint64_t few;

	pipe(quiet);
	pipe(busy);
	few = write_cost(1, poll_quiet_pipe);
	report_difference(name, few, write_cost(POLLERS, poll_quiet_pipe));
}

static void read_waits(void *unused)
{
	static char text[8192];
	int fd = open("/proc/waits", O_RDONLY);

	(void)unused;
	while (read(fd, text, sizeof(text)) > 0)
		continue;
	close(fd);
}

static uint64_t cost_with_tasks(int count)
{
	pid_t crowd = start_crowd(count, sleep_long);
	uint64_t cost = measure_once(read_waits, NULL);

	stop_crowd(crowd);
	return cost;
}

/* All numbers of tasks get four digits, and the lines one length. */
static void use_up_short_numbers(void)
{
	pid_t child;

	do {
		child = fork();
		if (child == 0)
			_exit(0);
		waitpid(child, NULL, 0);
	} while (child < THOUSAND);
}

/* Per task: of the second and of the tenth hundred. */
static void waits_row(const char *name)
{
	uint64_t few, many;

	use_up_short_numbers();
	cost_with_tasks(CHILDREN);	/* the first time brings pages in */
	few = cost_with_tasks(CHILDREN / 10);
	few = cost_with_tasks(CHILDREN / 5) - few;
	many = cost_with_tasks(CHILDREN * 9 / 10);
	many = cost_with_tasks(CHILDREN) - many;
	report_growth(name, few, many, CHILDREN / 10);
}

static const struct row rows[] = {
	{ "grow-dup", dup_row },
	{ "grow-types", type_row },
	{ "grow-pollers", pollers_row },
	{ "grow-kill", kill_row },
	{ "grow-threads", thread_row },
	{ "grow-waitpid", waitpid_row },
	{ "grow-getprio", getpriority_row },
	{ "grow-waiters", priorities_row },
	{ "grow-waits", waits_row },
	{ "grow-readdir", readdir_row },
	{ "grow-regions", regions_row },	/* the regions stay */
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
