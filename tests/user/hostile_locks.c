/*
 * hostile_locks.c - record locks of many processes and of several users in one
 * file. tests/tools/latency looks at the longest stretch.
 *
 * linux: no
 */
#include <limits.h>
#include <sys/stat.h>

#include "tests/user/hostile.h"
#include "tests/user/parley_test.h"

#define USERS		4
#define CHAIN		120

static const char path[] = "/tmp/hostile_locks";
static int file;

static void open_file(void)
{
	file = open(path, O_RDWR | O_CREAT, 0666);
	require(file >= 0 && fchmod(file, 0666) == 0);
}

static int lock(int command, int type, off_t at, off_t bytes)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET,
			      .l_start = at, .l_len = bytes };

	return fcntl(file, command, &lock);
}

/* ---- Several users ------------------------------------------------------- */

/* Take each second byte from here on; how many? */
static int take_many(off_t from)
{
	int count = 0;

	while (lock(F_SETLK, F_WRLCK, from + 2 * count, 1) == 0)
		count++;
	expect(errno == ENOLCK);
	return count;
}

/* A process of this user takes all locks that it can get, and keeps them. */
static pid_t start_user(int number, int *count)
{
	int result[2];
	pid_t pid;

	require(pipe(result) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		require(setuid(ATTACKER + number) == 0);
		*count = take_many(10000 - 1000 * number);
		write(result[1], count, sizeof(*count));
		for (;;)
			pause();
	}
	require(read(result[0], count, sizeof(*count)) == sizeof(*count));
	return pid;
}

/* All locks of the others lie in front of what root wants. */
CASE(locks_of_users_in_one_file_are_passed_in_one_stretch)
{
	pid_t pids[USERS];
	int all = 0, count;

	open_file();
	for (int i = 0; i < USERS; i++) {
		pids[i] = start_user(i, &count);
		expect(count <= USER_LOCKS_MAX);
		all += count;
	}
	expect(all == FILE_LOCKS_MAX);
	expect(lock(F_SETLK, F_WRLCK, 20000, 1) == 0);
	expect(lock(F_SETLK, F_RDLCK, 20000, 3) == 0);
	expect(lock(F_SETLK, F_UNLCK, 20001, 1) == 0);
	expect_error(lock(F_SETLK, F_WRLCK, 0, 0), EAGAIN);
	for (int i = 0; i < USERS; i++)
		kill_and_wait(pids[i]);
	expect(lock(F_SETLK, F_WRLCK, 0, 0) == 0);
	expect(unlink(path) == 0);
}

/* ---- Long circles -------------------------------------------------------- */

static pid_t chain[CHAIN];

/* Each process has a byte, and waits for the byte of the next one. */
static void start_chain(void)
{
	open_file();
	require(lock(F_SETLK, F_WRLCK, CHAIN, 1) == 0);
	for (int i = CHAIN; i-- > 0;) {
		chain[i] = fork_or_fail();
		if (chain[i] == 0) {
			set_handler(SIGUSR1, catch_it, 0);
			require(lock(F_SETLK, F_WRLCK, i, 1) == 0);
			_exit(lock(F_SETLKW, F_WRLCK, i + 1, 1) < 0);
		}
		until_asleep(chain[i]);
	}
}

static int close_a_long_circle(void)
{
	start_chain();
	expect_error(lock(F_SETLKW, F_WRLCK, 0, 1), EDEADLK);
	expect(lock(F_SETLK, F_UNLCK, CHAIN, 1) == 0);
	for (int i = 0; i < CHAIN; i++)
		expect(result_of(chain[i]) == 0);
	expect(unlink(path) == 0);
	return case_failed;
}

CASE(long_circle_of_locks_sleeps)
{
	attack_beside_root(close_a_long_circle);
}

/* ---- Circles that end during the search ---------------------------------- */

#define SHORT	8

/* At this chance a member of the circle is told, or killed. 0: the search has
 * fewer chances. */
static int end_a_way_at(int chance, int signal)
{
	pid_t members[SHORT], pest;
	int is_over, result;

	require(lock(F_SETLK, F_WRLCK, SHORT, 1) == 0);
	for (int i = SHORT; i-- > 0;) {
		members[i] = fork_or_fail();
		if (members[i] == 0) {
			set_handler(SIGUSR1, catch_it, 0);
			require(lock(F_SETLK, F_WRLCK, i, 1) == 0);
			_exit(lock(F_SETLKW, F_WRLCK, i + 1, 1) < 0);
		}
		until_asleep(members[i]);
	}
	set_handler(SIGALRM, catch_it, 0);
	alarm(1);
	pest = fork_or_fail();
	if (pest == 0)
		_exit(kill(members[chance % SHORT], signal));
	test_switch_at(chance, 0);
	result = lock(F_SETLKW, F_WRLCK, 0, 1);
	is_over = test_switch_at(0, 0) > 0;
	alarm(0);
	/* Never EINTR by the alarm: each end of a member frees the lock. */
	expect(result == 0 || errno == EDEADLK);
	expect(lock(F_SETLK, F_UNLCK, 0, 0) == 0);
	for (int i = 0; i < SHORT; i++)
		result_of(members[i]);
	expect(result_of(pest) == 0);
	return !is_over;
}

CASE(search_follows_a_call_that_has_ended)
{
	if (!test_is_possible())
		return;
	open_file();
	for (int chance = 1; end_a_way_at(chance, SIGUSR1) && chance < 60;
	     chance++)
		continue;
	for (int chance = 1; end_a_way_at(chance, SIGKILL) && chance < 60;
	     chance++)
		continue;
	expect(unlink(path) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
