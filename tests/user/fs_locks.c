/*
 * fs_locks.c - record locks of fcntl(), lockf() and flock(). Any POSIX system.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define LARGEST	((off_t)(~0ull >> 1))

static int open_file(void)
{
	int fd = open("fs_locks-file", O_RDWR | O_CREAT, 0600);

	require(fd >= 0);
	return fd;
}

static int lock(int fd, int command, int type, off_t start, off_t bytes)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET,
			      .l_start = start, .l_len = bytes };

	return fcntl(fd, command, &lock);
}

/* What a child sees: each byte from 0 on as w, r or a blank. */
static void expect_locks(const char *bytes)
{
	pid_t pid = fork_or_fail();
	int fd, i;

	if (pid > 0) {
		expect(result_of(pid) == 0);
		return;
	}
	fd = open_file();
	for (i = 0; bytes[i]; i++) {
		bool can_read = lock(fd, F_SETLK, F_RDLCK, i, 1) == 0;
		bool can_write = lock(fd, F_SETLK, F_WRLCK, i, 1) == 0;

		if (bytes[i] != (can_write ? ' ' : can_read ? 'r' : 'w'))
			_exit(i + 1);
	}
	_exit(0);
}

CASE(ranges_split_and_merge)
{
	int fd = open_file();

	expect(lock(fd, F_SETLK, F_WRLCK, 2, 6) == 0);
	expect_locks("  wwwwww  ");
	expect(lock(fd, F_SETLK, F_RDLCK, 4, 2) == 0);
	expect_locks("  wwrrww  ");
	expect(lock(fd, F_SETLK, F_UNLCK, 3, 2) == 0);
	expect_locks("  w  rww  ");
	expect(lock(fd, F_SETLK, F_WRLCK, 3, 3) == 0);
	expect_locks("  wwwwww  ");
	expect(lock(fd, F_SETLK, F_UNLCK, 5, 0) == 0);
	expect_locks("  www     ");
	expect(lock(fd, F_SETLK, F_RDLCK, 0, 0) == 0);
	expect_locks("rrrrrrrrrr");
	expect(lock(fd, F_SETLK, F_UNLCK, 0, 0) == 0);
	expect_locks("          ");
}

CASE(getlk_names_the_owner_and_the_range)
{
	struct flock found = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int fd = open_file(), go[2];
	char byte;
	pid_t pid;

	require(pipe(go) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		lock(fd, F_SETLK, F_WRLCK, 30, 10);
		write(go[1], "", 1);
		for (;;)
			pause();
	}
	require(read(go[0], &byte, 1) == 1);
	expect(fcntl(fd, F_GETLK, &found) == 0);
	expect(found.l_type == F_WRLCK && found.l_pid == pid);
	expect(found.l_whence == SEEK_SET && found.l_start == 30 &&
	       found.l_len == 10);
	found = (struct flock){ .l_type = F_WRLCK, .l_start = 10,
				.l_len = 20 };
	expect(fcntl(fd, F_GETLK, &found) == 0 && found.l_type == F_UNLCK);
	expect(lock(fd, F_SETLK, F_RDLCK, 35, 1) == -1 &&
	       (errno == EAGAIN || errno == EACCES));
	kill(pid, SIGKILL);
	result_of(pid);
	expect(lock(fd, F_SETLK, F_RDLCK, 35, 1) == 0);
}

CASE(closing_any_descriptor_ends_the_locks)
{
	int fd = open_file(), second = open_file();

	expect(lock(fd, F_SETLK, F_WRLCK, 0, 5) == 0);
	expect_locks("wwwww");
	close(second);
	expect_locks("     ");
}

