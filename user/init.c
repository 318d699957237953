/*
 * init.c - the first process, the ancestor of all processes.
 *
 * With run=COMMAND on the kernel's command line, init runs this command over
 * the host channel and ends the machine with the command's status. Otherwise
 * init keeps a shell running on the console.
 *
 * Processes without a parent become children of init, so init waits for every
 * process. init never ends: init reports a failure on the console and tries
 * again.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <parley.h>
#include <program.h>
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
#define QUICK_MS	500	/* a shell that ends sooner could not start */
#define QUICK_ENDS_MAX	5	/* then there is a pause between two tries */

static const char help[] =
	"init\n"
	"The kernel starts it as process 1, the ancestor of all others.\n"
	"It cannot run a second time.\n";

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

/* The text behind run= in the kernel's command line, or NULL. */
static char *find_command(void)
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
	for (p = line; (p = strstr(p, "run=")); p++)
		if (p == line || p[-1] == ' ')
			return p + 4;
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

/* Has every other process ended within a second? */
static bool all_have_ended(void)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	pid_t ended;
	int i;

	for (i = 0; i < 100; i++) {
		while ((ended = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (ended < 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* End the other processes, and then the machine: so no process holds a file of
 * the disk without a name, and what a program still writes gets there. */
static void end_all(int how, int status)
{
	kill(-1, SIGTERM);
	kill(-1, SIGHUP);		/* shells heed this one */
	kill(-1, SIGCONT);
	if (!all_have_ended()) {
		kill(-1, SIGKILL);
		all_have_ended();
	}
	poweroff(how, status);
}

/* poweroff and reboot send these two signals. */
static void end_machine(int signal)
{
	end_all(signal == SIGTERM ? POWER_REBOOT : POWER_OFF, 0);
}

/* Run one command line on the host channel, then end the machine. */
static void run_command(char *command)
{
	char *const words[] = { "sh", "-c", command, NULL };
	int status = 127;
	pid_t pid;

	if (!open_standard(HOST))
		open_standard(CONSOLE);
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
	end_all(POWER_OFF, status);
}

/* In the child: a new session, with the console as terminal. */
static void become_shell(void)
{
	char *const words[] = { "-sh", NULL };	/* - for a login shell */

	setsid();
	if (!open_standard(CONSOLE))
		_exit(126);
	ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	execve(SHELL, words, environment);
	say(SHELL, errno);
	_exit(127);
}

/* Reset the terminal after the last session. */
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

/* Run shell after shell. A shell that ends soon, again and again, is broken. */
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


/* Typed in a shell: a second init would start a second login. */
static void refuse(int argc, char **argv)
{
	parse_no_options(argc, argv, help);
	errx(1, "process 1 runs this already; poweroff ends the machine");
}

int main(int argc, char **argv)
{
	char *command;

	if (getpid() != 1)
		refuse(argc, argv);
	command = find_command();
	signal(SIGUSR2, end_machine);
	signal(SIGTERM, end_machine);
	if (command)
		run_command(command);
	for (;;)
		keep_shell();
}
