/*
 * semaphore.c - semaphores: units, waiting, deadlines, names; between
 * processes. Any POSIX system.
 */
#include <limits.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define NAME	"/parley-test"

/* Shared by all children of a case. */
static struct {
	sem_t sem, other;
	volatile int count, inside, most;
} *shared;

static void share(unsigned value)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
	require(sem_init(&shared->sem, 1, value) == 0);
	require(sem_init(&shared->other, 1, 0) == 0);
}

static int value_of(sem_t *sem)
{
	int value;

	require(sem_getvalue(sem, &value) == 0);
	return value;
}

static struct timespec in_ms(long ms)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_sec += ms / 1000;
	time.tv_nsec += ms % 1000 * 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_nsec -= 1000000000;
		time.tv_sec++;
	}
	return time;
}

static int wait_once(void)
{
	return sem_wait(&shared->sem) == 0 ? 0 : errno;
}

/* ---- Units --------------------------------------------------------------- */

CASE(units_are_counted)
{
	sem_t sem;

	expect(sem_init(&sem, 0, 2) == 0 && value_of(&sem) == 2);
	expect(sem_wait(&sem) == 0 && value_of(&sem) == 1);
	expect(sem_trywait(&sem) == 0 && value_of(&sem) == 0);
	expect_error(sem_trywait(&sem), EAGAIN);
	expect(sem_post(&sem) == 0 && value_of(&sem) == 1);
	expect(sem_destroy(&sem) == 0);
}

CASE(too_large_a_start_is_einval)
{
	sem_t sem;

	expect_error(sem_init(&sem, 0, (unsigned)SEM_VALUE_MAX + 1), EINVAL);
	expect(sem_init(&sem, 0, SEM_VALUE_MAX) == 0);
}

CASE(post_beyond_the_maximum_is_eoverflow)
{
	sem_t sem;

	expect(sem_init(&sem, 0, SEM_VALUE_MAX - 1) == 0);
	expect(sem_post(&sem) == 0);
	expect_error(sem_post(&sem), EOVERFLOW);
	expect(value_of(&sem) == SEM_VALUE_MAX);
}

CASE(success_leaves_errno_alone)
{
	sem_t sem;

	expect(sem_init(&sem, 0, 1) == 0);
	errno = 77;
	expect(sem_wait(&sem) == 0 && sem_post(&sem) == 0 && errno == 77);
}

/* ---- Waiting ------------------------------------------------------------- */

CASE(waiter_sleeps_until_a_post)
{
	pid_t pid;

	share(0);
	pid = start(wait_once);
	until_asleep(pid);
	expect(sem_post(&shared->sem) == 0);
	expect(result_of(pid) == 0 && value_of(&shared->sem) == 0);
}

CASE(each_post_wakes_one)
{
	pid_t pids[4];
	int ended = 0;

	share(0);
	for (int i = 0; i < 4; i++) {
		pids[i] = start(wait_once);
		until_asleep(pids[i]);
	}
	sem_post(&shared->sem);
	while (waitpid(-1, NULL, WNOHANG) <= 0)
		case_pause();
	for (int i = 0; i < 20; i++)
		case_pause();
	expect(waitpid(-1, NULL, WNOHANG) == 0);
	for (int i = 0; i < 3; i++)
		sem_post(&shared->sem);
	while (wait(NULL) > 0)
		ended++;
	expect(ended == 3 && value_of(&shared->sem) == 0);
}

CASE(signal_ends_a_wait_with_eintr)
{
	pid_t pid;

	share(0);
	pid = fork_or_fail();
	if (pid == 0) {
		set_handler(SIGUSR1, catch_it, 0);
		_exit(wait_once());
	}
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == EINTR && value_of(&shared->sem) == 0);
}

static void post_it(int n)
{
	(void)n;
	sem_post(&shared->sem);
}

CASE(handler_may_post_what_its_program_waits_for)
{
	pid_t pid;

	share(0);
	pid = fork_or_fail();
	if (pid == 0) {
		set_handler(SIGUSR1, post_it, 0);
		while (sem_wait(&shared->sem) != 0)
			expect(errno == EINTR);
		_exit(case_failed);
	}
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 0);
}

