/*
 * fail_sweep.c - every allocation and every user copy fails once, and the only
 * effect is an errno.
 *
 * Each operation below is done again and again; the first time its first
 * allocation in the kernel fails, then its second, and so on until the
 * operation succeeds. The same with copies from and to user memory. A failure
 * must give the right errno and leave no frame, no object and no descriptor
 * behind, and the next try must work. Only the test kernel makes failures:
 * elsewhere the operations are done once.
 *
 * An operation returns 0, or -1 with errno. In both cases the operation undoes
 * its work after disarm(). The file is long because there are many operations.
 */
#include <dirent.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define MOST	400		/* most failures of an operation */

static bool is_allocation_errno(int error)
{
	return error == ENOMEM || error == EAGAIN || error == ENOSPC ||
	       error == ENFILE;
}

static bool is_copy_errno(int error)
{
	return error == EFAULT;
}

static long (*armed)(long);	/* set up a failure, or NULL */
static long still_to_come;
static bool is_warm;		/* the operation has failed before */

/* From here on nothing fails: the undoing must work. */
static void disarm(void)
{
	int error = errno;

	if (armed)
		still_to_come = armed(0);
	armed = NULL;
	errno = error;
}

/* The n-th allocation or copy fails; false: the operation has fewer. */
static bool fails_at(long n, int (*operation)(void), long (*arm)(long),
		     bool (*is_right)(int))
{
	struct test_counters before, after;
	int result, error;
	bool has_failed;

	test_counters(&before);
	armed = arm;
	arm(n);
	result = operation();
	disarm();
	error = errno;
	has_failed = still_to_come == 0;
	test_counters(&after);
	if (result != 0 && !is_right(error))
		printf("# at the %ldth: errno %d\n", n, error);
	expect(result == 0 || (has_failed && is_right(error)));
	if (is_warm && test_leak(&before, &after) != 0) {
		printf("# at the %ldth:", n);
		test_print_leak(&before, &after);
		expect(!"something is left behind");
	}
	return has_failed;
}

static void sweep(int (*operation)(void), long (*arm)(long),
		  bool (*is_right)(int))
{
	long n;

	/* The first time costs pages of our own. */
	expect(operation() == 0);
	if (!test_is_possible())
		return;
	is_warm = false;
	fails_at(1, operation, arm, is_right);
	is_warm = true;
	expect(operation() == 0);
	for (n = 1; n < MOST; n++)
		if (!fails_at(n, operation, arm, is_right))
			break;
	expect(n < MOST);
	expect(operation() == 0);
	fflush(stdout);
}

/* Two cases for an operation. */
#define SWEEP(name)							\
	static int name(void);						\
	CASE(name##_and_an_allocation_fails)				\
	{								\
		sweep(name, test_fail_alloc, is_allocation_errno);	\
	}								\
	CASE(name##_and_a_copy_fails)					\
	{								\
		sweep(name, test_fail_copy, is_copy_errno);		\
	}								\
	static int name(void)

/* Close these descriptors; the errno of the failure stays. */
static int close_all(int result, int a, int b)
{
	int error = errno;

	disarm();
	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
	errno = error;
	return result;
}

/* ---- Descriptors and pipes ---------------------------------------------- */

SWEEP(pipe_is_made_and_used)
{
	static char page[PIPE_BYTES];
	int ends[2], result = 0;

	if (pipe(ends) != 0)
		return -1;
	if (write(ends[1], page, 5000) != 5000 ||
	    read(ends[0], page, 5000) != 5000)
		result = -1;
	return close_all(result, ends[0], ends[1]);
}

SWEEP(descriptor_table_grows)
{
	int fd = fcntl(0, F_DUPFD, 100);

	return close_all(fd < 0 ? -1 : 0, fd, -1);
}

SWEEP(poll_over_many)
{
	struct pollfd fds[200];

	for (int i = 0; i < 200; i++)
		fds[i] = (struct pollfd){ .fd = i % 3 ? -1 : 1,
					  .events = POLLIN };
	return poll(fds, 200, 1) < 0 ? -1 : 0;
}

SWEEP(socket_pair_is_made)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		return -1;
	return close_all(0, fds[0], fds[1]);
}

SWEEP(event_counter)
{
	int fd = eventfd(3, 0);
	eventfd_t value;

	if (fd < 0)
		return -1;
	return close_all(eventfd_read(fd, &value), fd, -1);
}

SWEEP(timer_descriptor)
{
	struct itimerspec in = { { 0, 0 }, { 5, 0 } }, old;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	if (fd < 0)
		return -1;
	return close_all(timerfd_settime(fd, 0, &in, &old), fd, -1);
}

SWEEP(signal_descriptor)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	fd = signalfd(-1, &set, 0);
	return close_all(fd < 0 ? -1 : 0, fd, -1);
}

/* ---- Files -------------------------------------------------------------- */

