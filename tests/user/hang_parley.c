/*
 * hang_parley.c - /proc/why: the report about a program that hangs.
 *
 * With the word `pipe`, `mutexes` or `memory` this program hangs: see
 * tests/shell/hang.sh, which expects the names of the functions. With the word
 * `letters` two processes wait for each other's message: tests/tools/trace.py.
 */
#include "tests/user/thread_case.h"

#include <mailbox.h>

/* ---- Two mistakes -------------------------------------------------------- */

static void read_to_the_end(int fd)
{
	char byte;

	while (read(fd, &byte, 1) > 0)
		continue;
}

/* The reader has not closed the end for writing, so there is no end of file. */
static int forget_close(void)
{
	int fds[2];

	if (pipe(fds) < 0)
		return 1;
	if (fork() == 0) {
		printf("the reader reads\n");
		read_to_the_end(fds[0]);
		_exit(0);
	}
	close(fds[0]);
	close(fds[1]);
	return wait(NULL) < 0;
}

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both_have_one;

static void *lock_b_then_a(void *unused)
{
	pthread_mutex_lock(&b);
	pthread_barrier_wait(&both_have_one);
	pthread_mutex_lock(&a);
	return unused;
}

static int lock_a_then_b(void)
{
	pthread_t thread;

	pthread_barrier_init(&both_have_one, NULL, 2);
	pthread_create(&thread, NULL, lock_b_then_a, NULL);
	pthread_mutex_lock(&a);
	pthread_barrier_wait(&both_have_one);
	pthread_mutex_lock(&b);
	return 0;
}

/* The processes each wait for a letter, and answer it. */
static int wait_for_letters(void)
{
	static const char *const names[] = { "/first", "/second" };
	int in[2], out[2], i;

	for (i = 0; i < 2; i++) {
		in[i] = mailbox_open(names[i], O_RDONLY | O_CREAT, 0600, NULL);
		out[i] = mailbox_open(names[i], O_WRONLY, 0600, NULL);
		mailbox_unlink(names[i]);
	}
	for (i = 0; i < 2; i++) {
		struct message head = { .type = 0 };

		if (fork() > 0)
			continue;
		close(out[i]);
		close(in[1 - i]);
		mailbox_receive(in[i], &head, NULL, 0, 0, NULL);
		return mailbox_send(out[1 - i], &head, NULL, 0, NULL) < 0;
	}
	for (i = 0; i < 2; i++) {
		close(in[i]);
		close(out[i]);
	}
	return wait(NULL) < 0;
}

/* ---- Cases --------------------------------------------------------------- */

/* The first line of /proc/why with this beginning, as soon as the line
   appears. */
static const char *line_of_why(const char *begin)
{
	static char text[16384];
	char *line, *end;

	for (;;) {
		read_text("/proc/why", text, sizeof(text));
		line = strstr(text, begin);
		if (line)
			break;
		case_pause();
	}
	end = strchr(line, '\n');
	*end = '\0';
	return line;
}

static int forget_close_alone(void)
{
	int fds[2];

	if (pipe(fds) < 0)
		return 1;
	read_to_the_end(fds[0]);
	return 0;
}

/* Leave so little memory that no program could start, and hang. */
static int fill_memory(void)
{
	while (sysconf(_SC_AVPHYS_PAGES) > 8) {
		char *page = malloc(4096);

		if (!page)
			break;
		*page = 1;
	}
	printf("%ld pages\n", sysconf(_SC_AVPHYS_PAGES));
	return forget_close_alone();
}

CASE(reader_that_holds_the_other_end_waits_for_itself)
{
	pid_t child = start(forget_close_alone);
	char begin[80];

	snprintf(begin, sizeof(begin),
		 "deadlock: hang_parley(%d) waits for itself", (int)child);
	line_of_why(begin);
	kill_and_wait(child);
}

CASE(two_threads_are_one_circle)
{
	pid_t child = start(lock_a_then_b);
	char begin[80];
	const char *line;

	snprintf(begin, sizeof(begin), "deadlock: hang_parley(%d) waits for ",
		 (int)child);
	line = line_of_why(begin);
	expect(!strstr(line, "itself"));
	kill_and_wait(child);
}

static int sleep_long(void)
{
	sleep(1000);
	return 0;
}

static pid_t sleeper;

static int wait_for_sleeper(void)
{
	sleeper = start(sleep_long);
	return wait(NULL) < 0;
}

CASE(parent_of_a_sleeper_is_not_deadlocked)
{
	static char text[16384];
	pid_t child = start(wait_for_sleeper);
	char key[40];

	snprintf(key, sizeof(key), "task %d (hang_parley): waits for a child",
		 (int)child);
	line_of_why(key);
	read_text("/proc/why", text, sizeof(text));
	expect(!strstr(text, "deadlock: "));
	kill_and_wait(child);
}

/* ---- An owner that has ended --------------------------------------------- */

static pthread_mutex_t *orphan;

static int lock_orphan(void)
{
	return pthread_mutex_lock(orphan);
}

CASE(lock_of_a_dead_owner_looks_like_any_other)
{
	pthread_mutexattr_t attr;
	char begin[32], wanted[64];
	const char *line;
	pid_t owner, child;

	orphan = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(orphan != MAP_FAILED);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	require(pthread_mutex_init(orphan, &attr) == 0);
	owner = start(lock_orphan);
	expect(result_of(owner) == 0);
	child = start(lock_orphan);
	until_asleep(child);
	snprintf(begin, sizeof(begin), "task %d ", (int)child);
	snprintf(wanted, sizeof(wanted), "; task %d owns it, and has ended",
		 (int)owner);
	line = line_of_why(begin);
	expect(strstr(line, wanted) != NULL);
	expect(strstr(line, "who could end it") == NULL);
	kill_and_wait(child);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "pipe") == 0)
		return forget_close();
	if (argc > 1 && strcmp(argv[1], "mutexes") == 0)
		return lock_a_then_b();
	if (argc > 1 && strcmp(argv[1], "letters") == 0)
		return wait_for_letters();
	if (argc > 1 && strcmp(argv[1], "memory") == 0)
		return fill_memory();
	return run_cases(argc, argv);
}
