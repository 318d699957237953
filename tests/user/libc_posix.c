/*
 * libc_posix.c - the less known functions of POSIX: reads at an offset and in
 * pieces, waitid(), modes by descriptor, signals of System V, random numbers,
 * requests to the scheduler. Any POSIX system.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/user/helpers.h"

static char name[32];

/* A file of ten bytes; with keep == 0 the name is removed at once. */
static int new_file(int keep)
{
	int fd;

	strcpy(name, "/tmp/libc-posix-XXXXXX");
	fd = mkstemp(name);
	require(fd >= 0);
	if (!keep)
		unlink(name);
	require(write(fd, "0123456789", 10) == 10);
	return fd;
}

/* ---- At an offset, in pieces --------------------------------------------- */

CASE(offset_leaves_the_position_alone)
{
	int fd = new_file(0);
	char text[8] = "";

	expect(pread(fd, text, 3, 4) == 3 && strcmp(text, "456") == 0);
	expect(lseek(fd, 0, SEEK_CUR) == 10);
	expect(pwrite(fd, "ab", 2, 1) == 2);
	expect(lseek(fd, 0, SEEK_CUR) == 10);
	expect(pread(fd, text, 4, 0) == 4 && strncmp(text, "0ab3", 4) == 0);
	expect(pread(fd, text, 4, 10) == 0 && pread(fd, text, 4, 99) == 0);
	expect(pwrite(fd, "z", 1, 20) == 1);
	expect(lseek(fd, 0, SEEK_END) == 21);
}

CASE(offset_of_what_has_none)
{
	int fds[2], fd = new_file(0);
	char byte;

	require(pipe(fds) == 0);
	expect_error(pread(fds[0], &byte, 1, 0), ESPIPE);
	expect_error(pwrite(fds[1], "x", 1, 0), ESPIPE);
	expect_error(pread(fd, &byte, 1, -1), EINVAL);
	expect_error(pread(200, &byte, 1, 0), EBADF);
	expect_error(pwrite(open("/dev/null", O_RDONLY), "x", 1, 0), EBADF);
}

CASE(pieces_are_one_transfer)
{
	char a[3], b[600], c[4];
	struct iovec in[] = { { a, 3 }, { b, 600 }, { NULL, 0 }, { c, 4 } };
	struct iovec out[] = { { (void *)"abc", 3 }, { (void *)"defg", 4 } };
	int fds[2];

	require(pipe(fds) == 0);
	expect(writev(fds[1], out, 2) == 7);
	expect(readv(fds[0], in, 4) == 7);
	expect(memcmp(a, "abc", 3) == 0 && memcmp(b, "defg", 4) == 0);
	expect_error(readv(fds[0], in, -1), EINVAL);
	expect_error(writev(fds[0], out, 2), EBADF);
	close(fds[1]);
	expect(readv(fds[0], in, 4) == 0);
}

/* ---- Files by descriptor ------------------------------------------------- */

CASE(mode_and_room_by_descriptor)
{
	struct stat status;
	int fds[2], fd = new_file(1);

	require(pipe(fds) == 0);
	expect(fchmod(fd, 0640) == 0 && stat(name, &status) == 0);
	expect((status.st_mode & 07777) == 0640);
	expect(posix_fallocate(fd, 0, 100) == 0);
	expect(fstat(fd, &status) == 0 && status.st_size == 100);
	expect(posix_fallocate(fd, 0, 0) == EINVAL);
	expect(posix_fallocate(fds[1], 0, 5) == ESPIPE);
	expect(posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL) == 0);
	expect(posix_fadvise(fds[0], 0, 0, POSIX_FADV_NORMAL) == ESPIPE);
	expect_error(fchmod(200, 0600), EBADF);
	expect_error(fchown(200, 0, 0), EBADF);
	expect(unlink(name) == 0);
}

CASE(directory_by_descriptor)
{
	char here[256];
	int fd = open("/tmp", O_RDONLY | O_DIRECTORY), file = new_file(0);

	require(fd >= 0);
	expect(chdir("/") == 0 && fchdir(fd) == 0);
	expect(getcwd(here, sizeof(here)) && strcmp(here, "/tmp") == 0);
	expect_error(fchdir(file), ENOTDIR);
	expect_error(fchdir(200), EBADF);
}