static int file_bytes(const char *path)
{
	static char bytes[9000];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600), result = 0;
	ssize_t done;

	if (fd < 0)
		return -1;
	done = write(fd, bytes, sizeof(bytes));
	if (done >= 0 && done < (ssize_t)sizeof(bytes))
		done = write(fd, bytes, sizeof(bytes) - done) < 0 ? -1 : 0;
	if (done < 0 || lseek(fd, 0, SEEK_SET) != 0 ||
	    read(fd, bytes, sizeof(bytes)) < 0 ||
	    ftruncate(fd, 20000) != 0)
		result = -1;
	return close_all(result, fd, -1);
}

SWEEP(file_is_made_and_written)
{
	int result = file_bytes("/tmp/sweep"), error = errno;

	disarm();
	unlink("/tmp/sweep");
	errno = error;
	return result;
}

SWEEP(folder_is_made_and_listed)
{
	int result = mkdir("/tmp/sweep.d", 0700), error, fd;
	struct stat status;

	if (result != 0)
		return -1;
	fd = open("/tmp/sweep.d", O_RDONLY);
	if (fd < 0 || fstat(fd, &status) != 0 ||
	    rename("/tmp/sweep.d", "/tmp/sweep.e") != 0)
		result = -1;
	disarm();
	error = errno;
	rmdir("/tmp/sweep.d");
	rmdir("/tmp/sweep.e");
	errno = error;
	return close_all(result, fd, -1);
}

SWEEP(proc_file_is_read)
{
	static char text[8192];
	int fd = open("/proc/tasks", O_RDONLY);

	if (fd < 0)
		return leak_is_parley() ? -1 : 0;
	return close_all(read(fd, text, sizeof(text)) < 0 ? -1 : 0, fd, -1);
}

SWEEP(fifo_is_opened)
{
	int result = mkfifo("/tmp/sweep.f", 0600), reader = -1, writer = -1;
	int error;

	if (result != 0)
		return -1;
	reader = open("/tmp/sweep.f", O_RDONLY | O_NONBLOCK);
	if (reader >= 0)
		writer = open("/tmp/sweep.f", O_WRONLY | O_NONBLOCK);
	disarm();
	error = errno;
	unlink("/tmp/sweep.f");
	errno = error;
	return close_all(writer < 0 ? -1 : 0, reader, writer);
}

/* ---- Memory ------------------------------------------------------------- */

SWEEP(pages_are_mapped_and_cut)
{
	char *at = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANON, -1, 0);
	int result, error;

	if (at == MAP_FAILED)
		return -1;
	result = mprotect(at + 4096, 4096, PROT_READ);
	if (result == 0)
		result = munmap(at + 4 * 4096, 4096);
	disarm();
	error = errno;
	munmap(at, 16 * 4096);
	errno = error;
	return result;
}

SWEEP(shared_object_is_mapped)
{
	int fd = shm_open("/sweep", O_RDWR | O_CREAT, 0600), error;
	void *at = MAP_FAILED;

	if (fd < 0)
		return -1;
	if (ftruncate(fd, 8192) == 0)
		at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			  0);
	disarm();
	error = errno;
	shm_unlink("/sweep");
	if (at != MAP_FAILED)
		munmap(at, 8192);
	errno = error;
	return close_all(at == MAP_FAILED ? -1 : 0, fd, -1);
}

/* ---- Queues and semaphores ---------------------------------------------- */

SWEEP(message_goes_through_a_queue)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 256 };
	mqd_t queue = mq_open("/sweep", O_RDWR | O_CREAT, 0600, &attr);
	char text[256] = "text";
	int result = 0, error;

	if (queue == (mqd_t)-1)
		return -1;
	if (mq_send(queue, text, 100, 1) != 0 ||
	    mq_receive(queue, text, sizeof(text), NULL) != 100)
		result = -1;
	disarm();
	error = errno;
	mq_unlink("/sweep");
	mq_close(queue);
	errno = error;
	return result;
}

/* A moment from now, by the clock of the calls below. */
static struct timespec soon(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return time;
}

/* A futex is allocated only beside another one of its bucket: a child sleeps at
 * a word, and this process tries words until one is in the same bucket. */
#define WORDS	4096

static union {
	sem_t semaphore;
	pthread_mutex_t mutex;
} words[WORDS];

static int sleep_at_a_word(void)
{
	sem_init(&words[0].semaphore, 0, 0);
	return sem_wait(&words[0].semaphore);
}

static void find_full_bucket(int (*wait)(int), int wanted)
{
	pid_t sleeper = start(sleep_at_a_word);
	int error = ETIMEDOUT;

	until_asleep(sleeper);
	still_to_come = 1;
	for (int i = 0; i < WORDS && still_to_come > 0; i++) {
		expect(error == ETIMEDOUT);
		armed = test_fail_alloc;
		error = wait(i);
	}
	kill_and_wait(sleeper);
	if (test_is_possible())
		expect(still_to_come == 0 && error == wanted);
}

