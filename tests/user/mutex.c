/*
 * mutex.c - mutexes of all kinds, conditions, locks for readers and writers,
 * barriers, spin locks; between threads and between processes. Any POSIX system.
 */
#include <pthread.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int number, turn;

static pthread_t create(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	require(pthread_create(&thread, NULL, function, argument) == 0);
	return thread;
}

static long join(pthread_t thread)
{
	void *result = NULL;

	require(pthread_join(thread, &result) == 0);
	return (long)result;
}

static void init_mutex(pthread_mutex_t *made, int type, int shared)
{
	pthread_mutexattr_t attr;

	require(pthread_mutexattr_init(&attr) == 0);
	require(pthread_mutexattr_settype(&attr, type) == 0);
	require(pthread_mutexattr_setpshared(&attr, shared) == 0);
	require(pthread_mutex_init(made, &attr) == 0);
	pthread_mutexattr_destroy(&attr);
}

static struct timespec in_ms(clockid_t clock, int ms)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += ms * 1000000L;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

/* ---- Mutexes ------------------------------------------------------------- */

static void *try_it(void *m)
{
	return (void *)(long)pthread_mutex_trylock(m);
}

static void *unlock_it(void *m)
{
	return (void *)(long)pthread_mutex_unlock(m);
}

CASE(trylock_of_a_held_mutex_is_ebusy)
{
	expect(pthread_mutex_trylock(&mutex) == 0);
	expect(pthread_mutex_trylock(&mutex) == EBUSY);
	expect(join(create(try_it, &mutex)) == EBUSY);
	expect(pthread_mutex_unlock(&mutex) == 0);
	expect(join(create(try_it, &mutex)) == 0);
}

CASE(destroy_of_a_held_mutex_is_ebusy)
{
	pthread_mutex_lock(&mutex);
	expect(pthread_mutex_destroy(&mutex) == EBUSY);
	pthread_mutex_unlock(&mutex);
	expect(pthread_mutex_destroy(&mutex) == 0);
}

CASE(a_recursive_mutex_counts)
{
	pthread_mutex_t m;

	init_mutex(&m, PTHREAD_MUTEX_RECURSIVE, 0);
	for (int i = 0; i < 10; i++)
		expect(pthread_mutex_lock(&m) == 0);
	expect(pthread_mutex_trylock(&m) == 0);
	for (int i = 0; i < 11; i++) {
		expect(join(create(try_it, &m)) == EBUSY);
		expect(pthread_mutex_unlock(&m) == 0);
	}
	expect(join(create(try_it, &m)) == 0);
}

CASE(only_the_holder_unlocks_a_recursive_mutex)
{
	pthread_mutex_t m;

	init_mutex(&m, PTHREAD_MUTEX_RECURSIVE, 0);
	expect(pthread_mutex_unlock(&m) == EPERM);
	pthread_mutex_lock(&m);
	expect(join(create(unlock_it, &m)) == EPERM);
	expect(pthread_mutex_unlock(&m) == 0);
}

CASE(an_errorcheck_mutex_says_what_is_wrong)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 10000);
	pthread_mutex_t m;

	init_mutex(&m, PTHREAD_MUTEX_ERRORCHECK, 0);
	expect(pthread_mutex_unlock(&m) == EPERM);
	expect(pthread_mutex_lock(&m) == 0);
	expect(pthread_mutex_lock(&m) == EDEADLK);
	expect(pthread_mutex_timedlock(&m, &soon) == EDEADLK);
	expect(pthread_mutex_trylock(&m) == EBUSY);
	expect(join(create(unlock_it, &m)) == EPERM);
	expect(pthread_mutex_unlock(&m) == 0);
	expect(pthread_mutex_unlock(&m) == EPERM);
}

CASE(unknown_attributes_are_einval)
{
	pthread_mutexattr_t attr;
	int type = -1;

	pthread_mutexattr_init(&attr);
	expect(pthread_mutexattr_settype(&attr, 1234) == EINVAL);
	expect(pthread_mutexattr_setpshared(&attr, 1234) == EINVAL);
	expect(pthread_mutexattr_gettype(&attr, &type) == 0);
	expect(type == PTHREAD_MUTEX_DEFAULT);
}

