/*
 * hostile_devices.c - a user without rights at the terminal, the host channel,
 * the other devices and the files of /proc.
 *
 * linux: no
 */
#include <dirent.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>

#include "tests/user/hostile.h"

#define CONSOLE	"/dev/console"

/* ---- Devices and files of /proc ------------------------------------------ */

/* The mode of each file: a new file is noticed here. */
static const struct {
	const char *path;
	mode_t mode;
} files[] = {
	{ CONSOLE, 0600 }, { "/dev/host", 0600 }, { "/dev/tty", 0666 },
	{ "/dev/null", 0666 }, { "/dev/zero", 0666 }, { "/dev/full", 0666 },
	{ "/dev/random", 0666 }, { "/dev/urandom", 0666 },
	{ "/dev/ptmx", 0666 }, { "/dev/pts", 0755 }, { "/dev/fd", 0755 },
	{ "/dev/stdin", 0666 }, { "/dev/stdout", 0666 },
	{ "/dev/stderr", 0666 }, { "/dev/shm", 01777 },
	{ "/proc/trace", 0400 },
};

static mode_t wanted_mode(const char *path)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].path, path) == 0)
			return files[i].mode;
	if (strcmp(path, "/proc/self") == 0 || atoi(path + 6) > 0)
		return 0555;		/* of a process */
	return strncmp(path, "/proc/", 6) == 0 ? 0444 : 0;
}

static void each_file(const char *folder, void (*look)(const char *path))
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	char path[300];

	require(directory);
	while ((entry = readdir(directory)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			look(path);
	}
	closedir(directory);
}

static void look_at_owner(const char *path)
{
	struct stat status;

	require(stat(path, &status) == 0);
	if (!expect(status.st_uid == 0 && status.st_gid == 0) ||
	    !expect((status.st_mode & 07777) == wanted_mode(path)))
		printf("# %s: mode %o\n", path, (int)status.st_mode & 07777);
}

CASE(devices_and_proc_belong_to_root_with_the_modes_of_the_table)
{
	each_file("/dev", look_at_owner);
	each_file("/proc", look_at_owner);
}

/* Of a process of root: only what every user may read. */
static void look_into_process(const char *path)
{
	char name[320];
	struct stat status;

	if (stat(path, &status) != 0 || status.st_uid != 0)
		return;
	snprintf(name, sizeof(name), "%s/maps", path);
	expect_error(open(name, O_RDONLY), EACCES);
	snprintf(name, sizeof(name), "%s/fd", path);
	expect_error(open(name, O_RDONLY), EACCES);
	snprintf(name, sizeof(name), "%s/fd/0", path);
	expect_error(open(name, O_RDONLY), EACCES);
}

/* Look for a number that could be an address of the kernel. */
static void look_for_addresses(const char *path)
{
	static char text[65536];
	char *at = text;

	if (wanted_mode(path) == 0555) {
		look_into_process(path);
		return;
	}
	if (wanted_mode(path) != 0444) {
		expect_error(open(path, O_RDONLY), EACCES);
		return;
	}
	expect_error(open(path, O_WRONLY), EACCES);
	expect(read_text(path, text, sizeof(text)));
	while ((at = strstr(at, "0x")) != NULL) {
		if (strtoul(at, &at, 16) < 0xc0000000ul)
			continue;
		expect(!"an address of the kernel");
		printf("# %s: %.60s\n", path, at - 10);
	}
}

static int read_proc(void)
{
	each_file("/proc", look_for_addresses);
	return case_failed;
}

CASE(a_user_finds_no_address_of_the_kernel_in_proc)
{
	attack_beside_root(read_proc);
}

/* ---- The terminal -------------------------------------------------------- */

static int open_devices(void)
{
	struct termios modes;

	setsid();
	expect_error(open(CONSOLE, O_RDWR | O_NONBLOCK | O_NOCTTY), EACCES);
	expect_error(open(CONSOLE, O_RDONLY | O_NOCTTY), EACCES);
	expect_error(open(CONSOLE, O_WRONLY | O_NOCTTY), EACCES);
	expect_error(open("/dev/host", O_RDWR), EACCES);
	expect_error(open("/dev/tty", O_RDWR), ENXIO);
	expect_error(chmod(CONSOLE, 0666), EPERM);
	expect_error(chown(CONSOLE, ATTACKER, ATTACKER), EPERM);
	expect_error(tcgetattr(STDOUT_FILENO, &modes), ENOTTY);
	return case_failed;
}

CASE(a_user_opens_neither_console_nor_host_channel)
{
	attack_beside_root(open_devices);
}

static int console;

