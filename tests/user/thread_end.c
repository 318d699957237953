/*
 * thread_end.c - cleanup handlers and destructors at the end of a thread; joins
 * with a deadline, the clock of a thread; scheduling attributes. Any POSIX
 * system with the names of GNU.
 */
#define _GNU_SOURCE
#include "tests/user/thread_case.h"

static char order[16];

static void note(void *letter)
{
	order[strlen(order)] = (char)(long)letter;
}

static void *leave_in_the_middle(void *unused)
{
	pthread_cleanup_push(note, (void *)'a');
	pthread_cleanup_push(note, (void *)'b');
	if (!unused)
		pthread_exit((void *)7);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

CASE(exit_cleans_up_the_last_one_first)
{
	expect(join(create(leave_in_the_middle, NULL)) == 7);
	expect(strcmp(order, "ba") == 0);
}

static void *pop_both(void *execute)
{
	pthread_cleanup_push(note, (void *)'a');
	pthread_cleanup_push(note, (void *)'b');
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(execute != NULL);
	return NULL;
}

CASE(pop_does_it_when_asked_to)
{
	join(create(pop_both, NULL));
	expect(strcmp(order, "") == 0);
	join(create(pop_both, order));
	expect(strcmp(order, "a") == 0);
}

static void *return_inside(void *unused)
{
	pthread_cleanup_push(note, (void *)'x');
	pthread_cleanup_pop(1);
	note((void *)'r');
	return unused;
}

CASE(what_was_popped_is_not_done_again)
{
	join(create(return_inside, NULL));
	expect(strcmp(order, "xr") == 0);
}

static pthread_key_t key;

static void destroy(void *unused)
{
	(void)unused;
	note((void *)'k');
}

static void *with_key(void *unused)
{
	pthread_setspecific(key, order);
	return leave_in_the_middle(unused);
}

CASE(keys_go_after_the_cleaning)
{
	require(pthread_key_create(&key, destroy) == 0);
	join(create(with_key, NULL));
	expect(strcmp(order, "bak") == 0);
}

static void unlock(void *mutex)
{
	pthread_mutex_unlock(mutex);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *exit_with_mutex(void *unused)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	pthread_exit(unused);
	pthread_cleanup_pop(1);
}

CASE(mutex_is_given_back_at_the_end)
{
	join(create(exit_with_mutex, NULL));
	expect(pthread_mutex_trylock(&mutex) == 0);
}

static void leave(void *unused)
{
	(void)unused;
	_exit(order[0] == 'b' ? 3 : 4);
}

static int exit_the_first_thread(void)
{
	pthread_cleanup_push(leave, NULL);
	pthread_cleanup_push(note, (void *)'b');
	pthread_exit(NULL);
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return 0;
}

CASE(first_thread_cleans_up_too)
{
	expect(run_in_child(exit_the_first_thread) == 3);
}

CASE(attributes_of_scheduling)
{
	struct sched_param param = { .sched_priority = 1 };
	pthread_attr_t attr;
	int value = -1;

	pthread_attr_init(&attr);
	expect(pthread_attr_getinheritsched(&attr, &value) == 0 &&
	       value == PTHREAD_INHERIT_SCHED);
	expect(pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED)
	       == 0);
	expect(pthread_attr_getinheritsched(&attr, &value) == 0 &&
	       value == PTHREAD_EXPLICIT_SCHED);
	expect(pthread_attr_setinheritsched(&attr, 99) == EINVAL);
	expect(pthread_attr_getschedpolicy(&attr, &value) == 0 &&
	       value == SCHED_OTHER);
	expect(pthread_attr_setschedpolicy(&attr, SCHED_OTHER) == 0);
	expect(pthread_attr_setschedpolicy(&attr, 999) != 0);
	expect(pthread_attr_getschedparam(&attr, &param) == 0 &&
	       param.sched_priority == 0);
	expect(pthread_attr_setschedparam(&attr, &param) == 0);
	expect(pthread_attr_getscope(&attr, &value) == 0 &&
	       value == PTHREAD_SCOPE_SYSTEM);
	expect(pthread_attr_setscope(&attr, PTHREAD_SCOPE_SYSTEM) == 0);
	expect(pthread_attr_setscope(&attr, PTHREAD_SCOPE_PROCESS) == ENOTSUP);
	expect(pthread_attr_setscope(&attr, 99) == EINVAL);
}

CASE(thread_with_explicit_scheduling_runs)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_OTHER);
	require(pthread_create(&thread, &attr, pop_both, order) == 0);
	join(thread);
	expect(strcmp(order, "a") == 0);
}

CASE(scheduling_of_a_thread)
{
	struct sched_param param = { .sched_priority = 5 };
	int policy = -1;

	expect(pthread_getschedparam(pthread_self(), &policy, &param) == 0);
	expect(policy == SCHED_OTHER && param.sched_priority == 0);
	expect(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param)
	       == 0);
	expect(pthread_setschedprio(pthread_self(), 0) == 0);
	param.sched_priority = 5;
	expect(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param)
	       == EINVAL);
	param.sched_priority = sched_get_priority_min(SCHED_FIFO);
	expect(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param)
	       == (getuid() == 0 ? 0 : EPERM));
	expect(pthread_setschedparam(pthread_self(), 999, &param) == EINVAL);
}