static int wait_for_unit(int i)
{
	const struct timespec deadline = soon();
	int result;

	sem_init(&words[i].semaphore, 0, 0);
	armed(1);
	result = sem_timedwait(&words[i].semaphore, &deadline);
	disarm();
	return result == 0 ? 0 : errno;
}

static int wait_for_mutex(int i)
{
	const struct timespec deadline = soon();
	int error;

	pthread_mutex_init(&words[i].mutex, NULL);
	pthread_mutex_lock(&words[i].mutex);
	armed(1);
	error = pthread_mutex_timedlock(&words[i].mutex, &deadline);
	disarm();
	return error;
}

CASE(semaphore_makes_the_caller_wait_and_an_allocation_fails)
{
	find_full_bucket(wait_for_unit, ENOMEM);
}

/* libc tries again: a lock has no such error. */
CASE(mutex_makes_the_caller_wait_and_an_allocation_fails)
{
	find_full_bucket(wait_for_mutex, ETIMEDOUT);
}

SWEEP(socket_gets_a_name)
{
	const struct sockaddr_un name = { AF_UNIX, "/tmp/fail-socket" };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), result, error;

	if (fd < 0)
		return -1;
	result = bind(fd, (const struct sockaddr *)&name, sizeof(name));
	disarm();
	error = errno;
	unlink(name.sun_path);
	errno = error;
	return close_all(result, fd, -1);
}

/* ---- Processes and signals ---------------------------------------------- */

SWEEP(child_is_forked)
{
	int status, result, error;
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	if (child < 0)
		return -1;
	result = waitpid(child, &status, 0) == child ? 0 : -1;
	disarm();
	error = errno;
	while (waitpid(child, NULL, 0) == child)
		;		/* whose status could not be told */
	errno = error;
	return result;
}

static void *end_at_once(void *unused)
{
	return unused;
}

SWEEP(thread_is_made)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, end_at_once, NULL);

	disarm();
	if (error == 0)
		pthread_join(thread, NULL);
	errno = error;
	return error ? -1 : 0;
}

SWEEP(child_with_many_descriptors_is_forked)
{
	int high = fcntl(0, F_DUPFD, 100), result = child_is_forked();

	if (high >= 0)
		close(high);
	return high < 0 ? -1 : result;
}

static void ignore_it(int n)
{
	(void)n;
}

SWEEP(signal_is_queued_and_taken)
{
	struct sigaction action, old;
	sigset_t set, before;
	siginfo_t info;
	int result = -1, error;

	memset(&action, 0, sizeof(action));
	action.sa_handler = ignore_it;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	if (sigaction(SIGUSR2, &action, &old) != 0)
		return -1;
	if (sigprocmask(SIG_BLOCK, &set, &before) == 0 &&
	    kill(getpid(), SIGUSR2) == 0 && sigwaitinfo(&set, &info) > 0)
		result = 0;
	disarm();
	error = errno;
	while (sigpending(&before) == 0 && sigismember(&before, SIGUSR2))
		sigwaitinfo(&set, &info);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigaction(SIGUSR2, &old, NULL);
	errno = error;
	return result;
}

SWEEP(timer_is_made)
{
	struct itimerspec in = { { 0, 0 }, { 5, 0 } }, old;
	timer_t timer;
	int result, error;

	if (timer_create(CLOCK_MONOTONIC, NULL, &timer) != 0)
		return -1;
	result = timer_settime(timer, 0, &in, &old);
	disarm();
	error = errno;
	timer_delete(timer);
	errno = error;
	return result;
}

/* exec: the child is the victim, and after a success no code is left to report.
 * After the end of the old program, a failure can only kill the child. */
static int exec_result(long (*arm)(long), long n)
{
	char *argv[] = { (char *)case_program, "--true", NULL };
	pid_t child = fork_or_fail();

	if (child == 0) {
		arm(n);
		execv(case_program, argv);
		_exit(errno);
	}
	return result_of(child);
}

static void sweep_exec(long (*arm)(long), bool (*is_right)(int))
{
	int result, failures = 0;

	for (long n = 1; n < 60; n++) {
		result = exec_result(arm, n);
		failures += result != 0;
		expect(result == 0 || result == -SIGKILL || is_right(result));
		/* The failures are the first tries, without a gap. */
		expect(result == 0 || failures == n);
	}
	expect(!test_is_possible() || failures > 1);
	expect(exec_result(arm, 0) == 0);
}

CASE(program_is_executed_and_an_allocation_fails)
{
	sweep_exec(test_fail_alloc, is_allocation_errno);
}

CASE(program_is_executed_and_a_copy_fails)
{
	sweep_exec(test_fail_copy, is_copy_errno);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--true") == 0)
		return 0;
	return run_cases(argc, argv);
}
