/*
 * abuse_rights.c - a user without rights against the property of root:
 * processes, files, names, limits and the machine.
 */
#include <mailbox.h>
#include <mqueue.h>
#include <parley.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define NOBODY	4321

static const char file[] = "/tmp/abuse_rights";
static const char name[] = "/abuse_rights";

static void become_nobody(void)
{
	require(setgid(NOBODY) == 0 && setuid(NOBODY) == 0);
}

static void make_file(mode_t mode)
{
	int fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);

	require(fd >= 0 && write(fd, "secret", 6) == 6);
	close(fd);
	require(chmod(file, mode) == 0);
}

/* Run the rest of the case as nobody, in a child; then let root clean up. */
#define as_nobody(statement) do {		\
	pid_t child_ = fork_or_fail();		\
						\
	if (child_ == 0) {			\
		become_nobody();		\
		statement;			\
		_exit(case_failed);		\
	}					\
	expect(result_of(child_) == 0);		\
} while (0)

/* ---- User identities ----------------------------------------------------- */

CASE(nobody_does_not_become_root_again)
{
	as_nobody(
		expect_error(setuid(0), EPERM);
		expect_error(seteuid(0), EPERM);
		expect_error(setgid(0), EPERM);
		expect_error(setuid(NOBODY + 1), EPERM);
		expect_error(setuid(-1), EINVAL);
		expect(setuid(NOBODY) == 0 && getuid() == NOBODY));
}

CASE(rights_are_inherited_not_gained)
{
	as_nobody(
		pid_t child = fork_or_fail();

		if (child == 0)
			_exit(getuid() != NOBODY || setuid(0) == 0);
		expect(result_of(child) == 0));
}

CASE(exec_gives_no_rights)
{
	char *argv[] = { (char *)case_program, "--who", NULL };

	as_nobody(
		execv(case_program, argv));
}

/* ---- Processes ----------------------------------------------------------- */

CASE(processes_of_others_cannot_be_signalled)
{
	pid_t victim = start(sleep_for_ever);

	until_asleep(victim);
	as_nobody(
		expect_error(kill(victim, SIGKILL), EPERM);
		expect_error(kill(victim, 0), EPERM);
		expect_error(kill(1, SIGTERM), EPERM);
		expect_error(kill(1, SIGKILL), EPERM);
		expect_error(kill(getppid(), SIGSTOP), EPERM);
		expect_error(kill(getppid(), SIGKILL), EPERM));
	expect(kill(victim, 0) == 0 && is_asleep(victim));
	kill_and_wait(victim);
}

CASE(value_is_queued_for_a_process_of_another_user)
{
	const union sigval value = { .sival_int = 1 };
	pid_t victim = start(sleep_for_ever);

	until_asleep(victim);
	as_nobody(
		expect_error(sigqueue(victim, SIGTERM, value), EPERM);
		expect_error(sigqueue(victim, SIGRTMIN, value), EPERM);
		expect_error(sigqueue(victim, SIGCHLD, value), EPERM);
		expect_error(sigqueue(victim, 0, value), EPERM);
		expect_error(sigqueue(1, SIGRTMIN, value), EPERM));
	expect(kill(victim, 0) == 0 && is_asleep(victim));
	kill_and_wait(victim);
}

static int sleep_in_a_new_session(void)
{
	setsid();
	return sleep_for_ever();
}

/* A shell of another user can continue a stopped job of its session. */
CASE(sigcont_of_another_user_depends_on_the_session)
{
	pid_t same = start(sleep_for_ever);
	pid_t different = start(sleep_in_a_new_session);

	until_asleep(same);
	until_asleep(different);
	as_nobody(
		expect(kill(same, SIGCONT) == 0);
		expect_error(kill(same, SIGSTOP), EPERM);
		expect_error(kill(different, SIGCONT), EPERM));
	kill_and_wait(same);
	kill_and_wait(different);
}

CASE(broadcast_of_nobody_reaches_nobodys_processes_only)
{
	pid_t victim = start(sleep_for_ever);

	until_asleep(victim);
	as_nobody(
		pid_t own = start(sleep_for_ever);

		until_asleep(own);
		expect(kill(-1, SIGKILL) == 0);
		expect(result_of(own) == -SIGKILL));
	expect(is_asleep(victim) && kill(1, 0) == 0);
	kill_and_wait(victim);
}