CASE(killed_waiter_takes_no_unit)
{
	pid_t first, second;

	share(0);
	first = start(wait_once);
	until_asleep(first);
	second = start(wait_once);
	until_asleep(second);
	expect(kill_and_wait(first) == -SIGKILL);
	expect(sem_post(&shared->sem) == 0);
	expect(result_of(second) == 0 && value_of(&shared->sem) == 0);
}

/* The first process may have returned with its unit before the kill; then the
 * second process correctly sleeps on. Otherwise the second process has the unit
 * by now. */
CASE(kill_races_with_post_and_loses_no_unit)
{
	pid_t first, second;

	if (!leak_is_parley())
		return;		/* more than POSIX promises */
	for (int i = 0; i < 20; i++) {
		share(0);
		first = start(wait_once);
		until_asleep(first);
		second = start(wait_once);
		until_asleep(second);
		sem_post(&shared->sem);
		kill(first, SIGKILL);
		result_of(first);
		if (is_asleep(second))
			sem_post(&shared->sem);
		expect(result_of(second) == 0);
		expect(value_of(&shared->sem) == 0);
		munmap(shared, sizeof(*shared));
	}
}

static int enter_often(void)
{
	for (int i = 0; i < 100; i++) {
		if (sem_wait(&shared->sem) != 0)
			return errno;
		shared->inside++;
		if (shared->inside > shared->most)
			shared->most = shared->inside;
		shared->count++;
		if (i % 10 == 0)
			case_pause();
		shared->inside--;
		sem_post(&shared->sem);
	}
	return 0;
}

CASE(one_unit_lets_one_in)
{
	pid_t pids[4];

	share(1);
	for (int i = 0; i < 4; i++)
		pids[i] = start(enter_often);
	for (int i = 0; i < 4; i++)
		expect(result_of(pids[i]) == 0);
	expect(shared->most == 1 && shared->count == 400);
	expect(value_of(&shared->sem) == 1);
}

CASE(two_semaphores_play_ping_pong)
{
	pid_t pid;

	share(0);
	pid = fork_or_fail();
	for (int i = 0; i < 1000; i++) {
		if (pid == 0) {
			sem_wait(&shared->sem);
			expect(shared->count++ % 2 == 1);
			sem_post(&shared->other);
		} else {
			expect(shared->count++ % 2 == 0);
			sem_post(&shared->sem);
			sem_wait(&shared->other);
		}
	}
	if (pid == 0)
		_exit(case_failed);
	expect(result_of(pid) == 0 && shared->count == 2000);
}

CASE(producer_and_consumers_lose_nothing)
{
	pid_t pids[3];
	int sum = 0;

	share(0);
	for (int i = 0; i < 3; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] > 0)
			continue;
		for (int n = 0; n < 200; n++)
			sem_wait(&shared->sem);
		sem_post(&shared->other);
		_exit(0);
	}
	for (int n = 0; n < 600; n++)
		expect(sem_post(&shared->sem) == 0);
	for (int i = 0; i < 3; i++)
		sum += result_of(pids[i]) + sem_wait(&shared->other);
	expect(sum == 0 && value_of(&shared->sem) == 0);
}

/* ---- Deadlines ----------------------------------------------------------- */

CASE(wait_times_out)
{
	struct timespec end = in_ms(20), now;

	share(0);
	expect_error(sem_timedwait(&shared->sem, &end), ETIMEDOUT);
	clock_gettime(CLOCK_REALTIME, &now);
	expect(now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec &&
					   now.tv_nsec >= end.tv_nsec));
	expect(sem_post(&shared->sem) == 0 && value_of(&shared->sem) == 1);
}

CASE(past_deadline_still_takes_a_unit)
{
	struct timespec past = { 1, 0 };

	share(1);
	expect(sem_timedwait(&shared->sem, &past) == 0);
	expect_error(sem_timedwait(&shared->sem, &past), ETIMEDOUT);
}

CASE(bad_deadline_is_einval)
{
	struct timespec bad = in_ms(100);

	share(0);
	bad.tv_nsec = 1000000000;
	expect_error(sem_timedwait(&shared->sem, &bad), EINVAL);
	bad.tv_nsec = -1;
	expect_error(sem_timedwait(&shared->sem, &bad), EINVAL);
}

