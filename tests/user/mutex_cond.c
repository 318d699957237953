/* mutex_cond.c - condition variables: no wake-up is lost. Any POSIX system. */
#include "tests/user/thread_case.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int number, turn;

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

CASE(a_signal_for_nobody_is_not_kept)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 5);
	int error;

	pthread_mutex_lock(&mutex);
	expect(pthread_cond_signal(&cond) == 0);
	expect(pthread_cond_broadcast(&cond) == 0);
	do
		error = pthread_cond_timedwait(&cond, &mutex, &soon);
	while (error == 0);
	expect(error == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
}

CASE(no_time_is_einval_and_the_mutex_stays)
{
	struct timespec bad = { 0, 1000000000 };

	pthread_mutex_lock(&mutex);
	expect(pthread_cond_timedwait(&cond, &mutex, &bad) == EINVAL);
	bad.tv_nsec = -1;
	expect(pthread_cond_timedwait(&cond, &mutex, &bad) == EINVAL);
	expect(pthread_mutex_trylock(&mutex) == EBUSY);
	pthread_mutex_unlock(&mutex);
}

CASE(a_handler_does_not_end_the_wait)
{
	pthread_t thread;

	set_handler(SIGUSR1, catch_it, 0);
	thread = create(wait_for_turn, NULL);
	while (!waiting)
		case_pause();
	for (int i = 1; i <= 3; i++) {
		expect(pthread_kill(thread, SIGUSR1) == 0);
		while (caught < i)
			case_pause();
	}
	expect(number == 0);
	pthread_mutex_lock(&mutex);
	turn = 1;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
	join(thread);
	expect(number == 1);
}

static struct shared *all;

static int wait_for_number(void)
{
	pthread_mutex_lock(&all->mutex);
	while (!all->number)
		pthread_cond_wait(&all->cond, &all->mutex);
	pthread_mutex_unlock(&all->mutex);
	return 0;
}

CASE(a_killed_waiter_does_not_hold_up_others)
{
	pid_t killed, child;

	all = share();
	killed = start(wait_for_number);
	child = start(wait_for_number);
	until_asleep(killed);
	until_asleep(child);
	expect(kill_and_wait(killed) == -SIGKILL);
	pthread_mutex_lock(&all->mutex);
	all->number = 1;
	pthread_cond_broadcast(&all->cond);
	pthread_mutex_unlock(&all->mutex);
	expect(result_of(child) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
