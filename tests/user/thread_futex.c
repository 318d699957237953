/*
 * thread_futex.c - the system call below mutexes: arguments that futex()
 * refuses, and the threads that futex() wakes. A call of Parley only, so no
 * case runs elsewhere.
 *
 * linux: no
 */
#include <limits.h>
#include <time.h>

#include "tests/user/thread_case.h"

#define FUTEX_WAIT	0
#define FUTEX_WAKE	1
#define FUTEX_POST	2
#define FUTEX_TAKE	3
#define FUTEX_OWNER	0x100

#pragma weak futex
long futex(int *word, int operation, int value,
	const struct timespec *deadline);

static int word;

CASE(another_value_is_eagain)
{
	expect_error(futex(&word, FUTEX_WAIT, 1, NULL), EAGAIN);
	expect_error(futex(&word, FUTEX_WAIT | FUTEX_OWNER, 1, NULL), EAGAIN);
}

CASE(bad_arguments_are_einval)
{
	const struct timespec bad = { 0, 1000000000 }, negative = { -1, 0 };

	expect_error(futex(&word, 77, 0, NULL), EINVAL);
	expect_error(futex(&word, -1, 0, NULL), EINVAL);
	expect_error(futex(&word, FUTEX_WAKE, -1, NULL), EINVAL);
	expect_error(futex((int *)((char *)&word + 1), FUTEX_WAIT, 0, NULL),
		     EINVAL);
	expect_error(futex((int *)((char *)&word + 2), FUTEX_WAKE, 1, NULL),
		     EINVAL);
	expect_error(futex(&word, FUTEX_WAIT, 0, &bad), EINVAL);
	expect_error(futex(&word, FUTEX_WAIT, 0, &negative), EINVAL);
}

CASE(bad_addresses_are_efault)
{
	expect_error(futex(nowhere, FUTEX_WAIT, 0, NULL), EFAULT);
	expect_error(futex(nowhere, FUTEX_WAKE, 1, NULL), EFAULT);
	expect_error(futex((int *)0xc0000000, FUTEX_WAIT, 0, NULL), EFAULT);
	expect_error(futex((int *)-4, FUTEX_WAKE, 1, NULL), EFAULT);
	expect_error(futex(&word, FUTEX_WAIT, 0, nowhere), EFAULT);
}

/* The kernel notes the words that a space has used. A low address must not
 * match an empty note, and a misaligned word must not match the note of the
 * word beside. */
CASE(a_note_of_nothing_is_no_word)
{
	static const struct timespec at_once;
	static int words[8];

	for (int round = 0; round < 2; round++) {
		for (long at = 0; at < 64; at++) {
			int error = at % 4 ? EINVAL : EFAULT;

			expect_error(futex((int *)at, FUTEX_POST, 0, NULL),
				     error);
			expect_error(futex((int *)at, FUTEX_TAKE, 0, &at_once),
				     error);
			expect_error(futex((int *)-at, FUTEX_POST, 0, NULL),
				     error);
		}
		for (int i = 0; i < 8; i++) {
			char *askew = (char *)&words[i] + 2;

			expect_error(futex(&words[i], FUTEX_TAKE, 0, &at_once),
				     ETIMEDOUT);
			expect_error(futex((int *)askew, FUTEX_POST, 0, NULL),
				     EINVAL);
		}
	}
}

CASE(a_passed_deadline_is_etimedout)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	expect_error(futex(&word, FUTEX_WAIT, 0, &now), ETIMEDOUT);
	now = in_ms(CLOCK_MONOTONIC, 10);
	expect_error(futex(&word, FUTEX_WAIT, 0, &now), ETIMEDOUT);
}

CASE(waking_nobody_is_0)
{
	expect(futex(&word, FUTEX_WAKE, 1, NULL) == 0);
	expect(futex(&word, FUTEX_WAKE, INT_MAX, NULL) == 0);
}

static void *sleep_on_word(void *unused)
{
	(void)unused;
	return (void *)futex(&word, FUTEX_WAIT, 0, NULL);
}

