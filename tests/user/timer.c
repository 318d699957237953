/* timer.c - timers that send signals. Any POSIX system. */
#include <pthread.h>
#include <time.h>

#include "tests/user/helpers.h"

static timer_t make_timer(clockid_t clock, int n, int value)
{
	struct sigevent event;
	timer_t timer;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = n ? SIGEV_SIGNAL : SIGEV_NONE;
	event.sigev_signo = n;
	event.sigev_value.sival_int = value;
	require(timer_create(clock, &event, &timer) == 0);
	return timer;
}

static void start_timer(timer_t timer, long first_ns, long interval_ns)
{
	const struct itimerspec value = {
		.it_value = { 0, first_ns }, .it_interval = { 0, interval_ns },
	};

	require(timer_settime(timer, 0, &value, NULL) == 0);
}

CASE(a_timer_sends_its_signal_and_value)
{
	sigset_t set = set_of(SIGRTMIN);
	timer_t timer;
	siginfo_t info;

	block(SIGRTMIN);
	timer = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 77);
	start_timer(timer, 1000000, 0);
	expect(sigwaitinfo(&set, &info) == SIGRTMIN);
	expect(info.si_code == SI_TIMER && info.si_value.sival_int == 77);
	expect(timer_getoverrun(timer) == 0);
	expect(timer_delete(timer) == 0);
}

CASE(a_timer_repeats)
{
	sigset_t set = set_of(SIGRTMIN);
	timer_t timer;

	block(SIGRTMIN);
	timer = make_timer(CLOCK_REALTIME, SIGRTMIN, 0);
	start_timer(timer, 1000000, 1000000);
	for (int i = 0; i < 10; i++)
		expect(sigwaitinfo(&set, NULL) == SIGRTMIN);
}

/* The clock is read after the count: a slow machine only raises the bound. */
CASE(a_timer_fires_more_often_than_its_interval)
{
	const long interval_ns = 5000000;
	sigset_t set = set_of(SIGUSR1);
	struct timespec start, now;
	long long elapsed_ns;
	long count = 0;
	timer_t timer;

	block(SIGUSR1);
	timer = make_timer(CLOCK_MONOTONIC, SIGUSR1, 0);
	clock_gettime(CLOCK_MONOTONIC, &start);
	start_timer(timer, interval_ns, interval_ns);
	while (count < 10) {
		require(sigwaitinfo(&set, NULL) == SIGUSR1);
		count += 1 + timer_getoverrun(timer);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	elapsed_ns = (now.tv_sec - start.tv_sec) * 1000000000LL +
		     now.tv_nsec - start.tv_nsec;
	expect(count <= elapsed_ns / interval_ns);
	expect(timer_delete(timer) == 0);
}

static void do_nothing(union sigval unused)
{
	(void)unused;
}

/* The thread of a timer ends with the timer. */
CASE(deleted_timers_keep_their_threads)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD,
		.sigev_notify_function = do_nothing,
	};
	timer_t timer;

	for (int i = 0; i < 1500; i++) {
		require(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
		require(timer_delete(timer) == 0);
	}
}

CASE(what_nobody_took_is_an_overrun)
{
	sigset_t set = set_of(SIGRTMIN);
	timer_t timer;
	siginfo_t info;
	long long start_ms;

	block(SIGRTMIN);
	timer = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 0);
	start_ms = case_now_ms();
	start_timer(timer, 2000000, 2000000);
	while (case_now_ms() < start_ms + 50)
		case_pause();
	expect(sigwaitinfo(&set, &info) == SIGRTMIN);
	expect(timer_getoverrun(timer) >= 10);
	expect(info.si_overrun == timer_getoverrun(timer));
}

CASE(an_absolute_time_that_has_passed_is_at_once)
{
	const struct itimerspec value = { .it_value = { 1, 0 } };
	sigset_t set = set_of(SIGRTMIN);
	timer_t timer;

	block(SIGRTMIN);
	timer = make_timer(CLOCK_REALTIME, SIGRTMIN, 0);
	expect(timer_settime(timer, TIMER_ABSTIME, &value, NULL) == 0);
	expect(sigwaitinfo(&set, NULL) == SIGRTMIN);
}

