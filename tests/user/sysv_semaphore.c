/*
 * sysv_semaphore.c - sets of semaphores of System V. Any POSIX system.
 *
 * The file is long so that all that a set does stands together.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <time.h>

#include "tests/user/helpers.h"

#define COUNT	3
#define MOST	32767

union argument {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static int set;

static void new_set(int count)
{
	union argument zeros = { .array = (unsigned short[250]){ 0 } };

	set = semget(IPC_PRIVATE, count, 0600);
	require(set >= 0);
	require(semctl(set, 0, SETALL, zeros) == 0);
}

static void remove_set(void)
{
	expect(semctl(set, 0, IPC_RMID) == 0);
}

static int value(int number)
{
	return semctl(set, number, GETVAL);
}

static void store(int number, int units)
{
	expect(semctl(set, number, SETVAL, (union argument){ .val = units }) ==
	       0);
}

static int change(int number, int units, int flags)
{
	struct sembuf one = { number, units, flags };

	return semop(set, &one, 1);
}

/* Two operations in one step. */
static int change_both(int first, int units, int second, int more, int flags)
{
	struct sembuf both[] = {
		{ first, units, flags }, { second, more, flags },
	};

	return semop(set, both, 2);
}

/* A child that makes a call of two operations. Its status is 0 or errno. */
static pid_t start_both(int first, int units, int second, int more)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(change_both(first, units, second, more, 0) ? errno : 0);
	until_asleep(pid);
	return pid;
}

static pid_t start_one(int number, int units)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(change(number, units, 0) ? errno : 0);
	until_asleep(pid);
	return pid;
}

CASE(one_step_changes_all_or_none)
{
	new_set(COUNT);
	store(0, 5);
	expect_error(change_both(0, -3, 1, -1, IPC_NOWAIT), EAGAIN);
	expect(value(0) == 5 && value(1) == 0);
	expect(change_both(1, 2, 0, -3, 0) == 0);
	expect(value(0) == 2 && value(1) == 2);
	expect_error(change_both(2, 7, 1, MOST, IPC_NOWAIT), ERANGE);
	expect(value(1) == 2 && value(2) == 0);
	remove_set();
}

CASE(operations_on_one_semaphore_go_in_order)
{
	pid_t pid;

	new_set(COUNT);
	expect(change_both(0, 1, 0, -1, 0) == 0);
	expect_error(change_both(0, -1, 0, 1, IPC_NOWAIT), EAGAIN);
	expect(value(0) == 0);
	/* Add one, take three: the value must be 2 before. */
	pid = start_both(0, 1, 0, -3);
	expect(change(0, 1, 0) == 0);
	expect(is_asleep(pid) && value(0) == 1);
	expect(change(0, 1, 0) == 0);
	expect(result_of(pid) == 0 && value(0) == 0);
	/* Take one, wait for zero: the value must be 1. */
	store(0, 3);
	pid = start_both(0, -1, 0, 0);
	expect(change(0, -1, 0) == 0);
	expect(is_asleep(pid) && value(0) == 2);
	expect(change(0, -1, 0) == 0);
	expect(result_of(pid) == 0 && value(0) == 0);
	remove_set();
}

CASE(sleeper_wakes_when_all_is_there)
{
	pid_t pid;

	new_set(COUNT);
	pid = start_both(0, -1, 1, -1);
	expect(change(0, 1, 0) == 0);
	expect(is_asleep(pid));
	expect(value(0) == 1);
	expect(change(1, 1, 0) == 0);
	expect(result_of(pid) == 0);
	expect(value(0) == 0 && value(1) == 0);
	remove_set();
}

CASE(sleeper_that_cannot_go_on_stops_no_other)
{
	pid_t large, small, elsewhere;

	new_set(COUNT);
	large = start_one(0, -9);
	small = start_one(0, -1);
	elsewhere = start_one(2, -1);
	expect(change(0, 1, 0) == 0);
	expect(result_of(small) == 0);
	expect(change(2, 1, 0) == 0);
	expect(result_of(elsewhere) == 0);
	expect(is_asleep(large));
	expect(change(0, 9, 0) == 0);
	expect(result_of(large) == 0);
	remove_set();
}

CASE(zero_wakes_all_that_wait_for_zero)
{
	pid_t pids[5];

	new_set(COUNT);
	store(1, 2);
	for (int i = 0; i < 5; i++)
		pids[i] = start_one(1, 0);
	expect(semctl(set, 1, GETZCNT) == 5);
	expect(change(1, -1, 0) == 0);
	for (int i = 0; i < 5; i++)
		expect(is_asleep(pids[i]));
	expect(change(1, -1, 0) == 0);
	for (int i = 0; i < 5; i++)
		expect(result_of(pids[i]) == 0);
	expect(semctl(set, 1, GETZCNT) == 0);
	remove_set();
}

