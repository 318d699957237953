/*
 * hostile_crowd.c - an ordinary user lets one call concern hundreds of threads,
 * descriptors or semaphores: the results are right, and other tasks run
 * in between.
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch,
 * as for hostile_long_call.c.
 *
 * linux: no
 */
#include <limits.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/sem.h>

#include "kernel/abi/futex.h"
#include "tests/user/helpers.h"
#include "tests/user/raw.h"

#define ATTACKER	1000
#define THREADS		250
#define SETS		300
#define MEMBERS		250

#define PIDFDS		1000
#define ENTRIES		500
#define VIEWS		400

/* ---- Threads ------------------------------------------------------------- */

static uint32_t word;
static int queue, reports[2];

static long futex(int operation, int value)
{
	return raw_call(RAW_futex, (uintptr_t)&word, operation, value, 0);
}

static void start_threads(int count, void *(*function)(void *))
{
	pthread_attr_t attr;
	pthread_t thread;

	require(setuid(ATTACKER) == 0 && pipe(reports) == 0);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN);
	for (int i = 0; i < count; i++)
		require(pthread_create(&thread, &attr, function, NULL) == 0);
	usleep(200000);
}

/* So many threads have come back from their call. */
static void count_reports(int count)
{
	char byte;

	for (int i = 0; i < count; i++)
		require(read(reports[0], &byte, 1) == 1);
}

static void report(int is_right)
{
	write(reports[1], is_right ? "y" : "n", 1);
	for (;;)
		pause();
}

static void *wait_at_word(void *unused)
{
	(void)unused;
	report(futex(FUTEX_WAIT, 0) == 0);
	return NULL;
}

CASE(wake_of_hundreds_of_threads_is_one_stretch)
{
	start_threads(THREADS, wait_at_word);
	expect(futex(FUTEX_WAKE, INT_MAX) == THREADS);
	count_reports(THREADS);
}

static void *wait_in_queue(void *unused)
{
	(void)unused;
	report(msgrcv(queue, NULL, 0, 0, 0) == -1 && errno == EIDRM);
	return NULL;
}

CASE(removed_queue_wakes_hundreds_of_threads_in_one_stretch)
{
	require(setuid(ATTACKER) == 0);
	queue = msgget(IPC_PRIVATE, 0600);
	require(queue >= 0);
	start_threads(THREADS, wait_in_queue);
	expect(msgctl(queue, IPC_RMID, NULL) == 0);
	count_reports(THREADS);
}

static void *wait_for_child(void *unused)
{
	(void)unused;
	report(waitpid(-1, NULL, 0) == -1 && errno == ECHILD);
	return NULL;
}

CASE(end_of_a_child_wakes_hundreds_of_threads_in_one_stretch)
{
	pid_t child;

	require(pipe(reports) == 0);
	child = fork_or_fail();
	if (child == 0) {
		close(reports[1]);
		_exit(read(reports[0], &word, 1) != 0);
	}
	close(reports[0]);
	queue = reports[1];
	start_threads(THREADS, wait_for_child);
	close(queue);
	count_reports(THREADS - 1);
}

static int stop_threads(void)
{
	start_threads(THREADS, wait_at_word);
	kill(getpid(), SIGSTOP);
	_exit(0);
}

CASE(stop_and_end_of_hundreds_of_threads_are_one_stretch)
{
	pid_t child = start(stop_threads);
	int status;

	expect(waitpid(child, &status, WUNTRACED) == child &&
	       WIFSTOPPED(status));
	expect(kill(child, SIGCONT) == 0);
	expect(result_of(child) == 0);
	child = start(stop_threads);
	expect(waitpid(child, &status, WUNTRACED) == child);
	expect(kill_and_wait(child) == -SIGKILL);
}

/* ---- Semaphores, descriptors, mappings ----------------------------------- */

static int undo_many(void)
{
	struct sembuf add = { 0, 1, SEM_UNDO };
	int set;

	require(setuid(ATTACKER) == 0);
	for (int i = 0; i < SETS; i++) {
		set = semget(IPC_PRIVATE, MEMBERS, 0600);
		require(set >= 0 && semop(set, &add, 1) == 0);
		write(reports[1], &set, sizeof(set));
	}
	return 0;
}

CASE(end_of_a_process_with_many_undos_is_one_stretch)
{
	int set;

	require(pipe(reports) == 0);
	expect(run_in_child(undo_many) == 0);
	for (int i = 0; i < SETS; i++) {
		require(read(reports[0], &set, sizeof(set)) == sizeof(set));
		expect(semctl(set, 0, GETVAL) == 0);
		expect(semctl(set, 0, IPC_RMID) == 0);
	}
}

/* The end of any process, of any user, must not look at all pidfds. */
static int open_pidfds(void)
{
	const struct rlimit most = { OPEN_MAX, OPEN_MAX };
	pid_t child = start(pause);

	require(setrlimit(RLIMIT_NOFILE, &most) == 0);
	for (int i = 0; i < PIDFDS; i++)
		require(pidfd_open(i % 2 ? getpid() : child, 0) >= 0);
	kill_and_wait(child);
	return 0;
}

CASE(end_of_a_process_looks_at_all_pidfds)
{
	expect(run_in_child(open_pidfds) == 0);
}

static int sets[3];

static int wait_at_sets(void)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_wait(sets[0], &event, 1, -1);
}

/* A report follows each entry of a set of sets. */
CASE(report_of_a_wait_at_many_entries_is_one_stretch)
{
	const struct rlimit most = { OPEN_MAX, OPEN_MAX };
	struct epoll_event event = { .events = EPOLLIN };
	char text[4096];
	int fds[2], copy;
	pid_t child;

	require(setrlimit(RLIMIT_NOFILE, &most) == 0 && setuid(ATTACKER) == 0);
	for (int i = 0; i < 3; i++)
		require((sets[i] = epoll_create1(0)) >= 0);
	for (int i = 0; i < ENTRIES; i++) {
		require(pipe(fds) == 0);
		for (int k = 1; k < 3; k++)
			require(epoll_ctl(sets[k], EPOLL_CTL_ADD, fds[0],
					  &event) == 0);
	}
	for (int k = 1; k < 3; k++)
		require(epoll_ctl(sets[0], EPOLL_CTL_ADD, sets[k],
				  &event) == 0);
	child = start(wait_at_sets);
	until_asleep(child);
	copy = read_text("/proc/waits", text, sizeof(text));
	expect(copy && read_text("/proc/why", text, sizeof(text)));
	kill_and_wait(child);
}

static int wait_at_view(void)
{
	return raw_call(RAW_futex, (uintptr_t)nowhere, FUTEX_WAIT, 0, 0);
}

/* Hundreds of mappings show the word of a lock. */
CASE(report_of_a_lock_with_many_mappings_is_one_stretch)
{
	pid_t children[4];
	char text[4096], *at;
	int fd = shm_open("/crowd", O_RDWR | O_CREAT, 0600);

	require(fd >= 0 && ftruncate(fd, 4096) == 0);
	shm_unlink("/crowd");
	require(setuid(ATTACKER) == 0);
	for (int i = 0; i < VIEWS; i++) {
		at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  0);
		require(at != MAP_FAILED);
	}
	nowhere = at;
	for (int i = 0; i < 4; i++) {
		children[i] = start(wait_at_view);
		until_asleep(children[i]);
	}
	expect(read_text("/proc/waits", text, sizeof(text)));
	expect(read_text("/proc/why", text, sizeof(text)));
	for (int i = 0; i < 4; i++)
		kill_and_wait(children[i]);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
