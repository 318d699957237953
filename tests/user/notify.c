/*
 * notify.c - SIGEV_THREAD: an event starts a function in a thread. Any POSIX
 * system.
 */
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

#include "tests/user/helpers.h"

#define NAME	"/test-notify"

static sem_t called;
static pthread_t caller;
static int got;
static volatile int calls;

static void note(union sigval value)
{
	caller = pthread_self();
	got = value.sival_int;
	calls++;
	sem_post(&called);
}

static struct sigevent thread_event(int value)
{
	struct sigevent event;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_THREAD;
	event.sigev_notify_function = note;
	event.sigev_value.sival_int = value;
	return event;
}

/* ---- Message queues ------------------------------------------------------ */

static mqd_t new_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 16 };
	mqd_t queue;

	sem_init(&called, 0, 0);
	mq_unlink(NAME);
	queue = mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr);
	require(queue != (mqd_t)-1);
	mq_unlink(NAME);
	return queue;
}

static void receive_one(mqd_t queue)
{
	char buffer[16];

	require(mq_receive(queue, buffer, sizeof(buffer), NULL) >= 0);
}

CASE(message_starts_the_function_in_another_thread)
{
	struct sigevent event = thread_event(42);
	mqd_t queue = new_queue();

	require(mq_notify(queue, &event) == 0);
	expect(calls == 0);
	require(mq_send(queue, "x", 1, 0) == 0);
	require(sem_wait(&called) == 0);
	expect(got == 42 && !pthread_equal(caller, pthread_self()));
	mq_close(queue);
}

CASE(function_runs_once_for_one_registration)
{
	struct sigevent event = thread_event(1);
	mqd_t queue = new_queue();

	require(mq_notify(queue, &event) == 0);
	for (int i = 0; i < 3; i++) {
		require(mq_send(queue, "x", 1, 0) == 0);
		receive_one(queue);
	}
	require(sem_wait(&called) == 0);
	expect_error(sem_trywait(&called), EAGAIN);
	for (int i = 0; i < 5; i++) {
		require(mq_notify(queue, &event) == 0);
		require(mq_send(queue, "x", 1, 0) == 0);
		require(sem_wait(&called) == 0);
		receive_one(queue);
	}
	expect(calls == 6);
	mq_close(queue);
}

CASE(second_registration_is_busy)
{
	struct sigevent event = thread_event(1);
	mqd_t queue = new_queue();

	require(mq_notify(queue, &event) == 0);
	expect_error(mq_notify(queue, &event), EBUSY);
	expect(mq_notify(queue, NULL) == 0);
	expect(mq_notify(queue, &event) == 0);
	expect(mq_notify(queue, NULL) == 0);
	require(mq_send(queue, "x", 1, 0) == 0);
	expect(calls == 0);
	mq_close(queue);
}

CASE(what_is_no_queue_is_ebadf)
{
	struct sigevent event = thread_event(1);

	expect_error(mq_notify((mqd_t)-1, &event), EBADF);
	expect_error(mq_notify((mqd_t)250, &event), EBADF);
}

CASE(function_gets_the_attributes_asked_for)
{
	struct sigevent event = thread_event(7);
	mqd_t queue = new_queue();
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 * 1024);
	event.sigev_notify_attributes = &attr;
	require(mq_notify(queue, &event) == 0);
	require(mq_send(queue, "x", 1, 0) == 0);
	require(sem_wait(&called) == 0);
	expect(got == 7);
	pthread_attr_destroy(&attr);
	mq_close(queue);
}

/* ---- Timers -------------------------------------------------------------- */

static timer_t new_timer(int value)
{
	struct sigevent event = thread_event(value);
	timer_t timer;

	sem_init(&called, 0, 0);
	require(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	return timer;
}

static void set_timer(timer_t timer, long first_ns, long interval_ns)
{
	const struct itimerspec value = {
		.it_value = { 0, first_ns }, .it_interval = { 0, interval_ns },
	};

	require(timer_settime(timer, 0, &value, NULL) == 0);
}

CASE(expiry_starts_the_function_in_another_thread)
{
	timer_t timer = new_timer(33);

	set_timer(timer, 1000000, 0);
	require(sem_wait(&called) == 0);
	expect(got == 33 && !pthread_equal(caller, pthread_self()));
	expect(timer_delete(timer) == 0);
}

CASE(every_expiry_starts_it_again)
{
	timer_t timer = new_timer(5);

	set_timer(timer, 1000000, 1000000);
	for (int i = 0; i < 20; i++)
		require(sem_wait(&called) == 0);
	expect(calls >= 20);
	expect(timer_delete(timer) == 0);
}

CASE(stopped_timer_starts_nothing_and_can_go_on)
{
	struct itimerspec value;
	timer_t timer = new_timer(6);

	set_timer(timer, 500000000, 0);
	set_timer(timer, 0, 0);
	expect(timer_gettime(timer, &value) == 0 && value.it_value.tv_sec == 0);
	set_timer(timer, 1000000, 0);
	require(sem_wait(&called) == 0);
	expect(calls == 1);
	expect(timer_delete(timer) == 0);
}

/* Each timer has a helper: all helpers must come, and end. */
CASE(many_timers_come_and_go)
{
	timer_t timers[8];

	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 8; i++)
			timers[i] = new_timer(i);
		sem_init(&called, 0, 0);
		for (int i = 0; i < 8; i++)
			set_timer(timers[i], 100000, 0);
		for (int i = 0; i < 8; i++)
			require(sem_wait(&called) == 0);
		for (int i = 0; i < 8; i++)
			expect(timer_delete(timers[i]) == 0);
	}
}

CASE(child_of_a_fork_has_none_of_it)
{
	timer_t timer = new_timer(1);
	pid_t child;

	set_timer(timer, 1000000, 1000000);
	require(sem_wait(&called) == 0);
	child = fork_or_fail();
	if (child == 0) {
		int before = calls;

		for (int i = 0; i < 5; i++)
			case_pause();
		_exit(calls == before ? 7 : 1);
	}
	expect(result_of(child) == 7);
	expect(timer_delete(timer) == 0);
}

CASE(clock_that_is_none_is_einval)
{
	struct sigevent event = thread_event(1);
	timer_t timer;

	expect_error(timer_create((clockid_t)77, &event, &timer), EINVAL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
