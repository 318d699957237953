/*
 * thread_life.c - threads begin and end: create, join, detach, exit, fork, exec,
 * signals to one of them, values of their own. Any POSIX system.
 */
#include <pthread.h>

#include "tests/user/helpers.h"

static volatile int number;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *give_back(void *argument)
{
	return argument;
}

static void *wait_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

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

CASE(join_gives_the_result)
{
	for (long i = 0; i < 20; i++)
		expect(join(create(give_back, (void *)i)) == i);
}

static void exit_below(long result)
{
	pthread_exit((void *)(result + 1));
}

static void *exit_in_the_middle(void *argument)
{
	exit_below((long)argument);
	return NULL;
}

CASE(pthread_exit_ends_from_below)
{
	expect(join(create(exit_in_the_middle, (void *)41)) == 42);
}

CASE(join_needs_no_place_for_the_result)
{
	expect(pthread_join(create(give_back, NULL), NULL) == 0);
}

static void *join_itself(void *unused)
{
	(void)unused;
	return (void *)(long)pthread_join(pthread_self(), NULL);
}

CASE(joining_oneself_is_edeadlk)
{
	expect(join(create(join_itself, NULL)) == EDEADLK);
}

CASE(threads_have_different_names)
{
	pthread_t a = create(give_back, NULL), b = create(give_back, NULL);

	expect(!pthread_equal(a, b));
	expect(!pthread_equal(a, pthread_self()));
	expect(pthread_equal(pthread_self(), pthread_self()));
	join(a);
	join(b);
}

CASE(many_at_once)
{
	pthread_t threads[100];
	long sum = 0;

	for (long i = 0; i < 100; i++)
		threads[i] = create(give_back, (void *)i);
	for (int i = 0; i < 100; i++)
		sum += join(threads[i]);
	expect(sum == 4950);
}

CASE(a_thousand_one_after_the_other)
{
	for (long i = 0; i < 1000; i++)
		require(join(create(give_back, (void *)i)) == i);
}

static void *count_up(void *unused)
{
	(void)unused;
	__sync_fetch_and_add(&number, 1);
	return NULL;
}

CASE(a_thousand_detached)
{
	for (int i = 0; i < 1000; i++) {
		pthread_t thread;
		int error;

		/* Those before may still be on their way out. */
		while ((error = pthread_create(&thread, NULL, count_up,
					       NULL)) == EAGAIN)
			case_pause();
		require(error == 0);
		require(pthread_detach(thread) == 0);
	}
	while (number < 1000)
		case_pause();
}

CASE(created_detached)
{
	pthread_attr_t attr;
	pthread_t thread;
	int state = -1;

	pthread_attr_init(&attr);
	expect(pthread_attr_getdetachstate(&attr, &state) == 0 &&
	       state == PTHREAD_CREATE_JOINABLE);
	expect(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED)
	       == 0);
	expect(pthread_attr_setdetachstate(&attr, 77) == EINVAL);
	require(pthread_create(&thread, &attr, count_up, NULL) == 0);
	pthread_attr_destroy(&attr);
	while (number < 1)
		case_pause();
}

static void *use_stack(void *argument)
{
	volatile char block[200 * 1024];

	for (size_t i = 0; i < sizeof(block); i += 1024)
		block[i] = 1;
	return argument;
}

CASE(stack_as_large_as_asked)
{
	pthread_attr_t attr;
	pthread_t thread;
	size_t bytes;

	pthread_attr_init(&attr);
	expect(pthread_attr_setstacksize(&attr, 1) == EINVAL);
	expect(pthread_attr_setstacksize(&attr, 256 * 1024) == 0);
	expect(pthread_attr_getstacksize(&attr, &bytes) == 0 &&
	       bytes == 256 * 1024);
	require(pthread_create(&thread, &attr, use_stack, (void *)3) == 0);
	expect(join(thread) == 3);
}

static void *too_deep(void *argument)
{
	volatile char block[1000];

	block[0] = 1;
	return (char *)too_deep(argument) + block[0];
}

