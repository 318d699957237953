/*
 * thread_cancel.c - a thread that is cancelled ends at a cancellation point,
 * with its cleanup handlers, and loses nothing. Any POSIX system.
 */
#include <poll.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tests/user/parley_test.h"
#include "tests/user/thread_case.h"

static int fds[2];
static sem_t started, go;
static char order[16];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void begin(void)
{
	require(pipe(fds) == 0);
	require(sem_init(&started, 0, 0) == 0 && sem_init(&go, 0, 0) == 0);
}

static int is_cancelled(pthread_t thread)
{
	return (void *)join(thread) == PTHREAD_CANCELED;
}

static void note(void *letter)
{
	order[strlen(order)] = (char)(long)letter;
}

/* ---- Points -------------------------------------------------------------- */

static void wait_in_read(void)
{
	char byte;

	read(fds[0], &byte, 1);
}

static void wait_in_write(void)
{
	int full[2];

	require(pipe(full) == 0);
	fill_pipe(full[1]);
	write(full[1], "x", 1);
}

static void wait_in_poll(void)
{
	struct pollfd poller = { .fd = fds[0], .events = POLLIN };

	poll(&poller, 1, -1);
}

static void wait_in_sleep(void)
{
	sleep(1000);
}

static void wait_in_pause(void)
{
	pause();
}

static void wait_in_semaphore(void)
{
	sem_t none;

	sem_init(&none, 0, 0);
	sem_wait(&none);
}

static void wait_for_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		close(fds[1]);
		wait_in_read();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void wait_for_signal(void)
{
	sigset_t set = set_of(SIGUSR2);
	int number;

	sigwait(&set, &number);
}

static void wait_for_condition(void)
{
	pthread_mutex_lock(&mutex);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
}