CASE(one_change_lets_a_chain_go_on)
{
	pid_t pids[COUNT];

	new_set(COUNT + 1);
	for (int i = 0; i < COUNT; i++)
		pids[i] = start_both(i, -1, i + 1, 1);
	expect(change(0, 1, 0) == 0);
	for (int i = 0; i < COUNT; i++)
		expect(result_of(pids[i]) == 0);
	expect(value(COUNT) == 1);
	remove_set();
}

CASE(counts_tell_who_waits)
{
	pid_t more, zero;

	new_set(COUNT);
	store(1, 1);
	more = start_one(0, -1);
	zero = start_one(1, 0);
	expect(semctl(set, 0, GETNCNT) == 1 && semctl(set, 0, GETZCNT) == 0);
	expect(semctl(set, 1, GETNCNT) == 0 && semctl(set, 1, GETZCNT) == 1);
	kill_and_wait(more);
	kill_and_wait(zero);
	expect(semctl(set, 0, GETNCNT) == 0 && semctl(set, 1, GETZCNT) == 0);
	remove_set();
}

CASE(no_wait_after_an_operation_that_waits)
{
	struct sembuf both[] = { { 0, -1, 0 }, { 1, -1, IPC_NOWAIT } };
	pid_t pid;

	new_set(COUNT);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(semop(set, both, 2) ? errno : 0);
	until_asleep(pid);
	expect(change(0, 1, 0) == 0);
	expect(result_of(pid) == EAGAIN);
	expect(value(0) == 1);
	remove_set();
}

CASE(removal_ends_all_waits)
{
	pid_t pids[4];

	new_set(COUNT);
	store(1, 1);
	for (int i = 0; i < 4; i++)
		pids[i] = i % 2 ? start_one(0, -1) : start_one(1, 0);
	remove_set();
	for (int i = 0; i < 4; i++)
		expect(result_of(pids[i]) == EIDRM);
	expect_error(change(0, 1, 0), EINVAL);
}

/* ---- Undo ---------------------------------------------------------------- */

static int take_with_undo(void)
{
	return change(0, -1, SEM_UNDO) || change(1, 3, SEM_UNDO);
}

static int take_and_die(void)
{
	take_with_undo();
	raise(SIGKILL);
	return 0;
}

CASE(lock_of_a_dead_process_is_free)
{
	new_set(COUNT);
	store(0, 1);
	expect(run_in_child(take_with_undo) == 0);
	expect(value(0) == 1 && value(1) == 0);
	expect(run_in_child(take_and_die) == -SIGKILL);
	expect(value(0) == 1 && value(1) == 0);
	remove_set();
}

static int take_and_wait(void)
{
	if (take_with_undo())
		return 1;
	pause();
	return 0;
}

CASE(undo_wakes_the_next)
{
	pid_t holder, next;

	new_set(COUNT);
	store(0, 1);
	holder = start(take_and_wait);
	until_asleep(holder);
	next = start_one(0, -1);
	kill_and_wait(holder);
	expect(result_of(next) == 0);
	expect(value(0) == 0);
	remove_set();
}

CASE(stored_values_are_not_undone)
{
	pid_t holder;

	new_set(COUNT);
	store(0, 1);
	holder = start(take_and_wait);
	until_asleep(holder);
	store(0, 4);
	kill_and_wait(holder);
	expect(value(0) == 4 && value(1) == 0);
	holder = start(take_and_wait);
	until_asleep(holder);
	expect(semctl(set, 0, SETALL, (union argument){
			.array = (unsigned short[]){ 5, 6, 7 } }) == 0);
	kill_and_wait(holder);
	expect(value(0) == 5 && value(1) == 6 && value(2) == 7);
	remove_set();
}

static int fork_with_undo(void)
{
	pid_t pid;

	if (change(0, -1, SEM_UNDO))
		return 1;
	pid = fork_or_fail();
	if (pid == 0)
		_exit(0);
	return result_of(pid) || value(0) != 0;
}

CASE(child_of_fork_undoes_nothing)
{
	new_set(COUNT);
	store(0, 1);
	expect(run_in_child(fork_with_undo) == 0);
	expect(value(0) == 1);
	remove_set();
}

static int add_with_undo(void)
{
	return change(0, 5, SEM_UNDO);
}

CASE(undo_stops_at_zero)
{
	pid_t pid;

	new_set(COUNT);
	pid = fork_or_fail();
	if (pid == 0) {
		add_with_undo();
		pause();
	}
	until_asleep(pid);
	expect(change(0, -3, 0) == 0);
	kill_and_wait(pid);
	expect(value(0) == 0);
	remove_set();
}

