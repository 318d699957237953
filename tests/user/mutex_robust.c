/*
 * mutex_robust.c - a thread or a process ends as the owner of a robust mutex,
 * in each way to end, and the next owner hears of it. Any POSIX system.
 */
#include "tests/user/thread_case.h"

static void init_robust(pthread_mutex_t *made, int type, int shared)
{
	pthread_mutexattr_t attr;

	require(pthread_mutexattr_init(&attr) == 0);
	require(pthread_mutexattr_settype(&attr, type) == 0);
	require(pthread_mutexattr_setpshared(&attr, shared) == 0);
	require(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0);
	require(pthread_mutex_init(made, &attr) == 0);
	pthread_mutexattr_destroy(&attr);
}

static volatile int is_waiting;		/* only one case sets it */
static pthread_mutex_t mutex;		/* between threads */
static pthread_mutex_t *shared_mutex;	/* between processes */

static void begin(void)
{
	init_robust(&mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_PRIVATE);
}

#define MUTEXES		8

static void begin_shared(int type)
{
	shared_mutex = mmap(NULL, MUTEXES * sizeof(*shared_mutex),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared_mutex != MAP_FAILED);
	for (int i = 0; i < MUTEXES; i++)
		init_robust(&shared_mutex[i], type, PTHREAD_PROCESS_SHARED);
}

static void *lock_and_end(void *m)
{
	return (void *)(long)pthread_mutex_lock(m);
}

/* The mutex is repaired, and works as at first. */
static void expect_repair(pthread_mutex_t *m)
{
	expect(pthread_mutex_consistent(m) == 0);
	expect(pthread_mutex_consistent(m) == EINVAL);
	expect(pthread_mutex_unlock(m) == 0);
	expect(pthread_mutex_lock(m) == 0);
	expect(pthread_mutex_unlock(m) == 0);
	expect(pthread_mutex_destroy(m) == 0);
}

/* ---- Attributes ---------------------------------------------------------- */

CASE(attribute_robust_is_forgotten)
{
	pthread_mutexattr_t attr;
	int robust = -1;

	expect(pthread_mutexattr_init(&attr) == 0);
	expect(pthread_mutexattr_getrobust(&attr, &robust) == 0);
	expect(robust == PTHREAD_MUTEX_STALLED);
	expect(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0);
	expect(pthread_mutexattr_getrobust(&attr, &robust) == 0);
	expect(robust == PTHREAD_MUTEX_ROBUST);
	expect(pthread_mutexattr_setrobust(&attr, 77) == EINVAL);
}

CASE(consistent_of_a_good_mutex_is_einval)
{
	pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;

	begin();
	expect(pthread_mutex_consistent(&mutex) == EINVAL);
	expect(pthread_mutex_lock(&mutex) == 0);
	expect(pthread_mutex_consistent(&mutex) == EINVAL);
	expect(pthread_mutex_unlock(&mutex) == 0);
	expect(pthread_mutex_consistent(&plain) == EINVAL);
}

/* ---- An owner that does not end ------------------------------------------ */

static void *unlock_it(void *m)
{
	return (void *)(long)pthread_mutex_unlock(m);
}

static void *try_it(void *m)
{
	int error = pthread_mutex_trylock(m);

	if (!error)
		pthread_mutex_unlock(m);
	return (void *)(long)error;
}

CASE(robust_mutex_does_not_exclude)
{
	begin();
	for (int i = 0; i < 3; i++) {
		expect(pthread_mutex_lock(&mutex) == 0);
		expect(pthread_mutex_trylock(&mutex) == EBUSY);
		expect(join(create(try_it, &mutex)) == EBUSY);
		expect(pthread_mutex_unlock(&mutex) == 0);
		expect(join(create(try_it, &mutex)) == 0);
	}
}

CASE(robust_mutex_is_unlocked_by_a_stranger)
{
	begin();
	expect(pthread_mutex_unlock(&mutex) == EPERM);
	expect(pthread_mutex_lock(&mutex) == 0);
	expect(join(create(unlock_it, &mutex)) == EPERM);
	expect(pthread_mutex_unlock(&mutex) == 0);
}

static volatile int number;

static void *count_up(void *m)
{
	for (int i = 0; i < 300; i++) {
		pthread_mutex_lock(m);
		int before = number;

		if (i % 8 == 0)
			sched_yield();
		number = before + 1;
		pthread_mutex_unlock(m);
	}
	return NULL;
}

CASE(robust_mutex_loses_a_count)
{
	pthread_t threads[4];

	begin();
	for (int i = 0; i < 4; i++)
		threads[i] = create(count_up, &mutex);
	for (int i = 0; i < 4; i++)
		join(threads[i]);
	expect(number == 1200);
}