CASE(timedlock_ends_with_etimedout)
{
	struct timespec past = { 1, 0 }, bad = { 1, 1000000000 }, soon;

	pthread_mutex_lock(&mutex);
	expect(pthread_mutex_timedlock(&mutex, &past) == ETIMEDOUT);
	expect(pthread_mutex_timedlock(&mutex, &bad) == EINVAL);
	soon = in_ms(CLOCK_REALTIME, 20);
	expect(pthread_mutex_timedlock(&mutex, &soon) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	expect(pthread_mutex_timedlock(&mutex, &past) == 0);
}

static void *lock_and_add(void *unused)
{
	(void)unused;
	for (int i = 0; i < 300; i++) {
		pthread_mutex_lock(&mutex);
		int seen = number;

		if (i % 10 == 0)
			sched_yield();
		number = seen + 1;
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

CASE(waiters_get_their_turn)
{
	pthread_t threads[10];

	pthread_mutex_lock(&mutex);
	for (int i = 0; i < 10; i++)
		threads[i] = create(lock_and_add, NULL);
	case_pause();
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < 10; i++)
		join(threads[i]);
	expect(number == 3000);
}

static void *lock_once(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&mutex);
	number++;
	pthread_mutex_unlock(&mutex);
	return NULL;
}

CASE(a_handler_does_not_end_the_wait_for_a_mutex)
{
	pthread_t thread;

	set_handler(SIGUSR1, catch_it, 0);
	pthread_mutex_lock(&mutex);
	thread = create(lock_once, NULL);
	for (int i = 1; i <= 10; i++) {
		pthread_kill(thread, SIGUSR1);
		while (caught < i)
			case_pause();
	}
	expect(number == 0);
	pthread_mutex_unlock(&mutex);
	join(thread);
	expect(number == 1);
}

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_barrier_t barrier;
	int number;
};

static struct shared *share(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_t barrier_attr;
	pthread_condattr_t attr;

	require(shared != MAP_FAILED);
	init_mutex(&shared->mutex, PTHREAD_MUTEX_ERRORCHECK,
		   PTHREAD_PROCESS_SHARED);
	pthread_condattr_init(&attr);
	require(pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED)
		== 0);
	require(pthread_cond_init(&shared->cond, &attr) == 0);
	pthread_barrierattr_init(&barrier_attr);
	pthread_barrierattr_setpshared(&barrier_attr, PTHREAD_PROCESS_SHARED);
	require(pthread_barrier_init(&shared->barrier, &barrier_attr, 4) == 0);
	return shared;
}

CASE(a_mutex_works_between_processes)
{
	struct shared *shared = share();
	pid_t children[5];

	for (int c = 0; c < 5; c++) {
		children[c] = fork_or_fail();
		if (children[c])
			continue;
		for (int i = 0; i < 1000; i++) {
			if (pthread_mutex_lock(&shared->mutex))
				_exit(1);
			shared->number++;
			if (pthread_mutex_unlock(&shared->mutex))
				_exit(1);
		}
		_exit(0);
	}
	for (int c = 0; c < 5; c++)
		expect(result_of(children[c]) == 0);
	expect(shared->number == 5000);
}

CASE(a_child_does_not_hold_what_its_parent_holds)
{
	struct shared *shared = share();
	pid_t child;

	expect(pthread_mutex_lock(&shared->mutex) == 0);
	child = fork_or_fail();
	if (child == 0) {
		if (pthread_mutex_trylock(&shared->mutex) != EBUSY)
			_exit(1);
		_exit(pthread_mutex_unlock(&shared->mutex) != EPERM);
	}
	expect(result_of(child) == 0);
	expect(pthread_mutex_unlock(&shared->mutex) == 0);
}

/* ---- Conditions ---------------------------------------------------------- */

static void *ping(void *argument)
{
	int me = (int)(long)argument;

	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&mutex);
		while (turn != me)
			pthread_cond_wait(&cond, &mutex);
		turn = !me;
		number++;
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

CASE(no_wake_up_is_lost_in_ping_pong)
{
	pthread_t a = create(ping, (void *)0), b = create(ping, (void *)1);

	join(a);
	join(b);
	expect(number == 2000);
}

static int queue[4], queued, taken, put;

static void *consume(void *unused)
{
	long sum = 0;

	(void)unused;
	for (;;) {
		int item;

		pthread_mutex_lock(&mutex);
		while (!queued)
			pthread_cond_wait(&cond, &mutex);
		queued--;
		item = queue[taken++ % 4];
		pthread_cond_broadcast(&cond);
		pthread_mutex_unlock(&mutex);
		if (!item)
			return (void *)sum;
		sum += item;
	}
}

