/*
 * abuse_races.c - memory and descriptors that change while the kernel uses
 * them: changed by a process that shares the page, or by a second thread. Each
 * race runs many times. The results may differ, but each result must be a
 * possible result.
 */
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define PAGE	4096
#define ROUNDS	2000

static int fds[2];
static char *shared;

static void share(size_t bytes)
{
	shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
}

/* ---- A second process changes the memory behind a pointer ---------------- */

/* The path is good at one time, and without an end at the next. */
static int flip_path(void)
{
	for (;;) {
		shared[4] = 'x';
		sched_yield();
		shared[4] = '\0';
		sched_yield();
	}
	return 0;
}

CASE(path_changes_while_it_is_read)
{
	struct stat status;
	pid_t flipper;

	share(PAGE);
	memset(shared, 'x', PAGE);
	memcpy(shared, "/tmp", 4);
	flipper = start(flip_path);
	for (int i = 0; i < ROUNDS; i++) {
		int result = stat(shared, &status);

		require(result == 0 || errno == ENAMETOOLONG ||
			errno == ENOENT);
		sched_yield();
	}
	kill_and_wait(flipper);
}

static int flip_pollers(void)
{
	struct pollfd *poller = (struct pollfd *)shared;

	for (int i = 0;; i++) {
		poller[i % 8].fd = i % 3 ? fds[i % 2] : i * 12345;
		poller[i % 8].events = i;
		sched_yield();
	}
	return 0;
}

CASE(pollers_change_while_they_are_polled)
{
	pid_t flipper;

	share(PAGE);
	require(pipe(fds) == 0);
	flipper = start(flip_pollers);
	for (int i = 0; i < ROUNDS; i++) {
		int ready = poll((struct pollfd *)shared, 8, i % 2);

		require(ready >= 0 && ready <= 8);
	}
	kill_and_wait(flipper);
}

static int flip_arguments(void)
{
	char **words = (char **)shared;

	for (;;) {
		words[1] = (char *)0xc0000000;
		sched_yield();
		words[1] = NULL;
		sched_yield();
		words[1] = shared + 100;
	}
	return 0;
}

CASE(arguments_change_while_they_are_fetched)
{
	pid_t flipper;

	share(PAGE);
	strcpy(shared + 100, "word");
	((char **)shared)[0] = shared + 100;
	flipper = start(flip_arguments);
	for (int i = 0; i < ROUNDS; i++) {
		execve("/dev/null", (char **)shared, (char **)shared);
		require(errno == EACCES || errno == EFAULT);
		sched_yield();
	}
	kill_and_wait(flipper);
}

static int flip_data(void)
{
	for (int i = 0;; i++) {
		memset(shared, i, 2000);
		sched_yield();
	}
	return 0;
}

CASE(data_changes_while_it_is_written)
{
	static char copy[2000];
	pid_t flipper;

	share(PAGE);
	require(pipe(fds) == 0);
	flipper = start(flip_data);
	for (int i = 0; i < ROUNDS; i++) {
		require(write(fds[1], shared, 2000) == 2000);
		require(read_all(fds[0], copy, 2000));
	}
	kill_and_wait(flipper);
}

/* ---- A thread takes away an object in use -------------------------------- */

static pthread_t start_thread(void *(*function)(void *))
{
	pthread_t thread;

	require(pthread_create(&thread, NULL, function, NULL) == 0);
	return thread;
}

static volatile int stop;
static char *buffer;