/* With a descriptor that root has opened and forgotten to close. */
static int use_inherited_console(void)
{
	struct winsize size = { .ws_row = 1, .ws_col = 1 };
	struct termios modes;
	pid_t group;
	char key;

	setsid();
	expect(tcgetattr(console, &modes) == 0);
	modes.c_cc[VINTR] = 'x';
	expect_error(tcsetattr(console, TCSANOW, &modes), EIO);
	expect_error(tcsetattr(console, TCSAFLUSH, &modes), EIO);
	expect_error(ioctl(console, TIOCSWINSZ, &size), EIO);
	expect_error(read(console, &key, 1), EIO);
	expect_error(ioctl(console, TIOCSCTTY, 0), EPERM);
	expect_error(tcgetpgrp(console), ENOTTY);
	group = getpid();
	expect_error(ioctl(console, TIOCSPGRP, &group), ENOTTY);
	return case_failed;
}

CASE(an_inherited_console_gives_no_keys_and_changes_no_modes)
{
	struct termios before, after;

	console = open(CONSOLE, O_RDWR | O_NONBLOCK | O_NOCTTY);
	require(console >= 0 && tcgetattr(console, &before) == 0);
	attack_beside_root(use_inherited_console);
	require(tcgetattr(console, &after) == 0);
	expect(memcmp(&before, &after, sizeof(before)) == 0);
}

/* Root's session ends; a program of the session stays and ignores signals. */
static int stay_behind(void)
{
	struct termios modes;
	char key;

	while (getppid() != 1)
		case_pause();
	expect(tcgetattr(console, &modes) == 0);
	modes.c_cc[VINTR] = 'x';
	expect_error(tcsetattr(console, TCSANOW, &modes), EIO);
	expect_error(read(console, &key, 1), EIO);
	expect_error(write(console, "", 1), EIO);
	expect_error(tcsetpgrp(console, getpgrp()), ENOTTY);
	return case_failed;
}

CASE(a_program_of_the_last_session_cannot_use_the_terminal)
{
	int fds[2];
	char result = 1;
	pid_t leader;

	console = open(CONSOLE, O_RDWR | O_NONBLOCK | O_NOCTTY);
	require(console >= 0 && pipe(fds) == 0);
	leader = fork_or_fail();
	if (leader == 0) {
		setsid();
		require(ioctl(console, TIOCSCTTY, 0) == 0);
		signal(SIGHUP, SIG_IGN);
		signal(SIGTTOU, SIG_IGN);
		signal(SIGTTIN, SIG_IGN);
		if (fork_or_fail() == 0) {
			become_attacker();
			result = stay_behind();
			write(fds[1], &result, 1);
			_exit(0);
		}
		_exit(0);
	}
	close(fds[1]);
	expect(result_of(leader) == 0);
	expect(read(fds[0], &result, 1) == 1 && result == 0);
}

/* ---- Processes ----------------------------------------------------------- */

#pragma weak pidfd_open
int pidfd_open(pid_t pid, unsigned flags);

static int watch_processes(void)
{
	pid_t child = fork_or_fail();
	int fd;

	if (child == 0) {
		pause();
		_exit(0);
	}
	fd = pidfd_open(child, 0);
	expect(fd >= 0);
	expect_error(pidfd_open(1, 0), EPERM);
	expect_error(pidfd_open(getppid(), 0), EPERM);
	expect(kill_and_wait(child) == -SIGKILL);
	return case_failed;
}

CASE(a_user_watches_own_processes_only)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		become_attacker();
		pause();
	}
	expect(pidfd_open(child, 0) >= 0);
	attack_beside_root(watch_processes);
	kill_and_wait(child);
}

/* The name of a descriptor gives no more than the descriptor. */
static int open_by_number(void)
{
	int fds[2], fd;

	require(pipe(fds) == 0 && fds[1] < 20);
	expect(dup2(fds[0], 18) == 18 && dup2(fds[1], 19) == 19);
	expect_error(open("/dev/fd/18", O_WRONLY), EACCES);
	expect_error(open("/dev/fd/18", O_RDWR), EACCES);
	expect_error(open("/dev/fd/19", O_RDONLY), EACCES);
	expect_error(open("/dev/fd/20", O_RDONLY), ENOENT);
	expect(open("/dev/fd/21", O_RDWR | O_CREAT, 0600) < 0);
	expect(unlink("/dev/fd/1") < 0 && unlink("/dev/stdin") < 0);
	while ((fd = open("/dev/fd/18", O_RDONLY)) >= 0)
		;
	expect(errno == EMFILE);
	return case_failed;
}

CASE(name_of_a_descriptor_gives_rights)
{
	pid_t attacker = fork_or_fail();

	if (attacker == 0) {
		require(setgid(4321) == 0 && setuid(4321) == 0);
		_exit(open_by_number());
	}
	expect(result_of(attacker) == 0);
}

/* The names of processes that outlive a case stay: no leak. */
static void look_up(const char *path)
{
	char name[320];

	snprintf(name, sizeof(name), "%s/maps", path);
	access(name, F_OK);
	snprintf(name, sizeof(name), "%s/fd", path);
	access(name, F_OK);
}

int main(int argc, char **argv)
{
	each_file("/proc", look_up);
	return run_cases(argc, argv);
}
