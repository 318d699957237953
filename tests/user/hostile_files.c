/*
 * hostile_files.c - a user takes open files and timers. Root still opens files;
 * a charge stays with the user who caused it.
 */
#include <limits.h>
#include <time.h>

#include "tests/user/greedy.h"

/* ---- Open files and timers ----------------------------------------------- */

static int open_many(void)
{
	int fds[2];

	while (pipe(fds) == 0)
		;
	expect(errno == EMFILE || errno == ENFILE);
	if (errno == EMFILE)
		errno = 0;
	return errno;
}

/* Start children that take() until a child gets an error. */
static int take_in_children(int (*take)(void))
{
	int wanted = 0, result[2];
	pid_t pid;

	require(pipe(result) == 0);
	for (int i = 0; i < 100 && !wanted; i++) {
		pid = fork_or_fail();
		if (pid > 0) {
			require(read(result[0], &wanted, sizeof(wanted)) ==
				sizeof(wanted));
			continue;
		}
		wanted = take();
		write(result[1], &wanted, sizeof(wanted));
		sleep_until_killed();
	}
	return wanted;
}

static void take_open_files(void)
{
	expect(take_in_children(open_many) == ENFILE);
}

CASE(open_files_of_a_user_leave_root_its_own)
{
	pid_t pid = attack_as(ATTACKER, take_open_files);

	expect(used_by(ATTACKER, "files") <= USER_FILES_MAX);
	expect(used_by(ATTACKER, "files") >= USER_FILES_MAX - 1);
	expect(root_can_work());
	kill_and_wait(pid);
}

static int create_timers(void)
{
	timer_t timer;

	for (int i = 0; i < TIMER_MAX; i++)
		if (timer_create(CLOCK_MONOTONIC, NULL, &timer) < 0)
			return errno;
	return 0;
}

static void take_timers(void)
{
	expect(take_in_children(create_timers) == EAGAIN);
}

CASE(timers_of_a_user_leave_root_its_own)
{
	pid_t pid = attack_as(ATTACKER, take_timers);

	expect(used_by(ATTACKER, "timers") == USER_TIMERS_MAX);
	expect(run_in_child(create_timers) == 0);
	expect(root_can_work());
	kill_and_wait(pid);
}

/* Root's locks lie between the locks of the user. */
static int take_locks(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_len = 1,
			      .l_start = getuid() == 0 };
	int fd = open("/tmp/hostile-locks", O_RDWR | O_CREAT, 0666);

	require(fd >= 0);
	for (int i = 0; i <= USER_LOCKS_MAX; i++, lock.l_start += 3)
		if (fcntl(fd, F_SETLK, &lock) < 0)
			return errno;
	return 0;
}

/* A lock that replaces a lock needs room as well, or leaves the old lock. */
static void take_all_locks(void)
{
	struct flock lock = { .l_type = F_RDLCK, .l_len = 1 };
	int fd;

	expect(take_locks() == ENOLCK);
	expect(used_by(ATTACKER, "locks") == USER_LOCKS_MAX);
	fd = open("/tmp/hostile-locks", O_RDWR);
	expect_error(fcntl(fd, F_SETLK, &lock), ENOLCK);
	expect(used_by(ATTACKER, "locks") == USER_LOCKS_MAX);
	lock.l_type = F_UNLCK;
	expect(fcntl(fd, F_SETLK, &lock) == 0);
	expect(used_by(ATTACKER, "locks") == USER_LOCKS_MAX - 1);
}

CASE(locks_of_a_user_leave_root_its_own)
{
	pid_t pid = attack_as(ATTACKER, take_all_locks);

	expect(run_in_child(take_locks) == 0);
	expect(root_can_work());
	kill_and_wait(pid);
	expect(unlink("/tmp/hostile-locks") == 0);
}

/* ---- The charge stays ---------------------------------------------------- */

static int box;

static void send_full_pipe(void)
{
	struct message head = { .flags = MESSAGE_HAS_FD };
	static char bytes[65536];
	int fds[2];

	require(pipe(fds) == 0);
	require(write(fds[1], bytes, sizeof(bytes)) == sizeof(bytes));
	head.fd = fds[0];
	require(mailbox_send(box, &head, "", 0, NULL) == 0);
}

CASE(creator_pays_until_the_receiver_of_the_descriptor_closes)
{
	struct mailbox_attr attr = { 1, 8, 0 };
	struct message head = { 0 };
	char body[8];

	box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);
	require(box >= 0);
	kill_and_wait(attack_as(ATTACKER, send_full_pipe));
	require(mailbox_receive(box, &head, body, 8, 0, NULL) == 0);
	expect(used_by(ATTACKER, "memory") >= 65536);
	expect(used_by(ATTACKER, "files") == 1);
	expect(used_by(ATTACKER, "processes") == 0);
	close(head.fd);
	expect(used_by(ATTACKER, "memory") == -1);
}

/* The inbox lies in a message of the box, and the box in a message of the
 * inbox. */
static void close_a_ring(void)
{
	struct mailbox_attr attr = { 1, 8, 0 };
	struct message head = { .flags = MESSAGE_HAS_FD };
	int own = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &attr);

	require(own >= 0);
	head.fd = message_inbox();
	require(head.fd >= 0);
	require(mailbox_send(own, &head, "", 0, NULL) == 0);
	close(head.fd);
	head.fd = own;
	require(message_send(getpid(), &head, "", 0, NULL) == 0);
	close(own);
}

CASE(ring_of_box_and_inbox_ends_with_the_process)
{
	kill_and_wait(attack_as(ATTACKER, close_a_ring));
	expect(used_by(ATTACKER, "memory") == -1);
}

static pid_t change_user_with_pipes(int before, int after)
{
	pid_t pid = fork_or_fail();
	int fds[2];

	if (pid > 0) {
		wait_for_stop(pid);
		return pid;
	}
	while (before-- > 0)
		require(pipe(fds) == 0);
	require(setuid(ATTACKER) == 0);
	while (after-- > 0)
		require(pipe(fds) == 0);
	raise(SIGSTOP);
	_exit(0);
}

CASE(setuid_moves_no_charge)
{
	long before = used_by(0, "files");
	pid_t pid = change_user_with_pipes(10, 3);

	expect(used_by(0, "files") == before + 20);
	expect(used_by(ATTACKER, "files") == 6);
	kill_and_wait(pid);
	expect(used_by(0, "files") == before);
	expect(used_by(ATTACKER, "files") == -1);
}

static int see_own_lines_only(void)
{
	require(setuid(ATTACKER) == 0);
	expect(used_by(ATTACKER, "processes") == 1);
	expect(used_by(0, "processes") == -1);
	return case_failed;
}

CASE(user_sees_no_numbers_of_different_users)
{
	expect(run_in_child(see_own_lines_only) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