/* The list of held mutexes breaks in the middle, at the front, at the end. */
CASE(unlock_in_any_order_breaks_the_list)
{
	static const int orders[][4] = {
		{ 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 1, 3, 0, 2 }, { 2, 0, 3, 1 },
	};

	begin_shared(PTHREAD_MUTEX_NORMAL);
	for (int round = 0; round < 4; round++) {
		pid_t pid = fork_or_fail();

		if (pid == 0) {
			for (int i = 0; i < 4; i++)
				pthread_mutex_lock(&shared_mutex[i]);
			for (int i = 0; i < 2; i++)
				pthread_mutex_unlock(
					&shared_mutex[orders[round][i]]);
			_exit(0);
		}
		expect(result_of(pid) == 0);
		for (int i = 0; i < 4; i++) {
			pthread_mutex_t *m = &shared_mutex[orders[round][i]];
			int error = pthread_mutex_lock(m);

			expect(error == (i < 2 ? 0 : EOWNERDEAD));
			if (error)
				pthread_mutex_consistent(m);
			pthread_mutex_unlock(m);
		}
	}
}

CASE(timed_lock_of_a_robust_mutex_waits_for_ever)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 10);
	pid_t pid;

	begin_shared(PTHREAD_MUTEX_NORMAL);
	expect(pthread_mutex_lock(shared_mutex) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(pthread_mutex_timedlock(shared_mutex, &soon) !=
		      ETIMEDOUT);
	expect(result_of(pid) == 0);
	expect(pthread_mutex_unlock(shared_mutex) == 0);
}

/* ---- The owner ends ------------------------------------------------------ */

CASE(end_of_a_thread_keeps_the_mutex)
{
	begin();
	expect(join(create(lock_and_end, &mutex)) == 0);
	expect(pthread_mutex_lock(&mutex) == EOWNERDEAD);
	expect_repair(&mutex);
}

CASE(trylock_does_not_tell_of_the_dead_owner)
{
	begin();
	expect(join(create(lock_and_end, &mutex)) == 0);
	expect(pthread_mutex_trylock(&mutex) == EOWNERDEAD);
	expect_repair(&mutex);
}

CASE(timedlock_does_not_tell_of_the_dead_owner)
{
	struct timespec past = { 0, 0 };

	begin();
	expect(join(create(lock_and_end, &mutex)) == 0);
	expect(pthread_mutex_timedlock(&mutex, &past) == EOWNERDEAD);
	expect_repair(&mutex);
}

CASE(unlock_without_repair_makes_a_usable_mutex)
{
	begin();
	expect(join(create(lock_and_end, &mutex)) == 0);
	expect(pthread_mutex_lock(&mutex) == EOWNERDEAD);
	expect(pthread_mutex_unlock(&mutex) == 0);
	for (int i = 0; i < 2; i++)
		expect(pthread_mutex_lock(&mutex) == ENOTRECOVERABLE);
	expect(pthread_mutex_consistent(&mutex) == EINVAL);
	expect(pthread_mutex_destroy(&mutex) == 0);
	begin();
	expect(pthread_mutex_lock(&mutex) == 0);
	expect(pthread_mutex_unlock(&mutex) == 0);
}

/* The second owner ends before the repair. */
CASE(second_dead_owner_is_not_told)
{
	begin();
	expect(join(create(lock_and_end, &mutex)) == 0);
	expect(join(create(lock_and_end, &mutex)) == EOWNERDEAD);
	expect(pthread_mutex_lock(&mutex) == EOWNERDEAD);
	expect_repair(&mutex);
}

static int lock_and_exit(void)
{
	pthread_mutex_lock(shared_mutex);
	return 0;
}

static int lock_and_sleep(void)
{
	pthread_mutex_lock(shared_mutex);
	while (!is_waiting)
		pause();
	return 0;
}

static int lock_and_crash(void)
{
	pthread_mutex_lock(shared_mutex);
	*(volatile int *)nowhere = 1;
	return 0;
}

CASE(exit_of_the_owner_keeps_the_mutex)
{
	begin_shared(PTHREAD_MUTEX_NORMAL);
	expect(run_in_child(lock_and_exit) == 0);
	expect(pthread_mutex_lock(shared_mutex) == EOWNERDEAD);
	expect_repair(shared_mutex);
}

CASE(sigkill_of_the_owner_keeps_the_mutex)
{
	pid_t pid;

	begin_shared(PTHREAD_MUTEX_NORMAL);
	pid = start(lock_and_sleep);
	until_asleep(pid);
	expect(kill_and_wait(pid) == -SIGKILL);
	expect(pthread_mutex_lock(shared_mutex) == EOWNERDEAD);
	expect_repair(shared_mutex);
}

