/*
 * inherit.c - priority inversion: a task of high priority waits for a mutex, a
 * task of low priority holds it, and a task of middle priority computes. Then
 * the cure, the loan of a priority: its beginning, its end, its chains.
 *
 * A case reads the order in which tasks reach their steps. The machine has one
 * processor, so the order is the same in each run.
 *
 * linux: no
 */
#include "tests/user/inherit_case.h"

static char steps[64];
static volatile int step_count;

/* The steps that tasks have reached, in order. */
static void step(char letter)
{
	steps[step_count++] = letter;
}

/* ---- The inversion ------------------------------------------------------- */

static void *compute(void *unused)
{
	be(SCHED_FIFO, MIDDLE);
	step('m');
	return unused;
}

static void *want(void *unused)
{
	be(SCHED_FIFO, HIGH);
	pthread_mutex_lock(&mutexes[0]);
	step('h');
	pthread_mutex_unlock(&mutexes[0]);
	return unused;
}

/* The caller is the task of low priority. */
static void meet(void)
{
	pthread_t high, middle;

	be(SCHED_FIFO, TOP);
	pthread_mutex_lock(&mutexes[0]);
	high = create(want, NULL);
	middle = create(compute, NULL);
	be(SCHED_FIFO, LOW);		/* all others run, as far as they can */
	step('l');
	pthread_mutex_unlock(&mutexes[0]);
	step('u');
	join(high);
	join(middle);
	steps[step_count] = '\0';
}

CASE(inversion_has_no_cure)
{
	init(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL);
	meet();
	expect(strcmp(steps, "lhmu") == 0);
}

CASE(plain_mutex_inherits)
{
	init(PTHREAD_PRIO_NONE, PTHREAD_MUTEX_NORMAL);
	meet();
	expect(strcmp(steps, "mlhu") == 0);
}

/* ---- The end of a loan --------------------------------------------------- */

static void *want_for_10_ms(void *unused)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 10);

	be(SCHED_FIFO, HIGH);
	require(pthread_mutex_timedlock(&mutexes[0], &soon) == ETIMEDOUT);
	return unused;
}

static void begin(void)
{
	init(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL);
	be(SCHED_FIFO, LOW);
	expect(pthread_mutex_lock(&mutexes[0]) == 0);
	expect(my_level() == LOW);
}

static pthread_t create_urgent(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	be(SCHED_FIFO, TOP);
	thread = create(function, argument);
	be(SCHED_FIFO, LOW);
	return thread;
}

CASE(loan_outlasts_the_timeout)
{
	pthread_t high;

	begin();
	high = create_urgent(want_for_10_ms, NULL);
	expect(my_level() == HIGH);
	join(high);
	expect(my_level() == LOW);
	expect(pthread_mutex_unlock(&mutexes[0]) == 0);
}

CASE(loan_outlasts_the_unlock)
{
	pthread_t high;

	begin();
	high = create_urgent(want, NULL);
	expect(my_level() == HIGH);
	expect(pthread_mutex_unlock(&mutexes[0]) == 0);
	expect(my_level() == LOW);
	join(high);
	expect(pthread_mutex_trylock(&mutexes[0]) == 0);
}

static void *want_and_be_cancelled(void *unused)
{
	be(SCHED_FIFO, HIGH);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_mutex_lock(&mutexes[0]);
	return unused;
}

CASE(loan_outlasts_the_end_of_the_lender)
{
	pthread_t high;

	begin();
	high = create_urgent(want_and_be_cancelled, NULL);
	expect(my_level() == HIGH);
	pthread_cancel(high);
	pthread_join(high, NULL);
	expect(my_level() == LOW);
}

static void *change_later(void *thread)
{
	const struct sched_param param = { .sched_priority = HIGH + 3 };

	be(SCHED_FIFO, TOP);
	pthread_setschedparam(*(pthread_t *)thread, SCHED_FIFO, &param);
	return NULL;
}

CASE(new_priority_of_the_lender_is_not_lent)
{
	pthread_t high;

	begin();
	high = create_urgent(want, NULL);
	join(create_urgent(change_later, &high));
	expect(my_level() == HIGH + 3);
	pthread_mutex_unlock(&mutexes[0]);
	expect(my_level() == LOW);
	join(high);
}

/* The own priority is what programs see, and a child gets. */
CASE(loan_changes_the_own_priority)
{
	struct sched_param param;
	pthread_t high;
	int policy;
	pid_t pid;

	begin();
	high = create_urgent(want, NULL);
	expect(my_level() == HIGH);
	expect(pthread_getschedparam(pthread_self(), &policy, &param) == 0);
	expect(policy == SCHED_FIFO && param.sched_priority == LOW);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(my_level() != LOW);
	pthread_mutex_unlock(&mutexes[0]);
	expect(result_of(pid) == 0);
	join(high);
}