CASE(priority_is_not_raised)
{
	pid_t victim = start(sleep_for_ever);

	as_nobody(
		expect(setpriority(PRIO_PROCESS, 0, -1) == -1);
		expect(errno == EACCES || errno == EPERM);
		expect(setpriority(PRIO_PROCESS, 0, 5) == 0);
		expect(setpriority(PRIO_PROCESS, 0, 0) == -1);
		expect(setpriority(PRIO_PROCESS, victim, 10) == -1);
		expect(setpriority(PRIO_PROCESS, 1, 19) == -1);
		expect(getpriority(PRIO_PROCESS, victim) == 0));
	kill_and_wait(victim);
}

CASE(machine_is_not_switched_off)
{
	expect_error(poweroff(POWER_OFF, 0), EPERM);
	as_nobody(
		expect_error(poweroff(POWER_OFF, 0), EPERM);
		expect_error(poweroff(POWER_REBOOT, 0), EPERM);
		expect_error(poweroff(12345, 0), EPERM));
}

/* ---- Files --------------------------------------------------------------- */

CASE(files_of_others_are_as_their_mode_says)
{
	char text[10];

	make_file(0600);
	as_nobody(
		expect_error(open(file, O_RDONLY), EACCES);
		expect_error(open(file, O_RDWR | O_CREAT | O_TRUNC, 0600),
			     EACCES);
		expect_error(truncate(file, 0), EACCES);
		expect_error(chmod(file, 0777), EPERM);
		expect_error(chown(file, NOBODY, NOBODY), EPERM);
		expect_error(access(file, R_OK), EACCES);
		expect_error(execl(file, file, NULL), EACCES));
	make_file(0644);
	as_nobody(
		int fd = open(file, O_RDONLY);

		expect(fd >= 0 && read(fd, text, 10) == 6);
		expect_error(open(file, O_WRONLY), EACCES);
		expect_error(open(file, O_RDONLY | O_TRUNC), EACCES);
		expect(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED,
			    fd, 0) == MAP_FAILED));
	unlink(file);
}

CASE(times_of_others_files_are_set_by_those_who_may_write)
{
	const struct timespec past[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	const struct timespec as_it_is[2] = { { .tv_nsec = UTIME_OMIT },
					      { .tv_nsec = UTIME_OMIT } };
	struct stat before;
	struct stat after;

	make_file(0644);
	require(stat(file, &before) == 0);
	as_nobody(
		expect_error(utimensat(AT_FDCWD, file, NULL, 0), EACCES);
		expect_error(utimensat(AT_FDCWD, file, past, 0), EPERM);
		expect(utimensat(AT_FDCWD, file, as_it_is, 0) == 0));
	require(stat(file, &after) == 0);
	expect(before.st_mtime == after.st_mtime);
	make_file(0666);
	as_nobody(
		expect(utimensat(AT_FDCWD, file, NULL, 0) == 0);
		expect_error(utimensat(AT_FDCWD, file, past, 0), EPERM));
	expect(utimensat(AT_FDCWD, file, past, 0) == 0);
	require(stat(file, &after) == 0);
	expect(after.st_mtime == 1);
	unlink(file);
}

CASE(files_of_others_cannot_be_removed_from_tmp)
{
	make_file(0666);
	as_nobody(
		expect(unlink(file) == -1);
		expect(rename(file, "/tmp/abuse_rights2") == -1);
		int fd = open("/tmp/abuse_rights3", O_RDWR | O_CREAT, 0600);

		expect(fd >= 0);
		expect(rename("/tmp/abuse_rights3", file) == -1);
		expect(unlink("/tmp/abuse_rights3") == 0));
	expect(access(file, F_OK) == 0);
	unlink(file);
}

CASE(tree_of_the_system_is_not_changed)
{
	as_nobody(
		expect_error(open("/new", O_RDWR | O_CREAT, 0600), EACCES);
		expect_error(mkdir("/bin/new", 0700), EACCES);
		expect_error(unlink("/bin/sh"), EACCES);
		expect_error(rename("/bin/sh", "/tmp/sh"), EACCES);
		expect_error(rmdir("/tmp"), EACCES);
		expect_error(chmod("/", 0777), EPERM);
		expect_error(chmod("/dev/null", 0), EPERM);
		expect_error(open("/bin/sh", O_WRONLY), EACCES));
}

CASE(closed_folders_are_closed)
{
	require(mkdir("/tmp/abuse_rights.d", 0700) == 0);
	require(chdir("/tmp/abuse_rights.d") == 0);
	close(open("inside", O_RDWR | O_CREAT, 0666));
	as_nobody(
		struct stat status;

		expect_error(chdir("/tmp/abuse_rights.d"), EACCES);
		expect_error(stat("/tmp/abuse_rights.d/inside", &status),
			     EACCES);
		expect_error(open("/tmp/abuse_rights.d", O_RDONLY), EACCES));
	unlink("inside");
	chdir("/");
	rmdir("/tmp/abuse_rights.d");
}

CASE(open_descriptors_stay_as_they_were_opened)
{
	int fd;

	make_file(0600);
	fd = open(file, O_RDONLY);
	as_nobody(
		char text[10];

		expect(read(fd, text, 10) == 6);
		expect_error(write(fd, "x", 1), EBADF));
	unlink(file);
}

/* ---- Names --------------------------------------------------------------- */

CASE(queues_of_others_are_as_their_mode_says)
{
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, NULL);

	require(queue >= 0);
	as_nobody(
		expect_error(mq_open(name, O_RDWR), EACCES);
		expect(mq_unlink(name) == -1));
	expect(mq_unlink(name) == 0);
}