static pthread_barrier_t barrier;
static volatile int arrived;

static void *meet(void *rounds)
{
	long serial = 0;

	for (long i = 0; i < (long)rounds; i++) {
		__sync_fetch_and_add(&arrived, 1);
		serial += pthread_barrier_wait(&barrier) ==
			  PTHREAD_BARRIER_SERIAL_THREAD;
		if (arrived < (i + 1) * 4)
			return (void *)-1000;
		pthread_barrier_wait(&barrier);
	}
	return (void *)serial;
}

CASE(barrier_holds_all_and_one_is_serial)
{
	pthread_t threads[4];
	long serial = 0;

	require(pthread_barrier_init(&barrier, NULL, 4) == 0);
	for (int i = 0; i < 4; i++)
		threads[i] = create(meet, (void *)20);
	for (int i = 0; i < 4; i++)
		serial += join(threads[i]);
	expect(serial == 20 && arrived == 80);
	expect(pthread_barrier_destroy(&barrier) == 0);
}

CASE(barrier_of_one_lets_through)
{
	require(pthread_barrier_init(&barrier, NULL, 1) == 0);
	for (int i = 0; i < 3; i++)
		expect(pthread_barrier_wait(&barrier) ==
		       PTHREAD_BARRIER_SERIAL_THREAD);
	expect(pthread_barrier_destroy(&barrier) == 0);
}

CASE(barrier_of_nobody_is_einval)
{
	expect(pthread_barrier_init(&barrier, NULL, 0) == EINVAL);
}

static void *meet_twice_shared(void *shared)
{
	pthread_barrier_wait(&((struct shared *)shared)->barrier);
	return NULL;
}

CASE(barrier_may_go_as_soon_as_all_have_met)
{
	for (int i = 0; i < 50; i++) {
		struct shared *shared = share();
		pthread_t threads[3];

		for (int n = 0; n < 3; n++)
			threads[n] = create(meet_twice_shared, shared);
		pthread_barrier_wait(&shared->barrier);
		expect(pthread_barrier_destroy(&shared->barrier) == 0);
		for (int n = 0; n < 3; n++)
			join(threads[n]);
		munmap(shared, sizeof(*shared));
	}
}

/* ---- Joins with a deadline, clocks --------------------------------------- */

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *result)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return result;
}

CASE(join_gives_up_at_the_deadline_and_can_be_repeated)
{
	struct timespec soon;
	pthread_t thread;
	void *result;

	pthread_mutex_lock(&gate);
	thread = create(wait_at_gate, (void *)5);
	expect(pthread_tryjoin_np(thread, &result) == EBUSY);
	soon = in_ms(CLOCK_REALTIME, 5);
	expect(pthread_timedjoin_np(thread, &result, &soon) == ETIMEDOUT);
	pthread_mutex_unlock(&gate);
	soon = in_ms(CLOCK_REALTIME, 30000);
	expect(pthread_timedjoin_np(thread, &result, &soon) == 0);
	expect(result == (void *)5);
	expect(pthread_timedjoin_np(pthread_self(), NULL, &soon) == EDEADLK);
}

CASE(ended_thread_is_joined_without_a_wait)
{
	pthread_t thread = create(wait_at_gate, (void *)6);
	void *result = NULL;
	int error;

	while ((error = pthread_tryjoin_np(thread, &result)) == EBUSY)
		case_pause();
	expect(error == 0 && result == (void *)6);
}

CASE(thread_can_be_detached_after_a_join_in_vain)
{
	struct timespec soon = in_ms(CLOCK_MONOTONIC, 2);
	pthread_t thread;

	pthread_mutex_lock(&gate);
	thread = create(wait_at_gate, NULL);
	expect(pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &soon) ==
	       ETIMEDOUT);
	expect(pthread_detach(thread) == 0);
	pthread_mutex_unlock(&gate);
}

static volatile int may_end;

static void *work(void *unused)
{
	while (!may_end)
		continue;
	return unused;
}

CASE(clock_of_a_thread_counts_its_time_alone)
{
	struct timespec used = { 0, 0 }, own;
	pthread_t thread = create(work, NULL);
	clockid_t clock;

	expect(pthread_getcpuclockid(thread, &clock) == 0);
	while (used.tv_sec == 0 && used.tv_nsec < 20000000) {
		case_pause();
		require(clock_gettime(clock, &used) == 0);
	}
	may_end = 1;
	join(thread);
	while (clock_gettime(clock, &used) == 0)
		case_pause();		/* Linux ends the thread later */
	expect(errno == EINVAL);
	expect(pthread_getcpuclockid(pthread_self(), &clock) == 0);
	expect(clock_gettime(clock, &own) == 0);
	expect(own.tv_sec > 0 || own.tv_nsec > 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
