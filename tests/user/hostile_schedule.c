/*
 * hostile_schedule.c - an ordinary user asks for the processor before others:
 * policies, priorities, ceilings, and chains of locks with inheritance.
 *
 * linux: no
 */
#include <limits.h>
#include <spawn.h>

#include "tests/user/hostile.h"
#include "tests/user/raw.h"
#include "tests/user/thread_case.h"

#define CHAIN	100		/* more than the kernel follows */

extern char **environ;

static pid_t roots;			/* a process of root */

/* ---- Policies ------------------------------------------------------------ */

static void *do_nothing(void *unused)
{
	return unused;
}

static int error_of_thread(int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, policy);
	pthread_attr_setschedparam(&attr, &param);
	error = pthread_create(&thread, &attr, do_nothing, NULL);
	if (!error)
		pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
	return error;
}

static int status_of_spawned(int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };
	char *const words[] = { "true", NULL };
	posix_spawnattr_t attr;
	pid_t child;
	int error;

	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSCHEDULER);
	posix_spawnattr_setschedpolicy(&attr, policy);
	posix_spawnattr_setschedparam(&attr, &param);
	error = posix_spawn(&child, "/bin/true", NULL, &attr, words, environ);
	posix_spawnattr_destroy(&attr);
	return error ? error : result_of(child);
}

static int ask_for_policies(void)
{
	static const int policies[] = { SCHED_FIFO, SCHED_RR };
	const int most = sched_get_priority_max(SCHED_FIFO);

	for (int i = 0; i < 2; i++)
		for (int priority = 1; priority <= most;
		     priority += most - 1) {
			const struct sched_param param = {
				.sched_priority = priority,
			};
			int policy = policies[i];

			expect_error(sched_setscheduler(0, policy, &param),
				     EPERM);
			expect_error(sched_setscheduler(roots, policy, &param),
				     EPERM);
			expect(pthread_setschedparam(pthread_self(), policy,
						     &param) == EPERM);
			expect(error_of_thread(policy, priority) == EPERM);
			expect(status_of_spawned(policy, priority) != 0);
		}
	expect(sched_getscheduler(0) == SCHED_OTHER);
	expect_error(nice(-1), EPERM);
	return case_failed;
}

CASE(user_gets_a_policy_of_root)
{
	roots = start_sleeper();
	attack_beside_root(ask_for_policies);
	expect(sched_getscheduler(roots) == SCHED_OTHER);
	kill_and_wait(roots);
}

/* ---- Numbers ------------------------------------------------------------- */

static const int odd_numbers[] = {
	INT_MIN, -100, -1, 0, 1, 2, 3, 4, 5, 6, 7, 31, 32, 98, 99, 100, 255,
	256, 65536, INT_MAX,
};

#define ODD	(sizeof(odd_numbers) / sizeof(odd_numbers[0]))

/* Each call is refused, or changes nothing that only root may change. Beside a
 * root that works without a pause, SCHED_IDLE would never run again. */
static int ask_with_odd_numbers(void)
{
	static const int ids[] = { INT_MIN, -1, 0, 1, INT_MAX };
	static const uint32_t places[] = { 0, 16, 0xbffffffe, 0xc0100000 };

	for (int kind = -1; kind < 6; kind++)
		for (size_t i = 0; i < 5 * ODD * ODD; i++)
			if (odd_numbers[i / 5 % ODD] != SCHED_IDLE)
				raw_call(RAW_sched_set, kind, ids[i % 5],
					 odd_numbers[i / 5 % ODD],
					 odd_numbers[i / 5 / ODD]);
	expect(sched_getscheduler(0) != SCHED_FIFO);
	expect(sched_getscheduler(0) != SCHED_RR);
	for (int i = 0; i < 4; i++)
		expect(raw_call(RAW_sched_get, 0, 0, places[i]) == -EFAULT);
	for (size_t i = 0; i < ODD; i++) {
		const struct sched_param param = { odd_numbers[i] };

		expect(sched_setparam(0, &param) == 0
		       ? odd_numbers[i] == 0 : errno == EINVAL);
		expect_error(sched_setparam(1, &param),
			     odd_numbers[i] == 0 ? EPERM : EINVAL);
	}
	return case_failed;
}

CASE(odd_priorities_are_taken)
{
	attack_beside_root(ask_with_odd_numbers);
	expect(sched_getscheduler(1) == SCHED_OTHER);
}

/* ---- Ceilings ------------------------------------------------------------ */