CASE(post_ends_a_timed_wait)
{
	pid_t pid;

	share(0);
	pid = fork_or_fail();
	if (pid == 0) {
		struct timespec end = in_ms(20000);

		_exit(sem_timedwait(&shared->sem, &end) == 0 ? 0 : errno);
	}
	until_asleep(pid);
	sem_post(&shared->sem);
	expect(result_of(pid) == 0);
}

/* ---- Names --------------------------------------------------------------- */

CASE(name_is_shared_with_a_child_that_opens_it)
{
	sem_t *sem;
	pid_t pid;

	sem_unlink(NAME);
	sem = sem_open(NAME, O_CREAT | O_EXCL, 0600, 0);
	require(sem != SEM_FAILED);
	pid = fork_or_fail();
	if (pid == 0) {
		sem_t *own = sem_open(NAME, 0);

		require(own != SEM_FAILED);
		_exit(sem_wait(own));
	}
	until_asleep(pid);
	expect(sem_post(sem) == 0 && result_of(pid) == 0);
	expect(sem_close(sem) == 0 && sem_unlink(NAME) == 0);
}

CASE(same_name_gives_the_same_address)
{
	sem_t *sem, *again;

	sem_unlink(NAME);
	sem = sem_open(NAME, O_CREAT, 0600, 3);
	again = sem_open(NAME, O_CREAT, 0600, 9);
	require(sem != SEM_FAILED && sem == again);
	expect(value_of(sem) == 3);
	expect(sem_close(again) == 0 && value_of(sem) == 3);
	expect(sem_close(sem) == 0 && sem_unlink(NAME) == 0);
}

CASE(value_outlives_the_last_close)
{
	sem_t *sem;

	sem_unlink(NAME);
	sem = sem_open(NAME, O_CREAT, 0600, 5);
	require(sem != SEM_FAILED);
	expect(sem_wait(sem) == 0 && sem_close(sem) == 0);
	sem = sem_open(NAME, 0);
	require(sem != SEM_FAILED);
	expect(value_of(sem) == 4 && sem_unlink(NAME) == 0);
}

CASE(unlinked_semaphore_lives_and_the_new_one_is_another)
{
	sem_t *old, *new;

	sem_unlink(NAME);
	old = sem_open(NAME, O_CREAT, 0600, 1);
	require(old != SEM_FAILED && sem_unlink(NAME) == 0);
	new = sem_open(NAME, O_CREAT | O_EXCL, 0600, 8);
	require(new != SEM_FAILED && new != old);
	expect(value_of(old) == 1 && value_of(new) == 8);
	expect(sem_unlink(NAME) == 0);
}

CASE(missing_existing_and_bad_names_are_errors)
{
	char name[NAME_MAX + 3] = "/";

	sem_unlink(NAME);
	expect(sem_open(NAME, 0) == SEM_FAILED && errno == ENOENT);
	expect_error(sem_unlink(NAME), ENOENT);
	expect(sem_open(NAME, O_CREAT, 0600, 1) != SEM_FAILED);
	expect(sem_open(NAME, O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED &&
	       errno == EEXIST);
	expect(sem_unlink(NAME) == 0);
	expect(sem_open(NAME, O_CREAT, 0600, SEM_VALUE_MAX + 1u) ==
	       SEM_FAILED && errno == EINVAL);
	expect(sem_open("", 0) == SEM_FAILED && errno == EINVAL);
	expect(sem_open("/", O_CREAT, 0600, 1) == SEM_FAILED &&
	       errno == EINVAL);
	memset(name + 1, 's', NAME_MAX + 1);
	expect(sem_open(name, 0) == SEM_FAILED &&
	       (errno == ENAMETOOLONG || !leak_is_parley()));
}

CASE(mode_keeps_others_out)
{
	pid_t pid;

	if (geteuid() != 0)
		return;
	sem_unlink(NAME);
	require(sem_open(NAME, O_CREAT, 0600, 1) != SEM_FAILED);
	pid = fork_or_fail();
	if (pid == 0) {
		require(setuid(1000) == 0);
		_exit(sem_open(NAME, 0) == SEM_FAILED ? errno : 0);
	}
	expect(result_of(pid) == EACCES);
	expect(sem_unlink(NAME) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