CASE_DIES(stack_overflow_hits_the_guard_page, SIGSEGV)
{
	join(create(too_deep, NULL));
}

/* ---- The end of the process ---------------------------------------------- */

static void *exit_seven(void *unused)
{
	(void)unused;
	exit(7);
}

static int exits_in_a_thread(void)
{
	create(exit_seven, NULL);
	wait_for_ever(NULL);
	return 0;
}

CASE(exit_of_one_ends_all)
{
	expect(run_in_child(exits_in_a_thread) == 7);
}

static int returns_before_its_threads(void)
{
	for (int i = 0; i < 5; i++)
		create(wait_for_ever, NULL);
	return 3;
}

CASE(end_of_main_ends_all)
{
	expect(run_in_child(returns_before_its_threads) == 3);
}

static pthread_t first;

static void *join_first(void *unused)
{
	(void)unused;
	_exit(pthread_join(first, NULL) == 0 ? 9 : 1);
}

static int main_leaves(void)
{
	first = pthread_self();
	create(join_first, NULL);
	pthread_exit(NULL);
}

CASE(the_first_thread_can_leave_and_be_joined)
{
	expect(run_in_child(main_leaves) == 9);
}

static int all_leave(void)
{
	create(count_up, NULL);
	pthread_exit((void *)5);
}

CASE(the_last_thread_ends_the_process_with_0)
{
	expect(run_in_child(all_leave) == 0);
}

static int many_wait(void)
{
	for (int i = 0; i < 10; i++)
		create(wait_for_ever, NULL);
	wait_for_ever(NULL);
	return 0;
}

CASE(sigkill_ends_all_threads)
{
	pid_t child = start(many_wait);

	until_asleep(child);
	expect(kill_and_wait(child) == -SIGKILL);
}

CASE(a_fatal_signal_ends_all_threads)
{
	pid_t child = start(many_wait);

	until_asleep(child);
	kill(child, SIGTERM);
	expect(result_of(child) == -SIGTERM);
}

static void *crash(void *unused)
{
	(void)unused;
	*(volatile int *)nowhere = 1;
	return NULL;
}

CASE_DIES(a_crash_of_one_ends_all, SIGSEGV)
{
	create(crash, NULL);
	wait_for_ever(NULL);
}

static void *exec_false(void *unused)
{
	(void)unused;
	execl("/bin/sh", "sh", "-c", "exit 6", (char *)NULL);
	return NULL;
}

static int execs_in_a_thread(void)
{
	create(wait_for_ever, NULL);
	create(exec_false, NULL);
	wait_for_ever(NULL);
	return 0;
}

CASE(exec_in_a_thread_replaces_all)
{
	expect(run_in_child(execs_in_a_thread) == 6);
}

static int execs_in_the_first(void)
{
	for (int i = 0; i < 5; i++)
		create(wait_for_ever, NULL);
	exec_false(NULL);
	return 1;
}

CASE(exec_in_the_first_thread_ends_the_others)
{
	expect(run_in_child(execs_in_the_first) == 6);
}

/* ---- fork ---------------------------------------------------------------- */

static void *fork_and_create(void *unused)
{
	pid_t child = fork();

	(void)unused;
	if (child == 0)
		_exit(join(create(give_back, (void *)11)));
	return (void *)(long)result_of(child);
}

CASE(fork_in_a_thread_leaves_one_that_can_create_more)
{
	create(wait_for_ever, NULL);
	expect(join(create(fork_and_create, NULL)) == 11);
}

static void *allocate_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		free(malloc(100));
	return NULL;
}

CASE(malloc_works_in_the_child_of_a_thread)
{
	create(allocate_for_ever, NULL);
	for (int i = 0; i < 100; i++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			free(malloc(200));
			_exit(4);
		}
		require(result_of(child) == 4);
	}
}

static char order[10];

static void note_p1(void) { strcat(order, "p"); }
static void note_p2(void) { strcat(order, "P"); }
static void note_m1(void) { strcat(order, "m"); }
static void note_m2(void) { strcat(order, "M"); }
static void note_c1(void) { strcat(order, "c"); }
static void note_c2(void) { strcat(order, "C"); }