static void wait_in_receive(void)
{
	int pair[2];
	char byte;

	require(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	recv(pair[0], &byte, 1, 0);
}

static void (*const waits[])(void) = {
	wait_in_read, wait_in_poll, wait_in_sleep, wait_in_pause,
	wait_in_semaphore, wait_for_child, wait_for_signal,
	wait_for_condition, wait_in_receive, wait_in_write,
};

#define WAITS	((int)(sizeof(waits) / sizeof(waits[0])))

static void *wait_at(void *number)
{
	sem_post(&started);
	waits[(long)number]();
	return NULL;
}

CASE(each_wait_is_a_cancellation_point)
{
	pthread_t thread;

	begin();
	for (long i = 0; i < WAITS; i++) {
		pthread_mutex_init(&mutex, NULL);
		thread = create(wait_at, (void *)i);
		sem_wait(&started);
		for (int n = 0; n < 20; n++)
			case_pause();
		expect(pthread_cancel(thread) == 0);
		expect(is_cancelled(thread));
	}
	close(fds[1]);
}

static void *wait_when_asked_before(void *number)
{
	sem_post(&started);
	pthread_mutex_lock(&mutex);	/* no point */
	pthread_mutex_unlock(&mutex);
	waits[(long)number]();
	return NULL;
}

CASE(request_before_the_wait_is_not_lost)
{
	pthread_t thread;

	begin();
	for (long i = 0; i < WAITS; i++) {
		if (waits[i] == wait_in_write || waits[i] == wait_for_child)
			continue;
		pthread_mutex_init(&mutex, NULL);
		pthread_mutex_lock(&mutex);
		thread = create(wait_when_asked_before, (void *)i);
		sem_wait(&started);
		expect(pthread_cancel(thread) == 0);
		case_pause();
		pthread_mutex_unlock(&mutex);
		expect(is_cancelled(thread));
	}
}

/* ---- State and type ------------------------------------------------------ */

static volatile int may_ask, turns;

static void *loop(void *is_async)
{
	pthread_setcanceltype(is_async ? PTHREAD_CANCEL_ASYNCHRONOUS
				       : PTHREAD_CANCEL_DEFERRED, NULL);
	sem_post(&started);
	while (!may_ask)
		turns++;
	pthread_testcancel();
	return NULL;
}

CASE(loop_ends_at_its_own_question)
{
	pthread_t thread;

	begin();
	thread = create(loop, NULL);
	sem_wait(&started);
	expect(pthread_cancel(thread) == 0);
	case_pause();
	may_ask = 1;
	expect(is_cancelled(thread));
}

CASE(asynchronous_thread_ends_in_a_loop)
{
	pthread_t thread;

	begin();
	thread = create(loop, (void *)1);
	sem_wait(&started);
	expect(pthread_cancel(thread) == 0);
	expect(is_cancelled(thread));
}

static void *switch_off(void *unused)
{
	char byte = 0;
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	expect(old == PTHREAD_CANCEL_ENABLE);
	sem_post(&started);
	expect(read(fds[0], &byte, 1) == 1 && byte == 'x');
	note((void *)'r');
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	expect(old == PTHREAD_CANCEL_DISABLE);
	note((void *)'e');
	pthread_testcancel();
	note((void *)'x');
	return unused;
}

CASE(request_waits_while_cancellation_is_off)
{
	pthread_t thread;

	begin();
	thread = create(switch_off, NULL);
	sem_wait(&started);
	expect(pthread_cancel(thread) == 0);
	case_pause();
	require(write(fds[1], "x", 1) == 1);
	expect(is_cancelled(thread));
	expect(strcmp(order, "re") == 0);
	expect(pthread_setcancelstate(7, NULL) == EINVAL);
	expect(pthread_setcanceltype(7, NULL) == EINVAL);
}

/* ---- The end ------------------------------------------------------------- */

static void *clean_up(void *unused)
{
	pthread_cleanup_push(note, (void *)'a');
	pthread_cleanup_push(note, (void *)'b');
	sem_post(&started);
	wait_in_read();
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return unused;
}

CASE(cleanup_handlers_run_the_last_one_first)
{
	pthread_t thread;

	begin();
	thread = create(clean_up, NULL);
	sem_wait(&started);
	expect(pthread_cancel(thread) == 0);
	expect(is_cancelled(thread));
	expect(strcmp(order, "ba") == 0);
}

static void give_back(void *unused)
{
	(void)unused;
	note((void *)(long)(pthread_mutex_trylock(&mutex) == EBUSY ? 'h'
								   : 'n'));
	pthread_mutex_unlock(&mutex);
}

static void *wait_with_mutex(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(give_back, NULL);
	sem_post(&started);
	for (;;)
		pthread_cond_wait(&cond, &mutex);
	pthread_cleanup_pop(0);
	return unused;
}

CASE(cancelled_condition_wait_has_the_mutex_again)
{
	pthread_t thread;

	begin();
	thread = create(wait_with_mutex, NULL);
	sem_wait(&started);
	pthread_mutex_lock(&mutex);	/* the thread waits now */
	expect(pthread_cancel(thread) == 0);
	case_pause();
	pthread_mutex_unlock(&mutex);
	expect(is_cancelled(thread));
	expect(strcmp(order, "h") == 0);
	expect(pthread_mutex_trylock(&mutex) == 0);
}

static void *join_other(void *thread)
{
	sem_post(&started);
	pthread_join(*(pthread_t *)thread, NULL);
	return NULL;
}

static void *read_and_return(void *unused)
{
	wait_in_read();
	return unused;
}

CASE(cancelled_join_leaves_the_thread_joinable)
{
	pthread_t thread, joiner;

	begin();
	thread = create(read_and_return, (void *)3);
	joiner = create(join_other, &thread);
	sem_wait(&started);
	case_pause();
	expect(pthread_cancel(joiner) == 0);
	expect(is_cancelled(joiner));
	require(write(fds[1], "x", 1) == 1);
	expect(join(thread) == 3);
}

static void *cancel_itself(void *unused)
{
	expect(pthread_cancel(pthread_self()) == 0);
	note((void *)'a');
	pthread_testcancel();
	return unused;
}

CASE(thread_can_cancel_itself)
{
	expect(is_cancelled(create(cancel_itself, NULL)));
	expect(strcmp(order, "a") == 0);
}

static volatile int got;

static void *read_one(void *unused)
{
	char byte;

	sem_post(&started);
	if (read(fds[0], &byte, 1) == 1)
		got = 1;
	return unused;
}

/* Some systems lose the byte: glibc before version 2.41. */
CASE(byte_is_read_or_left_in_the_pipe)
{
	struct pollfd poller = { .events = POLLIN };
	pthread_t thread;
	int is_left;
	char byte;

	begin();
	poller.fd = fds[0];
	for (int i = 0; i < 50; i++) {
		got = 0;
		thread = create(read_one, NULL);
		sem_wait(&started);
		if (i % 2)
			case_pause();
		require(write(fds[1], "x", 1) == 1);
		expect(pthread_cancel(thread) == 0);
		expect(is_cancelled(thread) != got);
		is_left = poll(&poller, 1, 0) == 1 &&
			  read(fds[0], &byte, 1) == 1;
		expect(is_left != got || !leak_is_parley());
	}
}

static sem_t unit;

static void *take_unit(void *unused)
{
	sem_post(&started);
	if (sem_wait(&unit) == 0)
		got = 1;
	return unused;
}

/* The post gives the unit to the sleeping thread, and the request comes before
 * the thread runs; or in the other order. 0: there are fewer chances. */
static int cancel_and_post(int chance, int later, int cancels_first)
{
	pthread_t thread;
	int is_over, left;

	got = 0;
	sem_init(&unit, 0, 0);
	thread = create(take_unit, NULL);
	sem_wait(&started);
	if (chance % 2)
		case_pause();
	test_switch_at(chance, later);
	if (cancels_first)
		pthread_cancel(thread);
	sem_post(&unit);
	if (!cancels_first)
		pthread_cancel(thread);
	expect(is_cancelled(thread) != got);
	is_over = test_switch_at(0, 0) != 0;
	sem_getvalue(&unit, &left);
	expect(left != got || !leak_is_parley());
	return !is_over;
}

CASE(cancelled_thread_takes_the_unit_along)
{
	begin();
	for (int first = 0; first < 2; first++)
		for (int later = 0; later < 6; later++)
			for (int chance = 1; chance < 40 &&
			     cancel_and_post(chance, later, first); chance++)
				continue;
}

static void wait_in_handler(int number)
{
	(void)number;
	sem_post(&started);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

CASE(request_during_a_handler_ends_the_wait_below)
{
	pthread_t thread;

	begin();
	set_handler(SIGUSR1, wait_in_handler, SA_RESTART);
	thread = create(read_one, NULL);
	sem_wait(&started);
	for (int n = 0; n < 20; n++)
		case_pause();
	pthread_mutex_lock(&mutex);
	expect(pthread_kill(thread, SIGUSR1) == 0);
	sem_wait(&started);
	expect(pthread_cancel(thread) == 0);
	case_pause();
	pthread_mutex_unlock(&mutex);
	expect(is_cancelled(thread));
}

static void *print(void *unused)
{
	for (;;) {
		fprintf(stderr, "%s", "");
		fflush(stdout);
		pthread_testcancel();
	}
	return unused;
}

CASE(cancelled_thread_leaves_no_lock_of_a_file)
{
	pthread_t thread;

	begin();
	for (int i = 0; i < 10; i++) {
		thread = create(print, NULL);
		case_pause();
		expect(pthread_cancel(thread) == 0);
		expect(is_cancelled(thread));
	}
	fflush(stdout);
}

static FILE *file;

static void unlock_file(void *unused)
{
	(void)unused;
	funlockfile(file);
}

/* The program may hold the lock as well. */
static void *read_char(void *locks)
{
	long c;

	if (!locks)
		return (void *)(long)fgetc(file);
	flockfile(file);
	pthread_cleanup_push(unlock_file, NULL);
	c = fgetc(file);
	pthread_cleanup_pop(1);
	return (void *)c;
}

CASE(thread_that_waits_for_a_character_is_cancelled)
{
	pthread_t thread;

	for (long locks = 0; locks < 2; locks++) {
		begin();
		file = fdopen(fds[0], "r");
		require(file);
		thread = create(read_char, (void *)locks);
		usleep(30000);
		require(pthread_cancel(thread) == 0);
		expect(is_cancelled(thread));
		expect(write(fds[1], "ab", 2) == 2);
		expect(join(create(read_char, NULL)) == 'a');
		expect(fgetc(file) == 'b');
		fclose(file);
		close(fds[1]);
	}
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *wait_in_once(void *unused)
{
	(void)unused;
	pthread_once(&once, wait_in_read);
	return NULL;
}

static void come_out_of_once(void)
{
	note((void *)'o');
}

static void *next_once(void *unused)
{
	(void)unused;
	pthread_once(&once, come_out_of_once);
	return NULL;
}

CASE(cancelled_initialisation_begins_anew)
{
	pthread_t thread, next;

	begin();
	thread = create(wait_in_once, NULL);
	usleep(30000);
	next = create(next_once, NULL);
	usleep(30000);
	expect(order[0] == 0);
	require(pthread_cancel(thread) == 0);
	expect(is_cancelled(thread));
	join(next);
	expect(strcmp(order, "o") == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