CASE(child_does_not_inherit_a_lock)
{
	int fd = open_file();
	pid_t pid;

	expect(lock(fd, F_SETLK, F_WRLCK, 0, 5) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(lock(fd, F_SETLK, F_WRLCK, 0, 1) == 0);
	expect(result_of(pid) == 0);
	expect_locks("wwwww");
}

/* Take the lock, tell, wait for a word, and end. */
static pid_t holder(int fd, int ready, int go)
{
	pid_t pid = fork_or_fail();
	char byte;

	if (pid > 0)
		return pid;
	if (lock(fd, F_SETLKW, F_WRLCK, 0, 1) < 0)
		_exit(1);
	write(ready, "", 1);
	read(go, &byte, 1);
	_exit(0);
}

CASE(sleeper_gets_the_lock_when_the_owner_ends)
{
	int fd = open_file(), ready[2], go[2];
	pid_t first, second;
	char byte;

	require(pipe(ready) == 0 && pipe(go) == 0);
	first = holder(fd, ready[1], go[0]);
	require(read(ready[0], &byte, 1) == 1);
	second = holder(fd, ready[1], go[0]);
	expect(write(go[1], "", 1) == 1 && result_of(first) == 0);
	expect(read(ready[0], &byte, 1) == 1);
	expect(write(go[1], "", 1) == 1 && result_of(second) == 0);
}

CASE(killed_sleeper_keeps_nobody_waiting)
{
	int fd = open_file(), ready[2], go[2];
	pid_t owner, killed, last;
	char byte;

	require(pipe(ready) == 0 && pipe(go) == 0);
	owner = holder(fd, ready[1], go[0]);
	require(read(ready[0], &byte, 1) == 1);
	killed = holder(fd, ready[1], go[0]);
	last = holder(fd, ready[1], go[0]);
	until_asleep(killed);
	until_asleep(last);
	kill(owner, SIGKILL);
	kill(killed, SIGKILL);
	result_of(owner);
	result_of(killed);
	expect(write(go[1], "", 1) == 1 && result_of(last) == 0);
}

CASE(signal_ends_the_wait)
{
	int fd = open_file(), ready[2], go[2];
	pid_t owner, sleeper;
	char byte;

	require(pipe(ready) == 0 && pipe(go) == 0);
	owner = holder(fd, ready[1], go[0]);
	require(read(ready[0], &byte, 1) == 1);
	sleeper = fork_or_fail();
	if (sleeper == 0) {
		set_handler(SIGUSR1, catch_it, 0);
		write(ready[1], "", 1);
		_exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) < 0 && errno == EINTR
		      ? 7 : 1);
	}
	require(read(ready[0], &byte, 1) == 1);
	until_asleep(sleeper);
	kill(sleeper, SIGUSR1);
	expect(result_of(sleeper) == 7);
	write(go[1], "", 1);
	expect(result_of(owner) == 0);
}

CASE(wait_goes_on_after_a_handler_with_sa_restart)
{
	int fd = open_file(), ready[2];
	pid_t sleeper;
	char byte;

	require(pipe(ready) == 0);
	require(lock(fd, F_SETLK, F_WRLCK, 0, 1) == 0);
	sleeper = fork_or_fail();
	if (sleeper == 0) {
		set_handler(SIGUSR1, catch_it, SA_RESTART);
		write(ready[1], "", 1);
		_exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) == 0 && caught ? 7 : 1);
	}
	require(read(ready[0], &byte, 1) == 1);
	until_asleep(sleeper);
	kill(sleeper, SIGUSR1);
	until_asleep(sleeper);
	expect(lock(fd, F_SETLK, F_UNLCK, 0, 1) == 0);
	expect(result_of(sleeper) == 7);
}

/* On Parley alone: Linux promises no order. */
CASE(newcomer_does_not_overtake_a_woken_sleeper)
{
	int fd = open_file(), ready[2], go[2];
	pid_t sleeper;

	if (!leak_is_parley())
		return;
	require(pipe(ready) == 0 && pipe(go) == 0);
	for (int i = 0; i < 20; i++) {
		require(lock(fd, F_SETLK, F_WRLCK, 0, 1) == 0);
		sleeper = holder(fd, ready[1], go[0]);
		until_asleep(sleeper);
		expect(lock(fd, F_SETLK, F_UNLCK, 0, 1) == 0);
		expect_error(lock(fd, F_SETLK, F_WRLCK, 0, 1), EAGAIN);
		expect(lock(fd, F_SETLK, F_WRLCK, 1, 1) == 0);
		expect(write(go[1], "", 1) == 1);
		expect(lock(fd, F_SETLKW, F_RDLCK, 0, 1) == 0);
		expect(result_of(sleeper) == 0);
		expect(lock(fd, F_SETLK, F_UNLCK, 0, 0) == 0);
	}
}

CASE(circle_of_owners_is_refused)
{
	int fd = open_file(), ready[2];
	pid_t pid;
	char byte;

	require(pipe(ready) == 0);
	require(lock(fd, F_SETLK, F_WRLCK, 0, 1) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		lock(fd, F_SETLK, F_WRLCK, 1, 1);
		write(ready[1], "", 1);
		_exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) == 0 ? 0 : 1);
	}
	require(read(ready[0], &byte, 1) == 1);
	until_asleep(pid);
	expect_error(lock(fd, F_SETLKW, F_WRLCK, 1, 1), EDEADLK);
	expect(lock(fd, F_SETLK, F_UNLCK, 0, 1) == 0);
	expect(result_of(pid) == 0);
	expect(lock(fd, F_SETLKW, F_WRLCK, 1, 1) == 0);
}

