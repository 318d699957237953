/*
 * init.c - the first process, which every other one descends from.
 *
 * With run=COMMAND on the kernel's command line it runs that one command over
 * the host channel and ends the machine with its status. Otherwise it keeps a
 * shell on the console for ever.
 *
 * Processes whose parent ends become children of init, so it waits for
 * whatever ends. It never ends itself: what fails is said on the console, and
 * tried again.
 */
#include <errno.h>
#include <fcntl.h>
#include <parley.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define CONSOLE		"/dev/console"
#define HOST		"/dev/host"
#define SHELL		"/bin/sh"
#define CMDLINE_BYTES	4096
#define QUICK_MS	500	/* a shell that lasts less could not start */
#define QUICK_ENDS_MAX	5	/* then there is a pause between two tries */

static char *const environment[] = {
	"PATH=/bin", "HOME=/", "USER=root", "TERM=ansi", "SHELL=" SHELL, NULL,
};

static void say(const char *what, int error)
{
	fprintf(stderr, "init: %s: %s\n", what, strerror(error));
}

/* Open a device as standard input, output and error. */
static bool open_standard(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY);
	int i;

	if (fd < 0)
		return false;
	for (i = 0; i < 3; i++)
		if (fd != i)
			dup2(fd, i);
	if (fd > 2)
		close(fd);
	return true;
}

/*
 * The text behind run= in the kernel's command line, or NULL. A word stdin=none
 * before it says that the host has nothing to send.
 */
static char *find_command(bool *has_input)
{
	static char line[CMDLINE_BYTES];
	int fd = open("/proc/cmdline", O_RDONLY);
	ssize_t n = 0, got = 1;
	char *p;

	while (fd >= 0 && got > 0 && n < (ssize_t)sizeof(line) - 1) {
		got = read(fd, line + n, sizeof(line) - 1 - n);
		n += got > 0 ? got : 0;
	}
	if (fd >= 0)
		close(fd);
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = 0;
	for (p = line; (p = strstr(p, "run=")); p++) {
		if (p != line && p[-1] != ' ')
			continue;
		*p = 0;
		*has_input = !strstr(line, "stdin=none");
		return p + 4;
	}
	return NULL;
}

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Wait until pid ends; orphans that end meanwhile are collected too. */
static int wait_for(pid_t pid)
{
	int status;
	pid_t ended;

	for (;;) {
		ended = waitpid(-1, &status, 0);
		if (ended == pid && !WIFSTOPPED(status))
			return status_of(status);
		if (ended < 0 && errno != EINTR)
			return 127;
	}
}

/* Run one command line on the host channel and end the machine with it. */
static void run_command(char *command, bool has_input)
{
	char *const words[] = { "sh", "-c", command, NULL };
	int status = 127;
	pid_t pid;

	if (!open_standard(HOST))
		open_standard(CONSOLE);
	if (!has_input) {
		close(STDIN_FILENO);
		open("/dev/null", O_RDONLY);
	}
	pid = fork();
	if (pid == 0) {
		setsid();
		execve(SHELL, words, environment);
		say(SHELL, errno);
		_exit(127);
	}
	if (pid > 0)
		status = wait_for(pid);
	else
		say("fork", errno);
	poweroff(POWER_OFF, status);
}

/* In the child: a session of its own, with the console for its terminal. */
static void become_shell(void)
{
	char *const words[] = { "-sh", NULL };	/* - makes it a login shell */

	setsid();
	if (!open_standard(CONSOLE))
		_exit(126);
	ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	execve(SHELL, words, environment);
	say(SHELL, errno);
	_exit(127);
}

/* Make the terminal usable again, whatever the last session did to it. */
static void repair_terminal(const struct termios *modes)
{
	tcsetattr(STDIN_FILENO, TCSANOW, modes);
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Run shell after shell. One that ends at once, again and again, is broken. */
static void keep_shell(void)
{
	struct termios modes;
	bool have_modes;
	int quick_ends = 0, status;
	long long start;
	pid_t pid;

	open_standard(CONSOLE);
	have_modes = tcgetattr(STDIN_FILENO, &modes) == 0;
	printf("Welcome to Parley, a small kernel about processes that talk.\n"
		"Try: help, ls /bin, cat /README.md, seq 9 | sort -r\n");
	for (;;) {
		fflush(stdout);
		start = now_ms();
		pid = fork();
		if (pid == 0)
			become_shell();
		if (pid < 0)
			say("fork", errno);
		status = pid < 0 ? 1 : wait_for(pid);
		if (have_modes)
			repair_terminal(&modes);
		quick_ends = now_ms() - start < QUICK_MS ? quick_ends + 1 : 0;
		printf("init: the shell has ended with status %d; here is "
			"another\n", status);
		if (quick_ends >= QUICK_ENDS_MAX)
			sleep(1);
	}
}

/* The programs poweroff and reboot ask for it with these two signals. */
static void end_machine(int signal)
{
	poweroff(signal == SIGTERM ? POWER_REBOOT : POWER_OFF, 0);
}

int main(void)
{
	bool has_input;
	char *command = find_command(&has_input);

	signal(SIGUSR2, end_machine);
	signal(SIGTERM, end_machine);
	if (command)
		run_command(command, has_input);
	for (;;)
		keep_shell();
}
