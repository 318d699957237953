/*
 * hostile_proc.c - an ordinary user with many processes, descriptors and names
 * opens the long texts of /proc: the texts are complete, and other tasks run
 * meanwhile (tests/tools/latency counts the longest stretch).
 *
 * linux: no
 */
#include <dirent.h>
#include <limits.h>
#include <mailbox.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define ATTACKER	1000
#define POLLERS		100
#define PIPES		16
#define NAMES		300
#define REGIONS		900

static char *text;

/* The whole file, with a NUL behind. */
static void read_proc(const char *path)
{
	size_t bytes = 1u << 20, done = 0;
	int fd = open(path, O_RDONLY);
	ssize_t part;

	require(fd >= 0);
	text = realloc(text, bytes + 1);
	require(text != NULL);
	while ((part = read(fd, text + done, bytes - done)) > 0)
		done += part;
	text[done] = '\0';
	close(fd);
}

/* Poll pipes of its own, whose write ends this process holds. */
static int poll_pipes(void)
{
	struct pollfd set[PIPES];
	int fds[2];

	for (int i = 0; i < PIPES; i++) {
		require(pipe(fds) == 0);
		set[i].fd = fds[0];
		set[i].events = POLLIN;
	}
	return poll(set, PIPES, -1);
}

static int has_line_of(pid_t pid, const char *word)
{
	char start[16], *line;

	snprintf(start, sizeof(start), "\n%d\t", (int)pid);
	line = strstr(text, start);
	return line && strstr(line, word) &&
	       strstr(line, word) < strchr(line + 1, '\n');
}

CASE(waits_of_many_pollers_are_cut)
{
	pid_t pollers[POLLERS];

	require(setuid(ATTACKER) == 0);
	for (int i = 0; i < POLLERS; i++)
		pollers[i] = start(poll_pipes);
	for (int i = 0; i < POLLERS; i++)
		until_asleep(pollers[i]);
	read_proc("/proc/waits");
	for (int i = 0; i < POLLERS; i++)
		expect(has_line_of(pollers[i], "\tpoll\t"));
	read_proc("/proc/why");
	read_proc("/proc/ipc");
	expect(strstr(text, "\tpipe\t") != NULL);
	read_proc("/proc/tasks");
	for (int i = 0; i < POLLERS; i++)
		expect(has_line_of(pollers[i], "\tblocked\t"));
	for (int i = 0; i < POLLERS; i++)
		kill_and_wait(pollers[i]);
}

/* fork() copies the descriptors in parts. */
static int fork_with_far_descriptors(void)
{
	pid_t child;

	require(dup2(1, 300) == 300 && dup2(1, 600) == 600);
	child = fork_or_fail();
	if (child == 0)
		_exit(0);
	return result_of(child);
}

CASE(reader_meets_a_process_that_fork_has_not_completed)
{
	pid_t child;

	for (int chance = 1; chance < 40; chance++) {
		test_switch_at(chance, 0);
		child = start(fork_with_far_descriptors);
		sched_yield();
		read_proc("/proc/waits");
		read_proc("/proc/why");
		read_proc("/proc/tasks");
		expect(result_of(child) == 0);
	}
	test_switch_at(0, 0);
}

static int set, inner, order[2];

static void *wait_at_set(void *unused)
{
	struct epoll_event event;

	epoll_wait(set, &event, 1, -1);
	return unused;
}

/* One thread waits at the set. The other closes the set in the set, and the
 * last descriptor of a pipe in it, when the order comes. */
static int close_on_order(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	pthread_t thread;
	int fds[2];
	char byte;

	require(pipe(fds) == 0 && pthread_create(&thread, NULL, wait_at_set,
						 NULL) == 0);
	require(epoll_ctl(inner, EPOLL_CTL_ADD, fds[0], &event) == 0);
	require(epoll_ctl(set, EPOLL_CTL_ADD, inner, &event) == 0);
	require(read(order[0], &byte, 1) == 1);
	close(inner);
	close(fds[0]);
	close(fds[1]);
	return read(order[0], &byte, 1);
}

/* The files of a set have no reference of the set. */
CASE(reader_meets_a_file_that_leaves_a_set)
{
	pid_t child;

	for (int chance = 1; chance < 60; chance++) {
		require(pipe(order) == 0);
		set = epoll_create1(0);
		inner = epoll_create1(0);
		child = start(close_on_order);
		close(inner);
		until_asleep(child);
		require(write(order[1], "x", 1) == 1);
		test_switch_at(chance, 0);
		read_proc(chance % 2 ? "/proc/waits" : "/proc/why");
		test_switch_at(0, 0);
		close(order[1]);
		kill_and_wait(child);
		close(order[0]);
		close(set);
	}
}

CASE(name_of_a_thread_forges_no_line)
{
	char name[16];

	require(prctl(PR_SET_NAME, "a\nblocked \033[2J") == 0);
	require(prctl(PR_GET_NAME, name) == 0);
	expect(strcmp(name, "a?blocked ?[2J") == 0);
	read_proc("/proc/self/status");
	expect(!strstr(text, "\nblocked") && !strchr(text, '\033'));
}

/* Regions that differ from their neighbours, so that they stay apart. */
static void map_many(void)
{
	for (int i = 0; i < REGIONS; i++)
		require(mmap(NULL, 0x1000, i % 2 ? PROT_READ : PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

/* Not the folders of other processes: a look makes their names. */
static int read_folder(const char *folder)
{
	char path[300];
	struct dirent *entry;
	struct stat status;
	DIR *files = opendir(folder);
	int count = 0;

	require(files != NULL);
	while ((entry = readdir(files)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (strchr("0123456789", entry->d_name[0]) ||
		    stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
		    access(path, R_OK) != 0)
			continue;
		read_proc(path);
		count++;
	}
	closedir(files);
	return count;
}

CASE(each_text_is_made_in_parts)
{
	require(setuid(ATTACKER) == 0);
	map_many();
	expect(read_folder("/proc") > 5);
	expect(read_folder("/proc/self") >= 3);
}

CASE(names_of_many_boxes_are_cut)
{
	char name[32];
	int made = 0;

	require(setuid(ATTACKER) == 0);
	for (; made < NAMES; made++) {
		int box;

		snprintf(name, sizeof(name), "/hostile-%d", made);
		box = mailbox_open(name, O_RDWR | O_CREAT, 0600, NULL);
		if (box < 0)
			break;
		close(box);
	}
	expect(made > 50);
	read_proc("/proc/ipc");
	for (int i = 0; i < made; i++) {
		snprintf(name, sizeof(name), "mailbox /hostile-%d\t", i);
		expect(strstr(text, name) != NULL);
		snprintf(name, sizeof(name), "/hostile-%d", i);
		expect(mailbox_unlink(name) == 0);
	}
}

/* Hundreds of numbers in front of the last descriptor are free. */
CASE(far_descriptor_is_listed)
{
	const struct rlimit most = { OPEN_MAX, OPEN_MAX };
	struct dirent *entry;
	int found = 0;
	DIR *open;

	require(setrlimit(RLIMIT_NOFILE, &most) == 0 && setuid(ATTACKER) == 0);
	require(dup2(1, OPEN_MAX - 1) == OPEN_MAX - 1);
	open = opendir("/proc/self/fd");
	require(open != NULL);
	while ((entry = readdir(open)) != NULL)
		found += atoi(entry->d_name) == OPEN_MAX - 1;
	closedir(open);
	expect(found == 1);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