/* The owner of the lock in the way has many locks in front of it. */
CASE(circle_behind_many_locks_sleeps)
{
	int fd = open_file(), ready[2];
	pid_t pid;
	char byte;

	require(pipe(ready) == 0);
	require(lock(fd, F_SETLK, F_WRLCK, 0, 1) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		for (int i = 1; i <= 110; i++)
			require(lock(fd, F_SETLK, F_WRLCK, 2 * i, 1) == 0);
		write(ready[1], "", 1);
		_exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) == 0 ? 0 : 1);
	}
	require(read(ready[0], &byte, 1) == 1);
	until_asleep(pid);
	expect_error(lock(fd, F_SETLKW, F_WRLCK, 1, 300), EDEADLK);
	expect(lock(fd, F_SETLK, F_UNLCK, 0, 1) == 0);
	expect(result_of(pid) == 0);
}

/* The parent waits for a child, which waits for a lock of an open file of the
 * parent. That is no circle: a second child can end this lock. */
CASE(lock_of_an_open_file_is_no_part_of_a_circle)
{
	int fd = open_file(), ready[2];
	pid_t parent = getpid(), waiter, opener;
	char byte;

	require(pipe(ready) == 0 && flock(fd, LOCK_EX) == 0);
	waiter = fork_or_fail();
	if (waiter == 0) {
		int own = open_file();

		lock(own, F_SETLK, F_WRLCK, 0, 1);
		write(ready[1], "", 1);
		_exit(flock(own, LOCK_EX) == 0 ? 0 : 1);
	}
	require(read(ready[0], &byte, 1) == 1);
	until_asleep(waiter);
	opener = fork_or_fail();
	if (opener == 0) {
		until_asleep(parent);
		_exit(flock(fd, LOCK_UN) == 0 ? 0 : 1);
	}
	expect(lock(fd, F_SETLKW, F_WRLCK, 0, 1) == 0);
	expect(result_of(waiter) == 0 && result_of(opener) == 0);
}

CASE(bad_lock_is_refused)
{
	int fd = open_file(), reader = open("fs_locks-file", O_RDONLY);
	int writer = open("fs_locks-file", O_WRONLY);

	expect_error(lock(fd, F_SETLK, F_WRLCK, -1, 1), EINVAL);
	expect_error(lock(fd, F_SETLK, F_WRLCK, 5, -6), EINVAL);
	expect_error(lock(fd, F_SETLK, 77, 0, 1), EINVAL);
	expect_error(lock(fd, F_SETLK, F_WRLCK, 2, LARGEST), EOVERFLOW);
	expect_error(lock(reader, F_SETLK, F_WRLCK, 0, 1), EBADF);
	expect_error(lock(writer, F_SETLK, F_RDLCK, 0, 1), EBADF);
	expect_error(fcntl(fd, F_SETLK, nowhere), EFAULT);
	expect_error(lock(-1, F_SETLK, F_WRLCK, 0, 1), EBADF);
	expect(lock(fd, F_SETLK, F_WRLCK, 1, LARGEST) == 0);
	expect(lock(fd, F_SETLK, F_WRLCK, 8, -4) == 0);
	expect_locks(" wwwwwwwww");
}

CASE(lockf_begins_at_the_position)
{
	int fd = open_file();

	require(lseek(fd, 3, SEEK_SET) == 3);
	expect(lockf(fd, F_TLOCK, 2) == 0 && lockf(fd, F_TEST, 2) == 0);
	expect_locks("   ww ");
	expect(lockf(fd, F_LOCK, -2) == 0);
	expect_locks(" wwww ");
	expect(lockf(fd, F_ULOCK, 0) == 0);
	expect_locks(" ww   ");
}

CASE(flock_belongs_to_the_open_file)
{
	int fd = open_file(), twin = dup(fd), other = open_file();

	expect(flock(fd, LOCK_EX) == 0);
	expect_error(flock(other, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	expect(flock(twin, LOCK_SH) == 0);
	expect(flock(other, LOCK_SH | LOCK_NB) == 0);
	expect_error(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	close(fd);
	expect_error(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	close(twin);
	expect(flock(other, LOCK_EX | LOCK_NB) == 0);
	expect(flock(other, LOCK_UN) == 0);
	expect_error(flock(other, 0), EINVAL);
	expect_error(flock(-1, LOCK_SH), EBADF);
}

int main(int argc, char **argv)
{
	int result;

	close(open_file());		/* no case leaves a new name behind */
	result = run_cases(argc, argv);
	unlink("fs_locks-file");
	return result;
}
