/*
 * proc_process.c - /proc/PID and /proc/self: each name tells of the right
 * process, goes with it, and shows a stranger no secret.
 */
#include <dirent.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define OWNER		1001
#define STRANGER	1002

static char text[65536];

static const char *path_of(pid_t pid, const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return path;
}

/* What stands behind "Name:" and a tab in the status. */
static const char *fact(pid_t pid, const char *name)
{
	static char value[64];
	char key[32], *at;

	require(read_text(path_of(pid, "status"), text, sizeof(text)));
	snprintf(key, sizeof(key), "\n%s:\t", name);
	at = strstr(text, key);
	require(at != NULL);
	at += strlen(key);
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\n"), at);
	return value;
}

static int sleep_long(void)
{
	for (;;)
		pause();
	return 0;
}

static int has_name(const char *directory, const char *name)
{
	DIR *open = opendir(directory);
	struct dirent *entry;
	int found = 0;

	require(open != NULL);
	while ((entry = readdir(open)) != NULL)
		found += strcmp(entry->d_name, name) == 0;
	closedir(open);
	return found;
}

CASE(self_is_the_process_that_asks)
{
	char target[32] = "", name[32];
	pid_t pid = fork_or_fail();

	if (pid)
		exit(result_of(pid));
	require(readlink("/proc/self", target, sizeof(target) - 1) > 0);
	expect(atoi(target) == getpid());
	snprintf(name, sizeof(name), "%d", (int)getpid());
	expect(has_name("/proc", name) == 1);
	expect(has_name("/proc", "self") == 1);
	expect(atoi(fact(getpid(), "PPid")) == (int)getppid());
}

CASE(status_of_a_zombie_lies)
{
	int fds[2];
	pid_t pid;

	require(pipe(fds) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		close(fds[1]);
		_exit(read(fds[0], fds, 1) != 0);
	}
	close(fds[0]);
	until_asleep(pid);
	expect(fact(pid, "State")[0] == 'S');
	expect(atoi(fact(pid, "Threads")) == 1);
	kill(pid, SIGSTOP);
	require(waitpid(pid, NULL, WUNTRACED) == pid);
	expect(fact(pid, "State")[0] == 'T');
	kill(pid, SIGCONT);
	close(fds[1]);
	siginfo_t info;
	require(waitid(P_PID, pid, &info, WEXITED | WNOWAIT) == 0);
	expect(fact(pid, "State")[0] == 'Z');
	expect(waitpid(pid, NULL, 0) == pid);
	expect(access(path_of(pid, "status"), F_OK) < 0 && errno == ENOENT);
}

/* A directory that is open stays, without names. */
CASE(name_of_an_ended_process_stays)
{
	pid_t pid = start(sleep_long);
	DIR *old = opendir(path_of(pid, ""));
	char name[32];
	int directory;

	require(old != NULL);
	directory = dirfd(old);
	expect(faccessat(directory, "status", R_OK, 0) == 0);
	kill_and_wait(pid);
	expect(openat(directory, "status", O_RDONLY) < 0);
	expect(errno == ENOENT || errno == ESRCH);
	errno = 0;
	expect(readdir(old) == NULL);
	closedir(old);
	snprintf(name, sizeof(name), "%d", (int)pid);
	expect(has_name("/proc", name) == 0);
}

CASE(arguments_are_those_of_the_program_before)
{
	const char *self = "/proc/self/cmdline";
	int fds[2];
	pid_t pid;

	require(pipe(fds) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		dup2(fds[1], 1);
		execlp("cat", "cat", "--", self, (char *)NULL);
		_exit(1);
	}
	close(fds[1]);
	memset(text, 0, sizeof(text));
	expect(read(fds[0], text, sizeof(text)) == 7 + 19);
	expect(memcmp(text, "cat\0--\0/proc/self/cmdline", 7 + 19) == 0);
	expect(result_of(pid) == 0);
}