CASE(a_timer_says_what_is_left)
{
	const struct itimerspec value = {
		.it_value = { 100, 0 }, .it_interval = { 3, 5 },
	}, none = { .it_value = { 0, 0 } };
	struct itimerspec now;
	timer_t timer = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 0);

	expect(timer_gettime(timer, &now) == 0);
	expect(now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0);
	expect(timer_settime(timer, 0, &value, NULL) == 0);
	expect(timer_gettime(timer, &now) == 0);
	expect(now.it_value.tv_sec == 99 || now.it_value.tv_sec == 100);
	expect(now.it_interval.tv_sec == 3 && now.it_interval.tv_nsec == 5);
	expect(timer_settime(timer, 0, &none, &now) == 0);
	expect(now.it_value.tv_sec >= 99);
	expect(timer_gettime(timer, &now) == 0);
	expect(now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0);
}

CASE(a_stopped_or_deleted_timer_sends_nothing)
{
	timer_t a = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 0);
	timer_t b = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 0);
	const struct timespec time = { 0, 40000000 };

	start_timer(a, 10000000, 0);
	start_timer(b, 10000000, 0);
	start_timer(a, 0, 0);
	expect(timer_delete(b) == 0);
	expect(nanosleep(&time, NULL) == 0);
}

CASE(timer_errors)
{
	struct itimerspec bad = { .it_value = { 0, 1000000000 } };
	struct sigevent event;
	timer_t timer;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_SIGNAL;
	event.sigev_signo = 1000;
	expect_error(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
	expect_error(timer_create(12345, NULL, &timer), EINVAL);
	timer = make_timer(CLOCK_MONOTONIC, 0, 0);
	expect_error(timer_settime(timer, 0, &bad, NULL), EINVAL);
	bad.it_value.tv_nsec = -1;
	expect_error(timer_settime(timer, 0, &bad, NULL), EINVAL);
	expect(timer_delete(timer) == 0);
	if (!leak_is_parley())
		return;
	expect_error(timer_delete(timer), EINVAL);
	expect_error(timer_gettime(timer, &bad), EINVAL);
	expect_error(timer_getoverrun(timer), EINVAL);
}

CASE(the_child_has_no_timers)
{
	timer_t timer = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 0);
	const struct timespec time = { 0, 40000000 };
	pid_t child;

	block(SIGRTMIN);
	start_timer(timer, 10000000, 0);
	child = fork_or_fail();
	if (child == 0) {
		nanosleep(&time, NULL);
		_exit(is_pending(SIGRTMIN));
	}
	expect(result_of(child) == 0);
}

CASE(timers_end_with_exec)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		start_timer(make_timer(CLOCK_MONOTONIC, SIGTERM, 0),
			    50000000, 0);
		execl("/bin/sh", "sh", "-c", "sleep 0.2; exit 5",
		      (char *)NULL);
	}
	expect(result_of(child) == 5);
}

CASE(two_timers_of_one_signal_both_send)
{
	sigset_t set = set_of(SIGRTMIN);
	timer_t one, two;
	siginfo_t info;
	int seen = 0;

	block(SIGRTMIN);
	one = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 1);
	two = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 2);
	start_timer(one, 1000000, 0);
	start_timer(two, 1000000, 0);
	for (int i = 0; i < 2; i++) {
		require(sigwaitinfo(&set, &info) == SIGRTMIN);
		seen |= info.si_value.sival_int;
	}
	expect(seen == 3);
}

CASE(timer_without_an_event_sends_sigalrm)
{
	sigset_t set = set_of(SIGALRM);
	siginfo_t info;
	timer_t timer;

	block(SIGALRM);
	require(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0);
	start_timer(timer, 1000000, 0);
	expect(sigwaitinfo(&set, &info) == SIGALRM);
	expect(info.si_code == SI_TIMER);
}

CASE(timer_of_processor_time_counts_use)
{
	sigset_t set = set_of(SIGUSR1);
	const struct timespec none = { 0, 0 };
	timer_t timer;

	block(SIGUSR1);
	timer = make_timer(CLOCK_PROCESS_CPUTIME_ID, SIGUSR1, 0);
	start_timer(timer, 5000000, 0);
	while (sigtimedwait(&set, NULL, &none) != SIGUSR1)
		require(errno == EAGAIN);
	expect(timer_delete(timer) == 0);
}

static void spin_for(int turns)
{
	for (volatile int i = 0; i < turns; i++)
		continue;
}

