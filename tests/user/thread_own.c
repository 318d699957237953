/*
 * thread_own.c - state of each thread, state that threads share, and signals to
 * a single thread. Any POSIX system.
 */
#include "tests/user/thread_case.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int number;

static void *give_back(void *argument)
{
	return argument;
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

static FILE *lines;

static void *print_lines(void *argument)
{
	for (int i = 0; i < 300; i++)
		fprintf(lines, "%c%c%c%c%c\n", 'a' + (int)(long)argument,
			'0' + i % 10, '-', '-', '.');
	return NULL;
}

CASE(lines_printed_by_many_are_whole)
{
	pthread_t threads[5];
	char line[100];
	int count = 0;

	require((lines = tmpfile()) != NULL);
	for (long i = 0; i < 5; i++)
		threads[i] = create(print_lines, (void *)i);
	for (int i = 0; i < 5; i++)
		join(threads[i]);
	rewind(lines);
	for (; fgets(line, sizeof(line), lines); count++)
		require(strlen(line) == 6 && strcmp(line + 2, "--.\n") == 0);
	expect(count == 1500);
	fclose(lines);
}

static void *read_bytes(void *unused)
{
	long count = 0;

	(void)unused;
	while (fgetc(lines) != EOF)
		count++;
	return (void *)count;
}

CASE(each_byte_is_read_by_one)
{
	pthread_t threads[5];
	long count = 0;

	require((lines = tmpfile()) != NULL);
	for (int i = 0; i < 20000; i++)
		fputc('x', lines);
	rewind(lines);
	for (int i = 0; i < 5; i++)
		threads[i] = create(read_bytes, NULL);
	for (int i = 0; i < 5; i++)
		count += join(threads[i]);
	expect(count == 20000);
	fclose(lines);
}

static void *print_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		fprintf(lines, "%s\n", "text");
	return NULL;
}

CASE(the_child_of_a_thread_can_print)
{
	require((lines = fopen("/dev/null", "w")) != NULL);
	create(print_for_ever, NULL);
	create(print_for_ever, NULL);
	for (int i = 0; i < 50; i++) {
		pid_t child = fork_or_fail();

		if (child == 0)
			_exit(fprintf(lines, "%s", "child") == 5 ? 4 : 1);
		require(result_of(child) == 4);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