/* A thread that shares time, and a background thread. */
CASE(thread_that_shares_time_does_not_borrow)
{
	pthread_t high;

	begin();
	be(SCHED_FIFO, TOP);
	high = create(want, NULL);
	be(SCHED_OTHER, 0);
	expect(my_level() == HIGH);
	pthread_mutex_unlock(&mutexes[0]);
	expect(my_level() == 0);
	join(high);
	expect(my_level() == 0);
}

static volatile int is_over, is_held;

static void *compute_always(void *unused)
{
	be(SCHED_OTHER, 0);
	while (!is_over)
		;
	return unused;
}

static void *hold_in_background(void *unused)
{
	be(SCHED_IDLE, 0);
	pthread_mutex_lock(&mutexes[0]);
	is_held = 1;
	for (int i = 0; i < 3; i++)
		sched_yield();
	pthread_mutex_unlock(&mutexes[0]);
	return unused;
}

/* Without the loan the owner does not run beside a thread that computes. */
CASE(background_owner_keeps_the_mutex_for_ever)
{
	pthread_t background, busy;

	init(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL);
	background = create(hold_in_background, NULL);
	while (!is_held)
		case_pause();
	busy = create(compute_always, NULL);
	expect(pthread_mutex_lock(&mutexes[0]) == 0);
	is_over = 1;
	join(busy);
	pthread_mutex_unlock(&mutexes[0]);
	join(background);
}

/* ---- Chains -------------------------------------------------------------- */

/* Hold the mutex after the first, and wait for the mutex n. */
static void *hold_and_want(void *n)
{
	long number = (long)n;

	be(SCHED_FIFO, MIDDLE + number);
	pthread_mutex_lock(&mutexes[number + 1]);
	pthread_mutex_lock(&mutexes[number]);
	step('a' + number);
	pthread_mutex_unlock(&mutexes[number]);
	pthread_mutex_unlock(&mutexes[number + 1]);
	return NULL;
}

static void *want_the_last(void *unused)
{
	be(SCHED_FIFO, HIGH);
	pthread_mutex_lock(&mutexes[3]);
	step('h');
	pthread_mutex_unlock(&mutexes[3]);
	return unused;
}

CASE(chain_ends_at_its_first_owner)
{
	pthread_t chain[3], high;

	begin();
	for (long i = 0; i < 3; i++) {
		chain[i] = create_urgent(hold_and_want, (void *)i);
		expect(my_level() == MIDDLE + i);
	}
	high = create_urgent(want_the_last, NULL);
	expect(my_level() == HIGH);
	pthread_mutex_unlock(&mutexes[0]);
	expect(my_level() == LOW);
	join(high);
	for (int i = 0; i < 3; i++)
		join(chain[i]);
	steps[step_count] = '\0';
	expect(strcmp(steps, "abch") == 0);
}

/* Each of two mutexes has a loan; the higher ends first. */
CASE(second_loan_ends_with_the_first)
{
	pthread_t first, second;

	begin();
	pthread_mutex_lock(&mutexes[3]);
	first = create_urgent(want, NULL);
	be(SCHED_FIFO, TOP);
	second = create(hold_and_want, (void *)1);
	be(SCHED_FIFO, LOW);
	expect(my_level() == HIGH);
	pthread_mutex_unlock(&mutexes[0]);
	expect(my_level() == LOW);
	pthread_mutex_unlock(&mutexes[3]);
	join(first);
	join(second);
}

static void *lock_crosswise(void *unused)
{
	int error;

	be(SCHED_FIFO, HIGH);
	pthread_mutex_lock(&mutexes[1]);
	error = pthread_mutex_lock(&mutexes[0]);
	require(error == 0);
	pthread_mutex_unlock(&mutexes[0]);
	pthread_mutex_unlock(&mutexes[1]);
	return unused;
}

CASE(circle_of_owners_waits_for_ever)
{
	pthread_t other;

	begin();
	other = create_urgent(lock_crosswise, NULL);
	expect(pthread_mutex_lock(&mutexes[1]) == EDEADLK);
	expect(pthread_mutex_lock(&mutexes[0]) == EDEADLK);
	expect(my_level() == HIGH);
	pthread_mutex_unlock(&mutexes[0]);
	join(other);
	expect(my_level() == LOW);
	expect(pthread_mutex_lock(&mutexes[1]) == 0);
}

CASE(recursive_mutex_does_not_inherit)
{
	pthread_t high;

	init(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_RECURSIVE);
	be(SCHED_FIFO, LOW);
	expect(pthread_mutex_lock(&mutexes[0]) == 0);
	expect(pthread_mutex_lock(&mutexes[0]) == 0);
	high = create_urgent(want, NULL);
	expect(my_level() == HIGH);
	expect(pthread_mutex_unlock(&mutexes[0]) == 0);
	expect(my_level() == HIGH);
	expect(pthread_mutex_unlock(&mutexes[0]) == 0);
	expect(my_level() == LOW);
	join(high);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