static void *produce(void *argument)
{
	for (long i = (long)argument; i >= 0; i--) {
		pthread_mutex_lock(&mutex);
		while (queued == 4)
			pthread_cond_wait(&cond, &mutex);
		queued++;
		queue[put++ % 4] = (int)i;
		pthread_cond_broadcast(&cond);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

CASE(producers_and_consumers_lose_nothing)
{
	pthread_t makers[3], takers[3];
	long sum = 0;

	for (int i = 0; i < 3; i++) {
		takers[i] = create(consume, NULL);
		makers[i] = create(produce, (void *)500);
	}
	for (int i = 0; i < 3; i++) {
		join(makers[i]);
		sum += join(takers[i]);
	}
	expect(sum == 3 * 500 * 501 / 2 && taken == 3 * 501);
}

static volatile int waiting;

static void *wait_for_turn(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&mutex);
	waiting++;
	while (!turn)
		pthread_cond_wait(&cond, &mutex);
	turn--;
	number++;
	pthread_mutex_unlock(&mutex);
	return NULL;
}

static void until_waiting(int count)
{
	for (;;) {
		int now;

		pthread_mutex_lock(&mutex);
		now = waiting;
		pthread_mutex_unlock(&mutex);
		if (now == count)
			return;
		case_pause();
	}
}

CASE(each_signal_lets_one_go_on)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		threads[i] = create(wait_for_turn, NULL);
	until_waiting(8);
	for (int i = 1; i <= 8; i++) {
		pthread_mutex_lock(&mutex);
		turn = 1;
		pthread_cond_signal(&cond);
		pthread_mutex_unlock(&mutex);
		while (number < i)
			case_pause();
		expect(number == i);
	}
	for (int i = 0; i < 8; i++)
		join(threads[i]);
}

CASE(a_signal_without_the_mutex_is_not_lost)
{
	pthread_t thread;

	for (int i = 1; i <= 500; i++) {
		thread = create(wait_for_turn, NULL);
		pthread_mutex_lock(&mutex);
		turn = 1;
		pthread_mutex_unlock(&mutex);
		pthread_cond_signal(&cond);
		join(thread);
		require(number == i);
	}
}

CASE(broadcast_lets_all_go_on)
{
	pthread_t threads[10];

	for (int i = 0; i < 10; i++)
		threads[i] = create(wait_for_turn, NULL);
	until_waiting(10);
	pthread_mutex_lock(&mutex);
	turn = 10;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < 10; i++)
		join(threads[i]);
	expect(number == 10 && turn == 0);
}

CASE(timedwait_ends_with_etimedout_and_the_mutex)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 20), past = { 1, 0 };
	struct timespec bad = { 1, -1 };
	pthread_mutex_t m;

	init_mutex(&m, PTHREAD_MUTEX_ERRORCHECK, 0);
	pthread_mutex_lock(&m);
	expect(pthread_cond_timedwait(&cond, &m, &past) == ETIMEDOUT);
	expect(pthread_cond_timedwait(&cond, &m, &soon) == ETIMEDOUT);
	expect(pthread_cond_timedwait(&cond, &m, &bad) == EINVAL);
	expect(pthread_mutex_unlock(&m) == 0);
	expect(pthread_cond_destroy(&cond) == 0);
}

CASE(a_condition_has_a_clock)
{
	struct timespec soon = in_ms(CLOCK_MONOTONIC, 20), now;
	pthread_condattr_t attr;
	clockid_t clock = -1;
	pthread_cond_t c;
	int error;

	pthread_condattr_init(&attr);
	expect(pthread_condattr_getclock(&attr, &clock) == 0);
	expect(clock == CLOCK_REALTIME);
	expect(pthread_condattr_setclock(&attr, CLOCK_PROCESS_CPUTIME_ID)
	       == EINVAL);
	expect(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	expect(pthread_cond_init(&c, &attr) == 0);
	pthread_mutex_lock(&mutex);
	do
		error = pthread_cond_timedwait(&c, &mutex, &soon);
	while (error == 0);
	expect(error == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	clock_gettime(CLOCK_MONOTONIC, &now);
	expect(now.tv_sec > soon.tv_sec || (now.tv_sec == soon.tv_sec &&
					    now.tv_nsec >= soon.tv_nsec));
}

CASE(a_condition_works_between_processes)
{
	struct shared *shared = share();
	pid_t child = fork_or_fail();
	int me = child == 0;

	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&shared->mutex);
		while (shared->number % 2 != me)
			pthread_cond_wait(&shared->cond, &shared->mutex);
		shared->number++;
		pthread_cond_signal(&shared->cond);
		pthread_mutex_unlock(&shared->mutex);
	}
	if (child == 0)
		_exit(0);
	expect(result_of(child) == 0);
	expect(shared->number == 400);
}

/* ---- Readers and writers ------------------------------------------------- */

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *try_to_read(void *unused)
{
	int error = pthread_rwlock_tryrdlock(&rwlock);

	(void)unused;
	if (!error)
		pthread_rwlock_unlock(&rwlock);
	return (void *)(long)error;
}

static void *try_to_write(void *unused)
{
	int error = pthread_rwlock_trywrlock(&rwlock);

	(void)unused;
	if (!error)
		pthread_rwlock_unlock(&rwlock);
	return (void *)(long)error;
}

