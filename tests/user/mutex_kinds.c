/*
 * mutex_kinds.c - one driver tries the mutexes of all kinds: each type, with
 * and without priority inheritance, robust or not, of one process or several.
 * The results are those of POSIX, on Linux too.
 */
#include "tests/user/thread_case.h"

static struct kind {
	int type, protocol, robust, shared;
} kind;

static struct page {
	pthread_mutex_t mutex;
	int is_held;
} *page;

static const char *const type_names[] = { "normal", "recursive", "check" };

static void begin(void)
{
	pthread_mutexattr_t attr;

	page = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(page != MAP_FAILED);
	require(pthread_mutexattr_init(&attr) == 0);
	require(pthread_mutexattr_settype(&attr, kind.type) == 0);
	require(pthread_mutexattr_setprotocol(&attr, kind.protocol) == 0);
	require(pthread_mutexattr_setrobust(&attr, kind.robust) == 0);
	require(pthread_mutexattr_setpshared(&attr, kind.shared) == 0);
	require(pthread_mutex_init(&page->mutex, &attr) == 0);
	pthread_mutexattr_destroy(&attr);
}

/* A failure names the kind. */
static void check(int got, int wanted, const char *what)
{
	char text[120];

	snprintf(text, sizeof(text), "%s%s%s%s: %s gives %d and not %d",
		 type_names[kind.type == PTHREAD_MUTEX_RECURSIVE ? 1 :
			    kind.type == PTHREAD_MUTEX_ERRORCHECK ? 2 : 0],
		 kind.protocol == PTHREAD_PRIO_INHERIT ? " inherit" : "",
		 kind.robust == PTHREAD_MUTEX_ROBUST ? " robust" : "",
		 kind.shared == PTHREAD_PROCESS_SHARED ? " shared" : "",
		 what, got, wanted);
	case_expect(got == wanted, TAP_HERE, text);
}

#define CHECK(call, wanted) check(call, wanted, #call)

static void on_each_kind(void (*work)(void))
{
	static const int types[] = {
		PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE,
		PTHREAD_MUTEX_ERRORCHECK,
	};

	for (int i = 0; i < 24; i++) {
		kind.type = types[i % 3];
		kind.protocol = i / 3 % 2 ? PTHREAD_PRIO_INHERIT
					  : PTHREAD_PRIO_NONE;
		kind.robust = i / 6 % 2 ? PTHREAD_MUTEX_ROBUST
					: PTHREAD_MUTEX_STALLED;
		kind.shared = i / 12 ? PTHREAD_PROCESS_SHARED
				     : PTHREAD_PROCESS_PRIVATE;
		begin();
		work();
		munmap(page, sizeof(*page));
	}
}

/* ---- The work ------------------------------------------------------------ */

static void *try_as_another(void *unused)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 5);
	struct timespec bad = { 1, 1000000000 };

	CHECK(pthread_mutex_trylock(&page->mutex), EBUSY);
	CHECK(pthread_mutex_timedlock(&page->mutex, &soon), ETIMEDOUT);
	CHECK(pthread_mutex_timedlock(&page->mutex, &bad), EINVAL);
	if (kind.type != PTHREAD_MUTEX_NORMAL ||
	    kind.robust == PTHREAD_MUTEX_ROBUST)
		CHECK(pthread_mutex_unlock(&page->mutex), EPERM);
	return unused;
}

static void hold_and_try(void)
{
	CHECK(pthread_mutex_lock(&page->mutex), 0);
	join(create(try_as_another, NULL));
	CHECK(pthread_mutex_unlock(&page->mutex), 0);
	CHECK(pthread_mutex_trylock(&page->mutex), 0);
	CHECK(pthread_mutex_unlock(&page->mutex), 0);
	CHECK(pthread_mutex_destroy(&page->mutex), 0);
}

/* glibc's EDEADLK of some kinds stands for EBUSY, the answer of POSIX. */
static int try_again(void)
{
	int error = pthread_mutex_trylock(&page->mutex);

	return error == EDEADLK && !leak_is_parley() ? EBUSY : error;
}

static void lock_twice(void)
{
	int is_recursive = kind.type == PTHREAD_MUTEX_RECURSIVE;

	CHECK(pthread_mutex_lock(&page->mutex), 0);
	CHECK(try_again(), is_recursive ? 0 : EBUSY);
	if (kind.type == PTHREAD_MUTEX_ERRORCHECK)
		CHECK(pthread_mutex_lock(&page->mutex), EDEADLK);
	if (is_recursive)
		CHECK(pthread_mutex_unlock(&page->mutex), 0);
	join(create(try_as_another, NULL));
	CHECK(pthread_mutex_unlock(&page->mutex), 0);
	if (kind.type != PTHREAD_MUTEX_NORMAL ||
	    kind.robust == PTHREAD_MUTEX_ROBUST)
		CHECK(pthread_mutex_unlock(&page->mutex), EPERM);
}

static void *lock_and_end(void *unused)
{
	CHECK(pthread_mutex_lock(&page->mutex), 0);
	page->is_held = 1;
	return unused;
}

static void lose_owner(void)
{
	pid_t pid;

	page->is_held = 0;
	if (kind.shared == PTHREAD_PROCESS_PRIVATE) {
		join(create(lock_and_end, NULL));
	} else {
		pid = fork();
		require(pid >= 0);
		if (pid == 0) {
			lock_and_end(NULL);
			_exit(case_failed);
		}
		require(waitpid(pid, NULL, 0) == pid);
	}
	require(page->is_held);
}

static void inherit_from_the_dead(void)
{
	if (kind.robust != PTHREAD_MUTEX_ROBUST)
		return;
	lose_owner();
	CHECK(pthread_mutex_lock(&page->mutex), EOWNERDEAD);
	CHECK(pthread_mutex_consistent(&page->mutex), 0);
	CHECK(pthread_mutex_unlock(&page->mutex), 0);
	CHECK(pthread_mutex_consistent(&page->mutex), EINVAL);
	lose_owner();
	CHECK(pthread_mutex_trylock(&page->mutex), EOWNERDEAD);
	CHECK(pthread_mutex_unlock(&page->mutex), 0);
	CHECK(pthread_mutex_lock(&page->mutex), ENOTRECOVERABLE);
	CHECK(pthread_mutex_trylock(&page->mutex), ENOTRECOVERABLE);
	CHECK(pthread_mutex_destroy(&page->mutex), 0);
}

static void *lock_in_turn(void *unused)
{
	CHECK(pthread_mutex_lock(&page->mutex), 0);
	page->is_held++;
	CHECK(pthread_mutex_unlock(&page->mutex), 0);
	return unused;
}

static void hand_over(void)
{
	pthread_t threads[3];

	CHECK(pthread_mutex_lock(&page->mutex), 0);
	for (int i = 0; i < 3; i++)
		threads[i] = create(lock_in_turn, NULL);
	case_pause();
	CHECK(page->is_held, 0);
	CHECK(pthread_mutex_unlock(&page->mutex), 0);
	for (int i = 0; i < 3; i++)
		join(threads[i]);
	CHECK(page->is_held, 3);
}

CASE(held_mutex_refuses_others)
{
	on_each_kind(hold_and_try);
}

CASE(second_lock_of_the_owner_depends_on_the_type)
{
	on_each_kind(lock_twice);
}

CASE(robust_mutex_tells_of_the_death_of_its_owner)
{
	on_each_kind(inherit_from_the_dead);
}

CASE(released_mutex_goes_to_each_waiter)
{
	on_each_kind(hand_over);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