/* Three pages, each with a new right. */
CASE(region_is_missing_in_the_maps)
{
	char line[64];
	char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	require(pages != MAP_FAILED);
	require(mprotect(pages + 4096, 4096, PROT_NONE) == 0);
	require(read_text("/proc/self/maps", text, sizeof(text)));
	snprintf(line, sizeof(line), "%08lx-%08lx ---p 00000000",
		 (unsigned long)pages + 4096, (unsigned long)pages + 8192);
	expect(strstr(text, line) != NULL);
	expect(strstr(text, " r-xp ") != NULL);
	expect(strstr(text, "[stack]") != NULL);
	munmap(pages, 3 * 4096);
}

CASE(link_of_a_descriptor_is_stale)
{
	char target[256] = "";
	struct stat status;
	char name[40];
	const int fd = 30;

	require(dup2(open("/tmp/proc_process", O_RDWR | O_CREAT, 0600), fd) ==
		fd);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	require(readlink(name, target, sizeof(target) - 1) > 0);
	expect(strcmp(target, "/tmp/proc_process") == 0);
	require(lstat(name, &status) == 0);
	expect(S_ISLNK(status.st_mode));
	close(fd);
	expect(lstat(name, &status) < 0 && errno == ENOENT);
	expect(readlink(name, target, sizeof(target)) < 0 && errno == ENOENT);
	expect(has_name("/proc/self/fd", strrchr(name, '/') + 1) == 0);
	unlink("/tmp/proc_process");
}

CASE(descriptor_is_not_listed)
{
	char name[16];

	require(dup2(0, 7) == 7 && dup2(0, 19) == 19);
	for (int fd = 0; fd < 25; fd++) {
		snprintf(name, sizeof(name), "%d", fd);
		if (fd < 3 || fd > 6)
			expect(has_name("/proc/self/fd", name) ==
			       (fcntl(fd, F_GETFD) >= 0));
	}
}

/* linux: the user "nobody" may be in a container without further users. */
static int become(uid_t user)
{
	return setgid(user) == 0 && setuid(user) == 0;
}

static int is_hidden(const char *path)
{
	return open(path, O_RDONLY) < 0 && (errno == EACCES || errno == EPERM);
}

static int look_as_stranger(pid_t pid)
{
	if (!become(STRANGER))
		return 2;
	if (!is_hidden(path_of(pid, "maps")) || !is_hidden(path_of(pid, "fd")))
		return 1;
	return !(read_text(path_of(pid, "status"), text, sizeof(text)) &&
		 read_text(path_of(pid, "cmdline"), text, sizeof(text)));
}

static int look_as(pid_t pid, int (*look)(pid_t))
{
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(look(pid));
	return result_of(child);
}

static int sleep_as_owner(void)
{
	return become(OWNER) ? sleep_long() : 1;
}

CASE(stranger_sees_memory_or_descriptors)
{
	pid_t pid;

	if (getuid() != 0)
		return;
	pid = start(sleep_as_owner);
	until_asleep(pid);
	expect(look_as(pid, look_as_stranger) == 0);
	expect(atoi(fact(pid, "Uid")) == OWNER);
	kill_and_wait(pid);
}

/* Names made before setuid() must not keep the old owner. */
CASE(names_keep_the_owner_of_before)
{
	pid_t pid = getpid();
	int fds[2], byte;

	if (getuid() != 0)
		return;
	require(pipe(fds) == 0);
	require(access(path_of(pid, "maps"), R_OK) == 0);
	pid = fork_or_fail();
	if (pid == 0) {
		require(seteuid(STRANGER) == 0);
		require(access(path_of(getpid(), "status"), R_OK) == 0);
		require(write(fds[1], "x", 1) == 1);
		sleep_long();
	}
	require(read(fds[0], &byte, 1) == 1);
	/* It may become root again: it belongs to root. */
	expect(look_as(pid, look_as_stranger) == 0);
	kill_and_wait(pid);
}

/* The names of a process that has become a different user are this user's. */
CASE(names_of_before_setresuid_stay)
{
	pid_t pid;

	if (getuid() != 0)
		return;
	pid = fork_or_fail();
	if (pid == 0) {
		require(access(path_of(getpid(), "maps"), R_OK) == 0);
		require(setresuid(STRANGER, STRANGER, STRANGER) == 0);
		expect(access(path_of(getpid(), "maps"), R_OK) == 0);
		_exit(case_failed);
	}
	expect(result_of(pid) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