CASE(removed_set_has_no_undo)
{
	pid_t pid;

	new_set(COUNT);
	pid = fork_or_fail();
	if (pid == 0) {
		add_with_undo();
		pause();
	}
	until_asleep(pid);
	remove_set();
	kill_and_wait(pid);
}

/* ---- Arguments and rights ------------------------------------------------ */

CASE(bad_arguments_change_nothing)
{
	const union argument below = { .val = -1 }, above = { .val = MOST + 1 };
	struct timespec odd = { 0, -1 }, moment = { 0, 1000000 };
	struct sembuf one = { 0, -1, 0 };

	new_set(COUNT);
	expect_error(change(COUNT, 1, 0), EFBIG);
	expect_error(semop(set, &one, 0), EINVAL);
	expect_error(semop(set, nowhere, 1), EFAULT);
	expect_error(semtimedop(set, &one, 1, &odd), EINVAL);
	expect_error(semtimedop(set, &one, 1, &moment), EAGAIN);
	expect_error(semctl(set, COUNT, GETVAL), EINVAL);
	expect_error(semctl(set, -1, GETVAL), EINVAL);
	expect_error(semctl(set, 0, SETVAL, below), ERANGE);
	expect_error(semctl(set, 0, SETVAL, above), ERANGE);
	expect_error(semctl(set, 0, 99), EINVAL);
	expect_error(semget(IPC_PRIVATE, 0, 0600), EINVAL);
	expect_error(semget(IPC_PRIVATE, -1, 0600), EINVAL);
	remove_set();
}

CASE(arrays_move_all_values)
{
	unsigned short values[COUNT] = { 3, 0, MOST }, got[COUNT];
	union argument argument = { .array = values };

	new_set(COUNT);
	expect(semctl(set, 0, SETALL, argument) == 0);
	argument.array = got;
	expect(semctl(set, 0, GETALL, argument) == 0);
	expect(memcmp(values, got, sizeof(got)) == 0);
	values[1] = MOST + 1;
	argument.array = values;
	expect_error(semctl(set, 0, SETALL, argument), ERANGE);
	expect(value(1) == 0);
	remove_set();
}

CASE(status_tells_of_the_set)
{
	struct semid_ds status;
	union argument argument = { .buf = &status };

	new_set(COUNT);
	expect(semctl(set, 0, IPC_STAT, argument) == 0);
	expect(status.sem_nsems == COUNT && status.sem_otime == 0);
	expect((status.sem_perm.mode & 0777) == 0600);
	expect(change(2, 1, 0) == 0);
	expect(semctl(set, 2, GETPID) == getpid());
	expect(semctl(set, 0, IPC_STAT, argument) == 0);
	expect(status.sem_otime > 0 && status.sem_ctime > 0);
	status.sem_perm.mode = 0640;
	expect(semctl(set, 0, IPC_SET, argument) == 0);
	expect(semctl(set, 0, IPC_STAT, argument) == 0);
	expect((status.sem_perm.mode & 0777) == 0640);
	remove_set();
}

CASE(key_finds_a_set_that_is_large_enough)
{
	key_t key = 0x7e570000 + getpid();

	set = semget(key, COUNT, IPC_CREAT | IPC_EXCL | 0600);
	require(set >= 0);
	expect(semget(key, 0, 0) == set);
	expect(semget(key, COUNT, IPC_CREAT | 0600) == set);
	expect_error(semget(key, COUNT + 1, 0600), EINVAL);
	expect_error(semget(key, 1, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	expect_error(semget(key, 0, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	remove_set();
	expect_error(semget(key, 0, 0600), ENOENT);
}

/* ---- Programs ------------------------------------------------------------ */

#define EATERS	5
#define MEALS	200

static volatile int *eating;

static int eat(int place)
{
	int left = place, right = (place + 1) % EATERS;

	for (int meal = 0; meal < MEALS; meal++) {
		if (change_both(left, -1, right, -1, SEM_UNDO))
			return 1;
		if (eating[left]++ || eating[right]++)
			return 2;
		sched_yield();
		eating[left]--;
		eating[right]--;
		if (change_both(left, 1, right, 1, SEM_UNDO))
			return 3;
	}
	return 0;
}

CASE(philosophers_take_both_forks_in_one_step)
{
	pid_t pids[EATERS];

	new_set(EATERS);
	eating = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(eating != MAP_FAILED);
	for (int i = 0; i < EATERS; i++)
		store(i, 1);
	for (int i = 0; i < EATERS; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(eat(i));
	}
	for (int i = 0; i < EATERS; i++)
		expect(result_of(pids[i]) == 0);
	for (int i = 0; i < EATERS; i++)
		expect(value(i) == 1);
	remove_set();
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