CASE(crash_of_the_owner_keeps_the_mutex)
{
	begin_shared(PTHREAD_MUTEX_NORMAL);
	expect(run_in_child(lock_and_crash) == -SIGSEGV);
	expect(pthread_mutex_lock(shared_mutex) == EOWNERDEAD);
	expect_repair(shared_mutex);
}

/* The new program knows nothing of the mutex. */
CASE(exec_of_the_owner_keeps_the_mutex)
{
	int fds[2], error;
	pid_t pid;

	begin_shared(PTHREAD_MUTEX_NORMAL);
	require(pipe(fds) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		pthread_mutex_lock(shared_mutex);
		dup2(fds[0], 0);
		close(fds[1]);
		execl("/bin/cat", "cat", (char *)NULL);
		_exit(1);
	}
	close(fds[0]);
	while ((error = pthread_mutex_trylock(shared_mutex)) == 0) {
		pthread_mutex_unlock(shared_mutex);
		case_pause();
	}
	if (error == EBUSY)
		error = pthread_mutex_lock(shared_mutex);
	expect(error == EOWNERDEAD);
	expect_repair(shared_mutex);
	close(fds[1]);			/* the program still runs: end it */
	expect(result_of(pid) == 0);
}

/* Another thread begins the new program. */
static void *exec_in_thread(void *unused)
{
	execl("/bin/true", "true", (char *)NULL);
	return unused;
}

CASE(exec_by_another_thread_keeps_the_mutex)
{
	pid_t pid;

	begin_shared(PTHREAD_MUTEX_NORMAL);
	pid = fork_or_fail();
	if (pid == 0) {
		pthread_mutex_lock(shared_mutex);
		create(exec_in_thread, NULL);
		for (;;)
			pause();
	}
	expect(result_of(pid) == 0);
	expect(pthread_mutex_lock(shared_mutex) == EOWNERDEAD);
	expect_repair(shared_mutex);
}

static void *lock_two(void *unused)
{
	pthread_mutex_lock(&shared_mutex[1]);
	pthread_mutex_lock(&shared_mutex[2]);
	while (!is_waiting)
		pause();
	return unused;
}

/* Each thread of the process has a list of its own. */
CASE(sigkill_frees_the_mutexes_of_one_thread_only)
{
	pid_t pid;

	begin_shared(PTHREAD_MUTEX_NORMAL);
	pid = fork_or_fail();
	if (pid == 0) {
		pthread_mutex_lock(&shared_mutex[0]);
		create(lock_two, NULL);
		for (;;)
			pause();
	}
	while (pthread_mutex_trylock(&shared_mutex[2]) == 0) {
		pthread_mutex_unlock(&shared_mutex[2]);
		case_pause();
	}
	kill_and_wait(pid);
	for (int i = 0; i < 3; i++) {
		expect(pthread_mutex_lock(&shared_mutex[i]) == EOWNERDEAD);
		expect_repair(&shared_mutex[i]);
	}
}

/* The child of fork() holds nothing of its parent's. */
CASE(end_of_a_child_frees_the_mutex_of_its_parent)
{
	begin_shared(PTHREAD_MUTEX_NORMAL);
	expect(pthread_mutex_lock(&shared_mutex[0]) == 0);
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork_or_fail();

		if (pid == 0) {
			pthread_mutex_lock(&shared_mutex[1]);
			_exit(0);
		}
		expect(result_of(pid) == 0);
		expect(pthread_mutex_trylock(&shared_mutex[0]) == EBUSY);
		expect(pthread_mutex_lock(&shared_mutex[1]) == EOWNERDEAD);
		expect(pthread_mutex_consistent(&shared_mutex[1]) == 0);
		expect(pthread_mutex_unlock(&shared_mutex[1]) == 0);
	}
	expect(pthread_mutex_unlock(&shared_mutex[0]) == 0);
}

static int lock_thrice(void)
{
	for (int i = 0; i < 3; i++)
		pthread_mutex_lock(shared_mutex);
	return 0;
}

CASE(depth_of_the_dead_owner_is_inherited)
{
	begin_shared(PTHREAD_MUTEX_RECURSIVE);
	expect(run_in_child(lock_thrice) == 0);
	expect(pthread_mutex_lock(shared_mutex) == EOWNERDEAD);
	expect(pthread_mutex_consistent(shared_mutex) == 0);
	expect(pthread_mutex_unlock(shared_mutex) == 0);
	expect(join(create(try_it, shared_mutex)) == 0);
}

