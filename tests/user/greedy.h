/*
 * greedy.h - an ordinary user takes all there is, and stays (see hostile.h).
 *
 * The attacker stops itself with a signal when a call has refused the next
 * object: a message would need memory, and the attacker has none left.
 */
#pragma once

#include <mailbox.h>
#include <sys/stat.h>

#include "tests/user/hostile.h"

#define WORK_BYTES	(1 << 20)	/* bytes that root needs to work */

/* Wait until the child has stopped itself. */
HELPER void wait_for_stop(pid_t pid)
{
	int status;

	require(waitpid(pid, &status, WUNTRACED) == pid);
	require(WIFSTOPPED(status));
}

/* Start a process of this user that runs take() and stops. */
HELPER pid_t attack_as(uid_t user, void (*take)(void))
{
	pid_t pid = fork_or_fail();

	if (pid > 0) {
		wait_for_stop(pid);
		return pid;
	}
	require(setuid(user) == 0);
	take();
	if (!case_failed)
		raise(SIGSTOP);
	_exit(case_failed);
}

HELPER void sleep_until_killed(void)
{
	for (;;)
		pause();
}

/* Start a program, as a shell does. */
HELPER int run_true(void)
{
	execl("/bin/true", "true", NULL);
	return 1;
}

HELPER int send_to_myself(void)
{
	struct mailbox_attr attr = { 1, 4096, 0 };
	struct message head = { .bytes = 4096, .fd = -1 };
	static char body[4096];
	int box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);

	expect(box >= 0);
	expect(mailbox_send(box, &head, body, MAILBOX_NONBLOCK, NULL) == 0);
	return close(box);
}

HELPER int do_work(void)
{
	char *memory = mmap(NULL, WORK_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fds[2];

	require(memory != MAP_FAILED);
	memset(memory, 1, WORK_BYTES);
	for (int i = 0; i < 16; i++)
		expect(run_in_child(run_true) == 0);
	expect(mkdir("/tmp/work", 0700) == 0 && rmdir("/tmp/work") == 0);
	expect(pipe(fds) == 0 && write(fds[1], memory, 65536) == 65536);
	expect(send_to_myself() == 0);
	return case_failed;
}

/* Can root start programs, get memory, make files, send messages? */
HELPER int root_can_work(void)
{
	return root_works() && run_in_child(do_work) == 0;
}

/* A value of /proc/limits: what the user has caused of this kind. */
HELPER long used_by(uid_t user, const char *kind)
{
	char text[8192], key[40];
	const char *line;

	require(read_text("/proc/limits", text, sizeof(text)));
	snprintf(key, sizeof(key), "\n%u %s ", (unsigned)user, kind);
	line = strstr(text, key);
	return line ? strtol(line + strlen(key), NULL, 10) : -1;
}
