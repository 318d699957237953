/*
 * semaphore_turns.c - semaphores: the receiver of each unit, waits that end
 * early, the count at the end; under forced task switches too. More than POSIX
 * promises.
 *
 * linux: no
 */
#include <limits.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

static struct {
	sem_t sem;
	volatile int order[16], count;
	sem_t other;
} *shared;

static void share(unsigned value)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(shared != MAP_FAILED);
	require(sem_init(&shared->sem, 1, value) == 0);
	require(sem_init(&shared->other, 1, 0) == 0);
}

static int value(void)
{
	int units;

	require(sem_getvalue(&shared->sem, &units) == 0);
	return units;
}

static int wait_once(void)
{
	return sem_wait(&shared->sem) == 0 ? 0 : errno;
}

/* Waits as number n, which is noted in the order of units. */
static pid_t numbered(int n, int priority)
{
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		if (priority > 0)
			be_urgent(priority);
		if (sem_wait(&shared->sem) != 0)
			_exit(1);
		shared->order[shared->count++] = n;
		_exit(0);
	}
	until_asleep(pid);
	return pid;
}

/* ---- Turns --------------------------------------------------------------- */

CASE(newcomer_does_not_take_a_promised_unit)
{
	pid_t pid;

	share(0);
	pid = start_asleep(wait_once);
	expect(sem_post(&shared->sem) == 0);
	expect_error(sem_trywait(&shared->sem), EAGAIN);
	expect(result_of(pid) == 0 && value() == 0);
}

CASE(unit_beyond_the_promised_one_is_free)
{
	pid_t pid;

	share(0);
	pid = start_asleep(wait_once);
	expect(sem_post(&shared->sem) == 0 && sem_post(&shared->sem) == 0);
	expect(result_of(pid) == 0 && value() == 1);
	expect(sem_trywait(&shared->sem) == 0);
	expect_error(sem_trywait(&shared->sem), EAGAIN);
}

CASE(first_come_first_served)
{
	pid_t pids[6];

	share(0);
	for (int i = 0; i < 6; i++)
		pids[i] = numbered(i, 0);
	for (int i = 0; i < 6; i++)
		sem_post(&shared->sem);
	for (int i = 0; i < 6; i++)
		expect(result_of(pids[i]) == 0);
	for (int i = 0; i < 6; i++)
		expect(shared->order[i] == i);
}

CASE(higher_priority_is_served_first)
{
	pid_t pids[3];

	share(0);
	for (int i = 0; i < 3; i++)
		pids[i] = numbered(i, 4 * i);
	for (int i = 0; i < 3; i++) {
		sem_post(&shared->sem);
		while (shared->count <= i)
			case_pause();
		expect(shared->order[i] == 2 - i);
	}
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 0);
}

CASE(ten_posts_let_ten_go)
{
	pid_t pids[10];

	share(0);
	for (int i = 0; i < 10; i++)
		pids[i] = start_asleep(wait_once);
	for (int i = 0; i < 10; i++)
		sem_post(&shared->sem);
	for (int i = 0; i < 10; i++)
		expect(result_of(pids[i]) == 0);
	expect(value() == 0);
	expect_error(sem_trywait(&shared->sem), EAGAIN);
}

/* ---- Who gives up -------------------------------------------------------- */

static int wait_a_moment(void)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec++;
	return sem_timedwait(&shared->sem, &end) == 0 ? 0 : errno;
}

CASE(first_that_times_out_leaves_the_unit_to_the_second)
{
	pid_t first, second;

	share(0);
	first = start_asleep(wait_a_moment);
	second = start_asleep(wait_once);
	expect(result_of(first) == ETIMEDOUT);
	expect(is_asleep(second));
	expect(sem_post(&shared->sem) == 0);
	expect(result_of(second) == 0 && value() == 0);
}

static int wait_with_handler(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return wait_once();
}

CASE(first_with_a_signal_leaves_the_unit_to_the_second)
{
	pid_t first, second;

	share(0);
	first = start_asleep(wait_with_handler);
	second = start_asleep(wait_once);
	kill(first, SIGUSR1);
	expect(sem_post(&shared->sem) == 0);
	expect(result_of(first) == EINTR);
	expect(result_of(second) == 0 && value() == 0);
}

static int wait_with_restart(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	return sem_wait(&shared->sem) != 0 || caught != 1;
}

CASE(handler_with_restart_lets_the_wait_go_on)
{
	pid_t pid;

	share(0);
	pid = start_asleep(wait_with_restart);
	kill(pid, SIGUSR1);
	for (int i = 0; i < 5; i++)
		case_pause();
	until_asleep(pid);
	expect(sem_post(&shared->sem) == 0 && result_of(pid) == 0);
}

static int wait_a_while_with_restart(void)
{
	struct timespec end;

	set_handler(SIGUSR1, catch_it, SA_RESTART);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec++;
	return sem_timedwait(&shared->sem, &end) == 0 ? 0 : errno;
}