CASE(error_check_is_lost_with_the_owner)
{
	begin_shared(PTHREAD_MUTEX_ERRORCHECK);
	expect(run_in_child(lock_and_exit) == 0);
	expect(pthread_mutex_lock(shared_mutex) == EOWNERDEAD);
	expect(pthread_mutex_lock(shared_mutex) == EDEADLK);
	expect_repair(shared_mutex);
}

/* ---- A waiter sleeps at that moment -------------------------------------- */

#define WAITERS		3

static int lock_and_repair(void)
{
	int error = pthread_mutex_lock(shared_mutex);

	if (error == EOWNERDEAD)
		pthread_mutex_consistent(shared_mutex);
	pthread_mutex_unlock(shared_mutex);
	return error;
}

/* Start an owner and waiters; kill the owner; how the waiters ended. */
static void kill_owner(int (*wait)(void), int results[WAITERS])
{
	pid_t owner, pids[WAITERS];

	begin_shared(PTHREAD_MUTEX_NORMAL);
	owner = start(lock_and_sleep);
	until_asleep(owner);
	for (int i = 0; i < WAITERS; i++) {
		pids[i] = start(wait);
		until_asleep(pids[i]);
	}
	kill_and_wait(owner);
	for (int i = 0; i < WAITERS; i++)
		results[i] = result_of(pids[i]);
}

static int count_of(const int results[WAITERS], int wanted)
{
	int count = 0;

	for (int i = 0; i < WAITERS; i++)
		count += results[i] == wanted;
	return count;
}

CASE(sleeping_waiter_does_not_hear_of_the_kill)
{
	int results[WAITERS];

	kill_owner(lock_and_repair, results);
	expect(count_of(results, EOWNERDEAD) == 1);
	expect(count_of(results, 0) == WAITERS - 1);
}

/* Owner after owner dies with the mutex. */
CASE(next_waiter_sleeps_on_after_the_second_kill)
{
	pid_t pids[WAITERS];

	begin_shared(PTHREAD_MUTEX_NORMAL);
	for (int i = 0; i < WAITERS; i++) {
		pids[i] = start(lock_and_sleep);
		until_asleep(pids[i]);
	}
	for (int i = 0; i < WAITERS; i++) {
		expect(pthread_mutex_trylock(shared_mutex) == EBUSY);
		expect(kill_and_wait(pids[i]) == -SIGKILL);
		for (int j = i + 1; j < WAITERS; j++)
			until_asleep(pids[j]);
	}
	expect(pthread_mutex_lock(shared_mutex) == EOWNERDEAD);
	expect_repair(shared_mutex);
}

/* The relock after a wait for a condition. */
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void *wait_for_signal(void *unused)
{
	int error;

	(void)unused;
	pthread_mutex_lock(&mutex);
	is_waiting = 1;
	error = pthread_cond_wait(&cond, &mutex);
	if (error == EOWNERDEAD)
		pthread_mutex_consistent(&mutex);
	pthread_mutex_unlock(&mutex);
	return (void *)(long)error;
}

static void *signal_and_end(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cond_signal(&cond);
	return unused;
}

CASE(wait_for_a_condition_hides_the_dead_owner)
{
	pthread_t waiter;

	begin();
	waiter = create(wait_for_signal, NULL);
	for (int is_ready = 0; !is_ready; case_pause()) {
		pthread_mutex_lock(&mutex);
		is_ready = is_waiting;
		pthread_mutex_unlock(&mutex);
	}
	join(create(signal_and_end, NULL));
	expect(join(waiter) == EOWNERDEAD);
}

/* Kill an owner that locks and unlocks at any moment of its work. */
static int lock_in_a_loop(void)
{
	while (!is_waiting) {
		for (int i = 0; i < MUTEXES; i++)
			if (pthread_mutex_lock(&shared_mutex[i]) == EOWNERDEAD)
				pthread_mutex_consistent(&shared_mutex[i]);
		for (int i = 0; i < MUTEXES; i++)
			pthread_mutex_unlock(&shared_mutex[i * 3 % MUTEXES]);
	}
	return 0;
}

CASE(kill_at_any_moment_loses_a_mutex)
{
	begin_shared(PTHREAD_MUTEX_NORMAL);
	for (int round = 0; round < 30; round++) {
		pid_t first = start(lock_in_a_loop);
		pid_t second = start(lock_in_a_loop);

		for (int i = 0; i < round % 5; i++)
			case_pause();
		kill_and_wait(first);
		kill_and_wait(second);
		for (int i = 0; i < MUTEXES; i++) {
			int error = pthread_mutex_lock(&shared_mutex[i]);

			expect(error == 0 || error == EOWNERDEAD);
			if (error)
				pthread_mutex_consistent(&shared_mutex[i]);
			pthread_mutex_unlock(&shared_mutex[i]);
		}
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