CASE(as_many_are_woken_as_asked)
{
	pthread_t threads[6];
	long woken = 0;

	for (int i = 0; i < 6; i++)
		threads[i] = create(sleep_on_word, NULL);
	while (woken < 1)
		woken += futex(&word, FUTEX_WAKE, 1, NULL);
	expect(woken == 1);
	while (woken < 6) {
		long more = futex(&word, FUTEX_WAKE, 3, NULL);

		expect(more >= 0 && more <= 3);
		woken += more;
		sched_yield();
	}
	for (int i = 0; i < 6; i++)
		expect(join(threads[i]) == 0);
	expect(futex(&word, FUTEX_WAKE, INT_MAX, NULL) == 0);
}

static int *shared_word(int flags)
{
	int *w = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_ANONYMOUS | flags, -1, 0);

	require(w != MAP_FAILED);
	return w;
}

CASE(shared_memory_is_one_word_for_all)
{
	int *w = shared_word(MAP_SHARED);
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(futex(w, FUTEX_WAIT, 0, NULL) != 0);
	until_asleep(child);
	expect(futex(w, FUTEX_WAKE, 1, NULL) == 1);
	expect(result_of(child) == 0);
}

CASE(private_memory_is_each_ones_own)
{
	int *w = shared_word(MAP_PRIVATE);
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(futex(w, FUTEX_WAIT, 0, NULL) != 0);
	until_asleep(child);
	expect(futex(w, FUTEX_WAKE, 1, NULL) == 0);
	expect(is_asleep(child));
	expect(kill_and_wait(child) == -SIGKILL);
}

static int interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return futex(&word, FUTEX_WAIT, 0, NULL) == -1 && errno == EINTR &&
	       caught == 1 ? 0 : 1;
}

CASE(a_handler_ends_the_wait)
{
	pid_t child = start(interrupted);

	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 0);
}

CASE(a_handler_with_restart_does_not)
{
	int *w = shared_word(MAP_SHARED);
	pid_t child = fork_or_fail();

	if (child == 0) {
		set_handler(SIGUSR1, catch_it, SA_RESTART);
		_exit(futex(w, FUTEX_WAIT, 0, NULL) != 0 || caught != 1);
	}
	until_asleep(child);
	kill(child, SIGUSR1);
	while (futex(w, FUTEX_WAKE, 1, NULL) == 0)
		case_pause();
	expect(result_of(child) == 0);
}

CASE(words_of_one_page_are_different)
{
	int *w = shared_word(MAP_SHARED);
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(futex(w + 5, FUTEX_WAIT, 0, NULL) != 0);
	until_asleep(child);
	expect(futex(w, FUTEX_WAKE, 1, NULL) == 0);
	expect(futex(w + 4, FUTEX_WAKE, 1, NULL) == 0);
	expect(futex(w + 5, FUTEX_WAKE, 1, NULL) == 1);
	expect(result_of(child) == 0);
}

static void *hold_for_ever(void *m)
{
	pthread_mutex_lock(m);
	for (;;)
		pause();
	return NULL;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

CASE(the_kernel_knows_who_holds_a_mutex)
{
	static char text[8192];
	char wanted[32];
	pid_t child = fork_or_fail();

	if (child == 0) {
		create(hold_for_ever, &mutex);
		while (pthread_mutex_trylock(&mutex) == 0) {
			pthread_mutex_unlock(&mutex);
			sched_yield();
		}
		pthread_mutex_lock(&mutex);
	}
	do {
		case_pause();
		read_text("/proc/ipc", text, sizeof(text));
	} while (!strstr(text, "held by "));
	snprintf(wanted, sizeof(wanted), "held by %d", (int)child);
	expect(!strstr(text, wanted));	/* the second thread holds the mutex */
	expect(kill_and_wait(child) == -SIGKILL);
}

int main(int argc, char **argv)
{
	if (!futex || !leak_is_parley())
		return tap_done();
	return run_cases(argc, argv);
}