CASE(restarted_wait_keeps_its_deadline)
{
	pid_t pid;

	share(0);
	pid = start_asleep(wait_a_while_with_restart);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == ETIMEDOUT && value() == 0);
}

CASE(event_wins_over_the_signal)
{
	pid_t pid;

	share(0);
	pid = start_asleep(wait_with_handler);
	expect(sem_post(&shared->sem) == 0);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 0 && value() == 0);
}

CASE(many_killed_waiters_leave_no_trace)
{
	pid_t pids[8];

	share(0);
	for (int i = 0; i < 8; i++)
		pids[i] = start_asleep(wait_once);
	for (int i = 0; i < 8; i++)
		expect(kill_and_wait(pids[i]) == -SIGKILL);
	expect(sem_destroy(&shared->sem) == 0);	/* nobody waits */
	expect(sem_post(&shared->sem) == 0 && value() == 1);
	expect(sem_wait(&shared->sem) == 0 && value() == 0);
}

CASE(destroy_while_somebody_waits_is_ebusy)
{
	pid_t pid;

	share(0);
	pid = start_asleep(wait_once);
	expect_error(sem_destroy(&shared->sem), EBUSY);
	expect(sem_post(&shared->sem) == 0 && result_of(pid) == 0);
	expect(sem_destroy(&shared->sem) == 0);
}

/* ---- Memory -------------------------------------------------------------- */

CASE_DIES(wait_on_nothing_is_sigsegv, SIGSEGV)
{
	sem_wait(nowhere);
}

CASE_DIES(post_to_read_only_memory_is_sigsegv, SIGSEGV)
{
	share(1);
	require(mprotect(shared, sizeof(*shared), PROT_READ) == 0);
	sem_post(&shared->sem);
}

CASE(one_page_at_two_addresses_is_one_semaphore)
{
	int fd = shm_open("/sem-twice", O_CREAT | O_RDWR, 0600);
	sem_t *here, *there;
	pid_t pid;

	require(fd >= 0 && ftruncate(fd, 4096) == 0);
	shm_unlink("/sem-twice");
	here = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	there = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	require(here != MAP_FAILED && there != MAP_FAILED && here != there);
	require(sem_init(here, 1, 0) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(sem_wait(there));
	until_asleep(pid);
	expect(sem_post(here) == 0 && result_of(pid) == 0);
}

CASE(scribbled_word_hurts_its_users_only)
{
	static const unsigned words[] = { 0xffffffff, 0x80000000, 0x7fffffff };
	pid_t pid;

	for (int i = 0; i < 3; i++) {
		share(0);
		pid = start_asleep(wait_once);
		*(volatile unsigned *)&shared->sem = words[i];
		sem_post(&shared->sem);
		sem_trywait(&shared->sem);
		value();
		kill_and_wait(pid);
		expect(sem_init(&shared->sem, 1, 0) == 0);
		expect(sem_post(&shared->sem) == 0);
		expect(sem_wait(&shared->sem) == 0);
		munmap(shared, sizeof(*shared));
	}
}

CASE(forks_copy_of_a_private_one_is_its_own)
{
	static sem_t own;
	pid_t pid;

	require(sem_init(&own, 0, 1) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(sem_wait(&own) || sem_trywait(&own) == 0);
	expect(result_of(pid) == 0);
	expect(sem_trywait(&own) == 0);
}

/* ---- Forced switches ----------------------------------------------------- */

#define ROUNDS	30

static int take_and_give(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (sem_wait(&shared->sem) != 0)
			return 1;
		if (shared->count++ != 0)
			return 2;
		sched_yield();
		shared->count--;
		if (sem_post(&shared->sem) != 0)
			return 3;
	}
	return 0;
}

CASE(forced_switches_let_two_in_never)
{
	pid_t pids[4];

	if (!test_is_possible())
		return;
	for (unsigned seed = 1; seed <= 10; seed++) {
		share(1);
		test_preempt_random(seed, 2);
		for (int i = 0; i < 4; i++)
			pids[i] = start(take_and_give);
		for (int i = 0; i < 4; i++)
			expect(result_of(pids[i]) == 0);
		test_preempt_random(0, 0);
		expect(value() == 1 && shared->count == 0);
		munmap(shared, sizeof(*shared));
	}
}

/* The killer comes at any of the waiter's and poster's calls. */
CASE(kill_at_any_switch_loses_no_unit)
{
	pid_t first, second;

	if (!test_is_possible())
		return;
	for (unsigned seed = 1; seed <= 20; seed++) {
		share(0);
		first = start_asleep(wait_once);
		second = start_asleep(wait_once);
		test_preempt_random(seed, 2);
		sem_post(&shared->sem);
		kill(first, SIGKILL);
		result_of(first);
		test_preempt_random(0, 0);
		if (is_asleep(second))	/* the first had taken it */
			sem_post(&shared->sem);
		expect(result_of(second) == 0 && value() == 0);
		munmap(shared, sizeof(*shared));
	}
}

int main(int argc, char **argv)
{
	if (!leak_is_parley())
		return tap_done();
	return run_cases(argc, argv);
}