static int ask_for_a_ceiling(void)
{
	const int most = sched_get_priority_max(SCHED_FIFO);
	pthread_mutexattr_t attr;
	pthread_mutex_t mutex;
	int error;

	pthread_mutexattr_init(&attr);
	expect(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_PROTECT) == 0);
	expect(pthread_mutexattr_setprioceiling(&attr, most) == 0);
	expect(pthread_mutexattr_setprioceiling(&attr, most + 1) == EINVAL);
	expect(pthread_mutexattr_setprioceiling(&attr, INT_MIN) == EINVAL);
	require(pthread_mutex_init(&mutex, &attr) == 0);
	error = pthread_mutex_lock(&mutex);
	expect(error == EPERM);
	/* A ceiling that is written over, beside libc. */
	for (size_t i = 0; i < ODD; i++) {
		mutex.ceiling = odd_numbers[i];
		error = pthread_mutex_trylock(&mutex);
		expect(error == EPERM || error == EINVAL);
	}
	return case_failed;
}

CASE(ceiling_gives_a_user_a_priority)
{
	attack_beside_root(ask_for_a_ceiling);
}

/* ---- Chains -------------------------------------------------------------- */

static pthread_mutex_t chain[CHAIN + 1];
static volatile int held;

/* Hold a lock, and wait for the next one. */
static void *hold_and_wait(void *argument)
{
	long i = (long)argument;
	int error;

	pthread_mutex_lock(&chain[i]);
	held++;
	error = pthread_mutex_lock(&chain[i + 1]);
	expect(error == 0 || error == EDEADLK);	/* the chain is too long */
	if (!error)
		pthread_mutex_unlock(&chain[i + 1]);
	pthread_mutex_unlock(&chain[i]);
	return NULL;
}

static int make_a_chain(void)
{
	pthread_mutexattr_t attr;
	pthread_t threads[CHAIN];
	pthread_attr_t small;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 16384);
	for (int i = 0; i <= CHAIN; i++)
		require(pthread_mutex_init(&chain[i], &attr) == 0);
	pthread_mutex_lock(&chain[CHAIN]);
	for (long i = CHAIN; i-- > 0;) {
		require(pthread_create(&threads[i], &small, hold_and_wait,
				       (void *)i) == 0);
		while (held < CHAIN - i)
			sched_yield();
	}
	for (int i = 0; i < 20; i++)
		sched_yield();
	pthread_mutex_unlock(&chain[CHAIN]);
	for (int i = 0; i < CHAIN; i++)
		join(threads[i]);
	return case_failed;
}

CASE(long_chain_of_owners_holds_the_processor)
{
	attack_beside_root(make_a_chain);
}

/* The last one closes the circle: it is refused. All others sleep, and die
 * together. */
static int close_the_circle(void)
{
	const int links = CHAIN / 2;
	pthread_mutexattr_t attr;
	struct timespec soon;
	pthread_t thread;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	for (int i = 0; i <= links; i++)
		require(pthread_mutex_init(&chain[i], &attr) == 0);
	pthread_mutex_lock(&chain[links]);
	for (long i = links; i-- > 0;) {
		require(pthread_create(&thread, NULL, hold_and_wait,
				       (void *)i) == 0);
		while (held < links - i)
			sched_yield();
	}
	soon = in_ms(CLOCK_REALTIME, 20);
	expect(pthread_mutex_timedlock(&chain[0], &soon) != 0);
	return case_failed;
}

CASE(circle_of_owners_outlives_its_process)
{
	attack_beside_root(close_the_circle);
}

/* The word of a lock names any task as the owner: root's, init, no task. */
static int forge_owners(void)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t mutex;
	struct timespec past = { 1, 0 };
	const pid_t owners[] = { 1, roots, 0x3fffffff, 2, getpid() };

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	for (int i = 0; i < 5; i++) {
		require(pthread_mutex_init(&mutex, &attr) == 0);
		*(volatile int *)&mutex = owners[i];
		expect(pthread_mutex_timedlock(&mutex, &past) != 0);
		*(volatile int *)&mutex = owners[i] | 0x80000000;
		expect(pthread_mutex_timedlock(&mutex, &past) != 0);
	}
	return case_failed;
}

CASE(forged_owner_of_a_lock_changes_a_task_of_root)
{
	roots = start_sleeper();
	attack_beside_root(forge_owners);
	expect(sched_getscheduler(roots) == SCHED_OTHER);
	kill_and_wait(roots);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
