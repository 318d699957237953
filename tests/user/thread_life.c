/*
 * thread_life.c - threads begin and end: create, join, detach, exit, fork and
 * exec. Any POSIX system.
 */
#include "tests/user/thread_case.h"

static volatile int number;

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
	if (number < 0)
		return NULL;
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

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