static void *unmap_and_map(void *unused)
{
	(void)unused;
	while (!stop) {
		munmap(buffer, 4 * PAGE);
		sched_yield();
		mmap(buffer, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		     MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		sched_yield();
		mprotect(buffer, 4 * PAGE, PROT_NONE);
		sched_yield();
	}
	return NULL;
}

CASE(buffer_goes_while_it_is_read_into)
{
	static char bytes[4 * PAGE];
	pthread_t thread;
	long in = 0, out = 0;
	ssize_t n;

	buffer = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	require(pipe2(fds, O_NONBLOCK) == 0);
	thread = start_thread(unmap_and_map);
	for (int i = 0; i < ROUNDS; i++) {
		n = write(fds[1], bytes, sizeof(bytes));
		in += n > 0 ? n : 0;
		n = read(fds[0], buffer, 4 * PAGE);
		require(n > 0 || errno == EFAULT || errno == EAGAIN);
		out += n > 0 ? n : 0;
		n = write(fds[1], buffer, 4 * PAGE);
		require(n >= 0 || errno == EFAULT || errno == EAGAIN);
		in += n > 0 ? n : 0;
		sched_yield();
	}
	stop = 1;
	pthread_join(thread, NULL);
	while ((n = read(fds[0], bytes, sizeof(bytes))) > 0)
		out += n;
	expect(in == out);
}

static void *read_into_buffer(void *unused)
{
	ssize_t n;

	(void)unused;
	n = read(fds[0], buffer, 100);
	return (void *)(n < 0 ? (long)-errno : (long)n);
}

CASE(buffer_goes_while_its_reader_sleeps)
{
	pthread_t thread;
	void *result;
	char bytes[100];

	for (int i = 0; i < 50; i++) {
		buffer = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		require(pipe(fds) == 0);
		thread = start_thread(read_into_buffer);
		sched_yield();
		case_pause();
		munmap(buffer, PAGE);
		require(write(fds[1], "precious", 8) == 8);
		pthread_join(thread, &result);
		require((long)result == -EFAULT || (long)result == 8);
		set_nonblocking(fds[0], 1);
		require(read(fds[0], bytes, 100) == ((long)result == 8 ? -1
								       : 8));
		close(fds[0]);
		close(fds[1]);
	}
}

CASE(descriptor_is_closed_while_its_reader_sleeps)
{
	static char bytes[PAGE];
	pthread_t thread;
	void *result;

	buffer = bytes;
	for (int i = 0; i < 50; i++) {
		require(pipe(fds) == 0);
		thread = start_thread(read_into_buffer);
		sched_yield();
		case_pause();
		close(fds[0]);
		/* The reader keeps the pipe, and ends when a byte or the end of
		   file comes. */
		if (i % 2)
			write(fds[1], "x", 1);
		close(fds[1]);
		pthread_join(thread, &result);
		require((long)result >= 0 || (long)result == -EBADF);
	}
}

static void *close_and_open(void *unused)
{
	(void)unused;
	while (!stop) {
		close(100);
		sched_yield();
		dup2(fds[0], 100);
		sched_yield();
		dup2(fds[1], 100);
		sched_yield();
	}
	return NULL;
}

CASE(descriptor_changes_while_it_is_used)
{
	pthread_t thread;
	char bytes[100];

	require(pipe2(fds, O_NONBLOCK) == 0);
	set_handler(SIGPIPE, SIG_IGN, 0);
	thread = start_thread(close_and_open);
	for (int i = 0; i < ROUNDS; i++) {
		struct pollfd poller = { .fd = 100, .events = POLLIN };
		struct stat status;

		read(100, bytes, sizeof(bytes));
		write(100, bytes, sizeof(bytes));
		poll(&poller, 1, 0);
		fstat(100, &status);
		fcntl(100, F_DUPFD, 150);
		close(150);
		sched_yield();
	}
	stop = 1;
	pthread_join(thread, NULL);
}

CASE(descriptor_is_closed_under_a_poll)
{
	pthread_t thread;

	require(pipe(fds) == 0);
	dup2(fds[0], 100);
	thread = start_thread(close_and_open);
	for (int i = 0; i < 100; i++) {
		struct pollfd poller = { .fd = 100, .events = 0 };

		poll(&poller, 1, 2);
	}
	stop = 1;
	pthread_join(thread, NULL);
}

static void *exit_now(void *unused)
{
	(void)unused;
	sched_yield();
	_exit(33);
}

CASE(process_ends_while_its_threads_sleep)
{
	for (int i = 0; i < 50; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			require(pipe(fds) == 0);
			buffer = malloc(100);
			for (int j = 0; j < 3; j++)
				start_thread(read_into_buffer);
			start_thread(exit_now);
			read_into_buffer(NULL);
			_exit(34);
		}
		require(result_of(child) == 33);
	}
}

static void *exec_now(void *unused)
{
	char *argv[] = { (char *)case_program, "--exit", NULL };

	(void)unused;
	sched_yield();
	execv(case_program, argv);
	_exit(35);
}

CASE(exec_while_threads_sleep)
{
	for (int i = 0; i < 30; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			require(pipe(fds) == 0);
			buffer = malloc(100);
			for (int j = 0; j < 3; j++)
				start_thread(read_into_buffer);
			start_thread(exec_now);
			read_into_buffer(NULL);
			_exit(34);
		}
		require(result_of(child) == 7);
	}
}

static void *fork_often(void *unused)
{
	(void)unused;
	for (int i = 0; i < 30; i++) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		waitpid(child, NULL, 0);
	}
	return NULL;
}

CASE(fork_while_another_thread_maps)
{
	pthread_t mapper, forker;

	buffer = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mapper = start_thread(unmap_and_map);
	forker = start_thread(fork_often);
	pthread_join(forker, NULL);
	stop = 1;
	pthread_join(mapper, NULL);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--exit") == 0)
		return 7;
	return run_cases(argc, argv);
}