CASE(dup3_sets_the_flag_and_refuses_itself)
{
	expect(dup3(0, 20, O_CLOEXEC) == 20);
	expect(fcntl(20, F_GETFD) == FD_CLOEXEC);
	expect(dup3(0, 20, 0) == 20 && fcntl(20, F_GETFD) == 0);
	expect_error(dup3(0, 0, 0), EINVAL);
	expect_error(dup3(200, 21, 0), EBADF);
}

CASE(what_is_no_link_is_einval)
{
	char target[16];

	expect_error(readlink("/tmp", target, sizeof(target)), EINVAL);
	expect_error(readlink("/no/such", target, sizeof(target)), ENOENT);
}

/* ---- waitid() ------------------------------------------------------------ */

static int end_with_5(void)
{
	return 5;
}

CASE(news_can_be_looked_at_before_it_is_taken)
{
	pid_t child = start(end_with_5);
	siginfo_t info;

	for (int i = 0; i < 2; i++) {
		memset(&info, 0, sizeof(info));
		expect(waitid(P_PID, child, &info, WEXITED | WNOWAIT) == 0);
		expect(info.si_pid == child && info.si_status == 5);
	}
	expect(info.si_signo == SIGCHLD && info.si_code == CLD_EXITED);
	expect(info.si_uid == getuid());
	expect(waitid(P_ALL, 0, &info, WEXITED) == 0 && info.si_pid == child);
	expect_error(waitid(P_PID, child, &info, WEXITED), ECHILD);
}

CASE(killed_stopped_and_continued_are_told_apart)
{
	pid_t child = fork_or_fail();
	siginfo_t info;

	if (child == 0)
		for (;;)
			pause();
	memset(&info, 1, sizeof(info));
	expect(waitid(P_PID, child, &info, WEXITED | WNOHANG) == 0);
	expect(info.si_pid == 0 && info.si_signo == 0);
	kill(child, SIGSTOP);
	expect(waitid(P_PID, child, &info, WSTOPPED) == 0);
	expect(info.si_code == CLD_STOPPED && info.si_status == SIGSTOP);
	kill(child, SIGCONT);
	expect(waitid(P_PGID, getpgrp(), &info, WCONTINUED) == 0);
	expect(info.si_code == CLD_CONTINUED && info.si_status == SIGCONT);
	kill(child, SIGKILL);
	expect(waitid(P_ALL, 0, &info, WEXITED | WSTOPPED) == 0);
	expect(info.si_code == CLD_KILLED && info.si_status == SIGKILL);
}

/* A wait for stops alone does not eat the end. */
CASE(end_stays_for_who_asks_for_it)
{
	pid_t child = start(end_with_5);
	siginfo_t info;

	expect(waitid(P_PID, child, &info, WEXITED | WNOWAIT) == 0);
	expect_error(waitid(P_PID, child, &info, WSTOPPED), ECHILD);
	expect(result_of(child) == 5);
}