/* ---- Limits -------------------------------------------------------------- */

CASE(names_of_others_cannot_be_removed_from_ipc)
{
	mqd_t queue = mq_open(name, O_CREAT | O_RDWR, 0666, NULL);
	int memory = shm_open(name, O_CREAT | O_RDWR, 0666);
	sem_t *semaphore = sem_open(name, O_CREAT, 0666, 1);
	int box = mailbox_open(name, O_CREAT | O_RDWR, 0666, NULL);

	require(queue >= 0 && memory >= 0 && semaphore != SEM_FAILED &&
		box >= 0);
	as_nobody(
		expect_error(mq_unlink(name), EACCES);
		expect_error(shm_unlink(name), EACCES);
		expect_error(sem_unlink(name), EACCES);
		expect_error(mailbox_unlink(name), EACCES));
	expect(mq_unlink(name) == 0 && shm_unlink(name) == 0);
	expect(sem_unlink(name) == 0 && mailbox_unlink(name) == 0);
}

CASE(processes_of_a_user_are_bounded_and_root_can_still_fork)
{
	int fds[2];
	char byte;
	pid_t bomb;

	require(pipe(fds) == 0);
	bomb = fork_or_fail();
	if (bomb == 0) {
		pid_t pid;

		setpgid(0, 0);
		become_nobody();
		while ((pid = fork()) > 0)
			continue;
		if (pid < 0)
			write(fds[1], errno == EAGAIN ? "y" : "n", 1);
		sleep_for_ever();
	}
	require(read(fds[0], &byte, 1) == 1);
	expect(byte == 'y');
	pid_t child = fork();

	if (child == 0)
		_exit(7);
	expect(child > 0 && result_of(child) == 7);
	expect(kill(-bomb, SIGKILL) == 0);
	expect(result_of(bomb) == -SIGKILL);
}

CASE(threads_of_processes_count_or_are_bounded)
{
	as_nobody(
		int count = 0;
		pid_t pid;

		while (count < 2000 && (pid = fork()) > 0)
			count++;
		if (pid == 0)
			sleep_for_ever();
		expect(count < 2000 && errno == EAGAIN);
		kill(-1, SIGKILL);
		while (wait(NULL) > 0)
			count--;
		expect(count == 0));
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--who") == 0)
		return getuid() != NOBODY || geteuid() != NOBODY ||
		       setuid(0) == 0;
	return run_cases(argc, argv);
}