CASE(timer_of_a_threads_time_counts_the_use_of_this_thread)
{
	sigset_t set = set_of(SIGUSR1);
	const struct timespec none = { 0, 0 };
	struct timespec start, now;
	timer_t timer;

	block(SIGUSR1);
	timer = make_timer(CLOCK_THREAD_CPUTIME_ID, SIGUSR1, 0);
	require(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start) == 0);
	start_timer(timer, 5000000, 0);
	while (sigtimedwait(&set, NULL, &none) != SIGUSR1)
		spin_for(1000);
	require(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
	expect((now.tv_sec - start.tv_sec) * 1000000000ll + now.tv_nsec -
	       start.tv_nsec >= 5000000);
	expect(timer_delete(timer) == 0);
}

CASE(interval_of_centuries_expires_once)
{
	const struct itimerspec value = {
		.it_value = { 0, 1000 },
		.it_interval = { sizeof(time_t) > 4 ? 0x7fffffffffffffffll
						    : 0x7fffffff, 0 },
	};
	sigset_t set = set_of(SIGRTMIN);
	const struct timespec moment = { 0, 20000000 };
	timer_t timer;

	block(SIGRTMIN);
	timer = make_timer(CLOCK_MONOTONIC, SIGRTMIN, 0);
	require(timer_settime(timer, 0, &value, NULL) == 0);
	expect(sigwaitinfo(&set, NULL) == SIGRTMIN);
	expect(timer_getoverrun(timer) == 0);
	expect_error(sigtimedwait(&set, NULL, &moment), EAGAIN);
	expect(timer_delete(timer) == 0);
}

/* While the signal is ignored the timer need not work, but it is not over. */
CASE(timer_goes_on_when_its_signal_is_ignored_no_more)
{
	sigset_t set = set_of(SIGUSR1);
	timer_t timer = make_timer(CLOCK_MONOTONIC, SIGUSR1, 0);

	signal(SIGUSR1, SIG_IGN);
	start_timer(timer, 1000, 1000000);
	for (int i = 0; i < 5; i++)
		case_pause();
	block(SIGUSR1);
	signal(SIGUSR1, SIG_DFL);
	expect(sigwaitinfo(&set, NULL) == SIGUSR1);
	expect(timer_delete(timer) == 0);
}

/* ---- SIGEV_THREAD_ID, of Linux ------------------------------------------- */

static int create_for(pid_t thread, timer_t *timer)
{
	struct sigevent event;

	memset(&event, 0, sizeof(event));
	event.sigev_notify = SIGEV_THREAD_ID;
	event.sigev_signo = SIGUSR1;
	event._sigev_un._tid = thread;
	return timer_create(CLOCK_MONOTONIC, &event, timer);
}

/* Meanwhile the first thread waits for the same signal. */
static void *wait_for_ticks(void *taken)
{
	sigset_t set = set_of(SIGUSR1);
	timer_t timer;

	require(create_for(gettid(), &timer) == 0);
	start_timer(timer, 1000000, 1000000);
	for (int i = 0; i < 20; i++)
		if (sigwaitinfo(&set, NULL) == SIGUSR1)
			++*(int *)taken;
	expect(timer_delete(timer) == 0);
	return NULL;
}

CASE(signal_for_a_thread_reaches_another)
{
	const struct timespec while_ns = { 0, 50000000 };
	sigset_t set = set_of(SIGUSR1);
	pthread_t thread;
	int taken = 0;

	block(SIGUSR1);
	require(pthread_create(&thread, NULL, wait_for_ticks, &taken) == 0);
	expect_error(sigtimedwait(&set, NULL, &while_ns), EAGAIN);
	require(pthread_join(thread, NULL) == 0);
	expect(taken == 20);
}

CASE(timer_for_a_thread_of_another_process)
{
	timer_t timer;
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(sleep_for_ever());
	expect_error(create_for(child, &timer), EINVAL);
	expect_error(create_for(0x7ffffff, &timer), EINVAL);
	kill_and_wait(child);
}

/* libc's own thread is told; a thread of the program is not. */
CASE(deleted_timer_sends_its_signal)
{
	timer_t timer;

	block(SIGUSR1);
	require(create_for(getpid(), &timer) == 0);
	expect(timer_delete(timer) == 0);
	expect(!is_pending(SIGUSR1));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
