/*
 * hostile.h - a program of an ordinary user attacks, and root must go on.
 *
 *	static int attack(void)		runs as a user without rights
 *	{
 *		...
 *		return case_failed;
 *	}
 *
 *	CASE(name_of_the_failure)
 *	{
 *		attack_beside_root(attack);
 *	}
 *
 * During the attack a process of root works without a pause: processes, files,
 * pipes and shared memory. The case fails if a piece of the work fails, or if
 * the attack ends otherwise than with 0. The framework (case.h) compares the
 * counters of the kernel before and after.
 */
#pragma once

#include <sys/mman.h>

#include "tests/user/helpers.h"

#define ATTACKER	4321	/* the user of the attack */

HELPER void become_attacker(void)
{
	require(setgid(ATTACKER) == 0 && setuid(ATTACKER) == 0);
}

/* One piece of root's work: a child sends a byte through a pipe, shared memory
 * and a file. */
HELPER int root_works(void)
{
	static const char path[] = "/tmp/hostile.root";
	char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fds[2], file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	char byte = 'x';
	pid_t child;

	if (shared == MAP_FAILED || file < 0 || pipe(fds) < 0)
		return 0;
	child = fork();
	if (child == 0) {
		*shared = 'y';
		write(file, "z", 1);
		_exit(write(fds[1], "w", 1) != 1);
	}
	close(fds[1]);
	if (child < 0 || read(fds[0], &byte, 1) != 1 || result_of(child) != 0)
		return 0;
	close(fds[0]);
	byte = byte == 'w' && *shared == 'y' && pread(file, &byte, 1, 0) == 1
		? byte : '?';
	close(file);
	munmap(shared, 4096);
	return unlink(path) == 0 && byte == 'z';
}

/* Run the attack as the user ATTACKER in a process group of its own, and work
 * as root until the attack has ended. Processes that the attack has left behind
 * are killed. */
HELPER void attack_beside_root(int (*attack)(void))
{
	pid_t attacker = fork_or_fail();
	int status = -1, pieces = 0;

	if (attacker == 0) {
		setpgid(0, 0);
		become_attacker();
		_exit(attack());
	}
	setpgid(attacker, attacker);
	do {
		require(root_works());
		pieces++;
	} while (waitpid(attacker, &status, WNOHANG) == 0);
	kill(-attacker, SIGKILL);
	expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	expect(pieces > 0 && root_works());
}