CASE(waitid_errors)
{
	siginfo_t info;

	expect_error(waitid(P_ALL, 0, &info, 0), EINVAL);
	expect_error(waitid(P_ALL, 0, &info, WNOHANG), EINVAL);
	expect_error(waitid((idtype_t)77, 0, &info, WEXITED), EINVAL);
	expect_error(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
}

/* ---- Signals as System V had them ---------------------------------------- */

CASE(held_signal_comes_when_released)
{
	set_handler(SIGUSR1, catch_it, 0);
	expect(sighold(SIGUSR1) == 0);
	raise(SIGUSR1);
	expect(caught == 0 && is_pending(SIGUSR1));
	expect(sigrelse(SIGUSR1) == 0 && caught == 1);
	expect(sigignore(SIGUSR1) == 0);
	raise(SIGUSR1);
	expect(caught == 1);
	expect_error(sighold(0), EINVAL);
}

/* ---- Scheduling, numbers, the rest --------------------------------------- */

CASE(policy_of_programs)
{
	struct sched_param param = { .sched_priority = 77 };
	struct timespec slice;

	expect(sched_getscheduler(0) == SCHED_OTHER);
	expect(sched_getparam(0, &param) == 0 && param.sched_priority == 0);
	expect(sched_setscheduler(0, SCHED_OTHER, &param) >= 0);
	expect(sched_rr_get_interval(0, &slice) == 0);
	expect(slice.tv_sec == 0);
	expect_error(sched_getscheduler(-1), EINVAL);
	expect_error(sched_getscheduler(999999), ESRCH);
	expect_error(sched_setscheduler(0, 99, &param), EINVAL);
	expect(sched_get_priority_max(SCHED_FIFO) -
	       sched_get_priority_min(SCHED_FIFO) >= 31);
	expect_error(sched_get_priority_max(99), EINVAL);
}

CASE(forty_eight_bits_as_posix_has_them)
{
	unsigned short state[3] = { 1, 2, 3 };

	srand48(42);
	expect(lrand48() == 1598855263 && mrand48() == 1471891643);
	expect(nrand48(state) >= 0);
	expect(drand48() < 1.0);
}

CASE(clock_is_the_machines)
{
	const struct timespec never = { 0, -1 };
	clockid_t clock;

	expect_error(clock_settime(CLOCK_MONOTONIC, &never), EINVAL);
	expect_error(clock_settime(CLOCK_REALTIME, &never), EINVAL);
	expect(clock_getcpuclockid(0, &clock) == 0);
}

CASE(options_within_an_option)
{
	char text[] = "size=3,quiet,odd=1", *rest = text, *value;
	char *const names[] = { (char *)"quiet", (char *)"size", NULL };

	expect(getsubopt(&rest, names, &value) == 1);
	expect(value && strcmp(value, "3") == 0);
	expect(getsubopt(&rest, names, &value) == 0 && !value);
	expect(getsubopt(&rest, names, &value) == -1);
	expect(strcmp(value, "odd=1") == 0 && *rest == '\0');
}

CASE(pairs_of_bytes_change_places)
{
	char to[5] = "....";

	swab("abcd", to, 4);
	expect(strcmp(to, "badc") == 0);
}

CASE(file_for_one_thread)
{
	flockfile(stdout);
	expect(ftrylockfile(stdout) == 0);
	funlockfile(stdout);
	funlockfile(stdout);
}

CASE(memory_stays)
{
	static char page[8192];
	void *start = (void *)(((unsigned long)page + 4095) & ~4095ul);

	expect(mlock(start, 4096) == 0 && munlock(start, 4096) == 0);
	expect(posix_madvise(start, 4096, POSIX_MADV_NORMAL) == 0);
	expect(posix_madvise(start, 4096, 99) == EINVAL);
	expect_error(mlockall(0), EINVAL);
}

CASE(unmapped_memory_is_locked)
{
	char *start = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	require(start != MAP_FAILED);
	expect(mlock(start + 100, 5000) == 0 && munlock(start, 8192) == 0);
	require(munmap(start + 4096, 4096) == 0);
	expect_error(mlock(start + 100, 5000), ENOMEM);
	expect_error(munlock(start, 8192), ENOMEM);
	expect(mlock(start, 4096) == 0);
}

CASE(fsync_of_a_pipe_succeeds)
{
	int fds[2], file = open("/tmp", O_RDONLY);

	require(pipe(fds) == 0 && file >= 0);
	expect_error(fsync(fds[0]), EINVAL);
	expect_error(fdatasync(fds[1]), EINVAL);
	expect_error(fsync(-1), EBADF);
	expect(fsync(file) == 0);
}

CASE(name_of_the_user)
{
	char text[64] = "";

	expect(getgroups(0, NULL) >= 0);
	expect_error(getgroups(-1, NULL), EINVAL);
	(void)(getlogin_r(text, sizeof(text)) || *text);
}

CASE(statfs_tells_what_statvfs_tells)
{
	struct statvfs wanted;
	struct statfs status;

	expect(statvfs("/tmp", &wanted) == 0 && statfs("/tmp", &status) == 0);
	expect(wanted.f_ffree <= wanted.f_files);
	expect(wanted.f_favail <= wanted.f_ffree);
	expect(status.f_blocks == wanted.f_blocks);
	expect(status.f_namelen == wanted.f_namemax);
	expect(statfs("/tmp/none", &status) == -1 && errno == ENOENT);
	expect(fstatfs(-1, &status) == -1 && errno == EBADF);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