CASE(readers_share_and_keep_writers_out)
{
	expect(pthread_rwlock_rdlock(&rwlock) == 0);
	expect(pthread_rwlock_rdlock(&rwlock) == 0);
	expect(join(create(try_to_read, NULL)) == 0);
	expect(join(create(try_to_write, NULL)) == EBUSY);
	expect(pthread_rwlock_unlock(&rwlock) == 0);
	expect(join(create(try_to_write, NULL)) == EBUSY);
	expect(pthread_rwlock_unlock(&rwlock) == 0);
	expect(join(create(try_to_write, NULL)) == 0);
}

CASE(a_writer_is_alone)
{
	expect(pthread_rwlock_wrlock(&rwlock) == 0);
	expect(join(create(try_to_read, NULL)) == EBUSY);
	expect(join(create(try_to_write, NULL)) == EBUSY);
	expect(pthread_rwlock_wrlock(&rwlock) == EDEADLK);
	expect(pthread_rwlock_rdlock(&rwlock) == EDEADLK);
	expect(pthread_rwlock_unlock(&rwlock) == 0);
	expect(join(create(try_to_read, NULL)) == 0);
	expect(pthread_rwlock_destroy(&rwlock) == 0);
}

static volatile int pair[2];

static void *write_pair(void *unused)
{
	(void)unused;
	for (int i = 0; i < 300; i++) {
		pthread_rwlock_wrlock(&rwlock);
		pair[0]++;
		sched_yield();
		pair[1]++;
		pthread_rwlock_unlock(&rwlock);
	}
	return NULL;
}

static void *read_pair(void *unused)
{
	long wrong = 0;

	(void)unused;
	for (int i = 0; i < 300; i++) {
		pthread_rwlock_rdlock(&rwlock);
		wrong += pair[0] != pair[1];
		pthread_rwlock_unlock(&rwlock);
	}
	return (void *)wrong;
}

CASE(readers_see_nothing_half_done)
{
	pthread_t writers[3], readers[3];

	for (int i = 0; i < 3; i++) {
		writers[i] = create(write_pair, NULL);
		readers[i] = create(read_pair, NULL);
	}
	for (int i = 0; i < 3; i++) {
		join(writers[i]);
		expect(join(readers[i]) == 0);
	}
	expect(pair[0] == 900 && pair[1] == 900);
}

/* ---- Barriers and spin locks --------------------------------------------- */

static pthread_barrier_t barrier;

static void *meet(void *unused)
{
	long serial = 0;

	(void)unused;
	for (int i = 1; i <= 50; i++) {
		int result;

		__sync_fetch_and_add(&number, 1);
		result = pthread_barrier_wait(&barrier);
		serial += result == PTHREAD_BARRIER_SERIAL_THREAD;
		if (number < 5 * i)
			return (void *)-1000;
		pthread_barrier_wait(&barrier);
	}
	return (void *)serial;
}

CASE(nobody_passes_a_barrier_before_all_are_there)
{
	pthread_t threads[5];
	long serial = 0;

	expect(pthread_barrier_init(&barrier, NULL, 0) == EINVAL);
	expect(pthread_barrier_init(&barrier, NULL, 5) == 0);
	for (int i = 0; i < 5; i++)
		threads[i] = create(meet, NULL);
	for (int i = 0; i < 5; i++)
		serial += join(threads[i]);
	expect(serial == 50 && number == 250);
	expect(pthread_barrier_destroy(&barrier) == 0);
}

CASE(a_barrier_works_between_processes)
{
	struct shared *shared = share();
	pid_t children[3];

	for (int i = 0; i < 3; i++) {
		children[i] = fork_or_fail();
		if (children[i])
			continue;
		__sync_fetch_and_add(&shared->number, 1);
		pthread_barrier_wait(&shared->barrier);
		_exit(shared->number != 3);
	}
	pthread_barrier_wait(&shared->barrier);
	expect(shared->number == 3);
	for (int i = 0; i < 3; i++)
		expect(result_of(children[i]) == 0);
}

static pthread_spinlock_t spin;

static void *spin_and_add(void *unused)
{
	(void)unused;
	for (int i = 0; i < 2000; i++) {
		pthread_spin_lock(&spin);
		number = number + 1;
		pthread_spin_unlock(&spin);
	}
	return NULL;
}

CASE(a_spin_lock_excludes)
{
	pthread_t threads[4];

	expect(pthread_spin_init(&spin, 0) == 0);
	expect(pthread_spin_trylock(&spin) == 0);
	expect(pthread_spin_trylock(&spin) == EBUSY);
	expect(pthread_spin_unlock(&spin) == 0);
	for (int i = 0; i < 4; i++)
		threads[i] = create(spin_and_add, NULL);
	for (int i = 0; i < 4; i++)
		join(threads[i]);
	expect(number == 8000);
	expect(pthread_spin_destroy(&spin) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