CASE(atfork_calls_in_order)
{
	pid_t child;

	expect(pthread_atfork(note_p1, note_m1, note_c1) == 0);
	expect(pthread_atfork(note_p2, note_m2, note_c2) == 0);
	expect(pthread_atfork(NULL, NULL, NULL) == 0);
	child = fork_or_fail();
	if (child == 0)
		_exit(strcmp(order, "PpcC") != 0);
	expect(result_of(child) == 0);
	expect(strcmp(order, "PpmM") == 0);
}

/* ---- What is each thread's own ------------------------------------------- */

static void *set_errno(void *argument)
{
	expect(errno == 0);
	errno = (int)(long)argument;
	for (int i = 0; i < 50; i++) {
		sched_yield();
		if (errno != (int)(long)argument)
			return (void *)1;
	}
	return NULL;
}

CASE(errno_is_each_threads_own)
{
	pthread_t threads[10];
	long wrong = 0;

	errno = 1234;
	for (long i = 0; i < 10; i++)
		threads[i] = create(set_errno, (void *)(i + 1));
	for (int i = 0; i < 10; i++)
		wrong += join(threads[i]);
	expect(wrong == 0);
	expect(errno == 1234);
}

static pthread_key_t key;
static volatile int destroyed;

static void destroy(void *value)
{
	destroyed += (int)(long)value;
}

static void *use_key(void *argument)
{
	expect(pthread_getspecific(key) == NULL);
	expect(pthread_setspecific(key, argument) == 0);
	sched_yield();
	expect(pthread_getspecific(key) == argument);
	return NULL;
}

CASE(a_key_has_a_value_for_each_thread)
{
	pthread_t a, b;

	require(pthread_key_create(&key, NULL) == 0);
	expect(pthread_setspecific(key, &key) == 0);
	a = create(use_key, (void *)1);
	b = create(use_key, (void *)2);
	join(a);
	join(b);
	expect(pthread_getspecific(key) == &key);
	expect(pthread_key_delete(key) == 0);
}

CASE(destructors_run_at_the_end_of_a_thread)
{
	require(pthread_key_create(&key, destroy) == 0);
	join(create(use_key, (void *)5));
	join(create(use_key, NULL));
	expect(destroyed == 5);
	pthread_key_delete(key);
}

CASE(a_new_key_is_null_everywhere)
{
	pthread_key_t again;

	require(pthread_key_create(&key, NULL) == 0);
	pthread_setspecific(key, &key);
	require(pthread_key_delete(key) == 0);
	require(pthread_key_create(&again, NULL) == 0);
	expect(pthread_getspecific(again) == NULL);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void slow_init(void)
{
	case_pause();
	number++;
}

static void *call_once(void *unused)
{
	(void)unused;
	pthread_once(&once, slow_init);
	return (void *)(long)number;
}

CASE(once_is_once_and_all_wait_for_it)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		threads[i] = create(call_once, NULL);
	for (int i = 0; i < 8; i++)
		expect(join(threads[i]) == 1);
	expect(number == 1);
}

/* ---- Signals ------------------------------------------------------------- */

static pthread_t catcher;

static void note_thread(int n)
{
	catcher = pthread_self();
	catch_it(n);
}

static void *wait_for_one(void *unused)
{
	(void)unused;
	while (!caught)
		case_pause();
	return NULL;
}

CASE(pthread_kill_reaches_the_thread_it_names)
{
	pthread_t a, b;

	set_handler(SIGUSR1, note_thread, 0);
	a = create(wait_for_one, NULL);
	b = create(wait_for_one, NULL);
	expect(pthread_kill(b, 0) == 0);
	expect(pthread_kill(b, SIGUSR1) == 0);
	join(a);
	join(b);
	expect(caught == 1 && pthread_equal(catcher, b));
}

CASE(pthread_kill_of_oneself_has_acted_when_it_returns)
{
	set_handler(SIGUSR1, note_thread, 0);
	join(create(give_back, NULL));
	expect(pthread_kill(pthread_self(), SIGUSR1) == 0);
	expect(caught == 1 && pthread_equal(catcher, pthread_self()));
	expect(pthread_kill(pthread_self(), 1000) == EINVAL);
}

static void *raise_it(void *unused)
{
	(void)unused;
	raise(SIGUSR1);
	return (void *)(long)pthread_equal(catcher, pthread_self());
}

CASE(raise_reaches_the_thread_that_calls)
{
	set_handler(SIGUSR1, note_thread, 0);
	expect(join(create(raise_it, NULL)) == 1);
	expect(caught == 1);
}

static void *mask_is_inherited(void *unused)
{
	sigset_t mask, set = set_of(SIGUSR2);

	(void)unused;
	pthread_sigmask(SIG_BLOCK, &set, &mask);
	return (void *)(long)(sigismember(&mask, SIGUSR1) &&
			      !sigismember(&mask, SIGUSR2));
}

CASE(each_thread_has_a_mask_and_inherits_it)
{
	sigset_t set = set_of(SIGUSR1);

	expect(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	expect(join(create(mask_is_inherited, NULL)) == 1);
	pthread_sigmask(SIG_BLOCK, NULL, &set);
	expect(!sigismember(&set, SIGUSR2));
	expect(pthread_sigmask(777, &set, NULL) == EINVAL);
}

CASE(a_signal_for_the_process_goes_to_who_lets_it)
{
	sigset_t set = set_of(SIGUSR1);
	pthread_t open;

	set_handler(SIGUSR1, note_thread, 0);
	open = create(wait_for_one, NULL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	join(open);
	expect(caught == 1 && pthread_equal(catcher, open));
	expect(!is_pending(SIGUSR1));
}

static void *take_it(void *unused)
{
	sigset_t set = set_of(SIGUSR1);
	int n = 0;

	(void)unused;
	expect(sigwait(&set, &n) == 0);
	return (void *)(long)n;
}

CASE(one_of_many_in_sigwait_takes_a_signal)
{
	pthread_t threads[5];

	block(SIGUSR1);
	for (int i = 0; i < 5; i++)
		threads[i] = create(take_it, NULL);
	for (int i = 0; i < 5; i++) {
		kill(getpid(), SIGUSR1);
		while (is_pending(SIGUSR1))
			case_pause();
	}
	for (int i = 0; i < 5; i++)
		expect(join(threads[i]) == SIGUSR1);
}

CASE(a_directed_signal_waits_for_its_thread)
{
	block(SIGUSR1);
	join(create(give_back, NULL));
	expect(pthread_kill(pthread_self(), SIGUSR1) == 0);
	expect(is_pending(SIGUSR1));
	expect((long)take_it(NULL) == SIGUSR1);
}

/* ---- Sharing ------------------------------------------------------------- */

static void *add_many(void *unused)
{
	(void)unused;
	for (int i = 0; i < 20000; i++) {
		pthread_mutex_lock(&mutex);
		number = number + 1;
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

CASE(no_addition_is_lost)
{
	pthread_t threads[5];

	for (int i = 0; i < 5; i++)
		threads[i] = create(add_many, NULL);
	for (int i = 0; i < 5; i++)
		join(threads[i]);
	expect(number == 100000);
}

static void *use_heap(void *argument)
{
	unsigned seed = (unsigned)(long)argument;
	char *blocks[20] = { NULL };

	for (int i = 0; i < 5000; i++) {
		int n = (int)((seed = seed * 1103515245 + 12345) >> 16) % 20;

		if (blocks[n] && *blocks[n] != (char)n)
			return (void *)1;
		blocks[n] = realloc(blocks[n], (seed >> 8) % 500 + 1);
		*blocks[n] = (char)n;
	}
	for (int n = 0; n < 20; n++)
		free(blocks[n]);
	return NULL;
}

CASE(the_heap_is_shared)
{
	pthread_t threads[6];

	for (long i = 0; i < 6; i++)
		threads[i] = create(use_heap, (void *)(i + 1));
	for (int i = 0; i < 6; i++)
		expect(join(threads[i]) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
