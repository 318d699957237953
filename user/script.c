/*
 * script.c - record a session: a program in a pseudo-terminal.
 *
 * The program sees a terminal, /dev/pts/N, and not a pipe: so the program
 * prompts, edits lines, and gets signals from keys. This program sits at the
 * far side, the master, in the place of screen and keyboard:
 *
 *	keyboard -> script -> master | terminal -> program
 *	screen   <- script <- master | terminal <- program
 *	file     <-
 *
 * The own terminal is raw meanwhile, so that each key reaches the other
 * terminal, where the key is echoed and has its meaning. The master does not
 * block: keys that find no room wait here, while the output goes on. Else both
 * sides could wait for each other.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <program.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char help[] =
	"script [-aq] [-c COMMAND] [FILE]\n"
	"Records what a shell, or the command, shows, in FILE (typescript).\n"
	"  -a  append to FILE\n"
	"  -c  run COMMAND in place of a shell\n"
	"  -q  print no messages\n";

#define END_OF_FILE	4		/* ctrl+D */

static int master, record;
static char keys[256];
static ssize_t key_count;		/* not yet written to the master */
static bool has_input = true;
static struct termios own_modes;
static bool is_terminal;

static void restore(void)
{
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &own_modes);
}

static void make_raw(void)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &own_modes) < 0)
		return;
	is_terminal = true;
	atexit(restore);
	modes = own_modes;
	cfmakeraw(&modes);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

static void copy_size(int number)
{
	struct winsize size;

	(void)number;
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(master, TIOCSWINSZ, &size);
}

static _Noreturn void run_program(const char *command)
{
	const char *shell = getenv("SHELL");

	if (!shell)
		shell = "/bin/sh";
	if (command)
		execl("/bin/sh", "sh", "-c", command, NULL);
	else
		execl(shell, shell, NULL);
	err(127, "%s", command ? "/bin/sh" : shell);
}

/* The end of the input is a key for the program. */
static void take_keys(void)
{
	key_count = read(STDIN_FILENO, keys, sizeof(keys));
	if (key_count > 0)
		return;
	has_input = false;
	keys[0] = END_OF_FILE;
	key_count = 1;
}

static void type_keys(void)
{
	ssize_t done = write(master, keys, key_count);

	if (done <= 0)
		return;
	key_count -= done;
	for (ssize_t i = 0; i < key_count; i++)
		keys[i] = keys[i + done];
}

/* False: the last program has closed the terminal. */
static bool show_output(void)
{
	char text[1024];
	ssize_t count = read(master, text, sizeof(text));

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (count <= 0)
		return false;
	write_all(STDOUT_FILENO, text, count);
	if (write_all(record, text, count) < 0)
		warn("the record");
	return true;
}

static void converse(void)
{
	bool goes_on = true;

	while (goes_on) {
		struct pollfd polls[] = {
			{ .fd = master, .events = POLLIN |
					(key_count > 0 ? POLLOUT : 0) },
			{ .fd = has_input && key_count == 0 ? STDIN_FILENO
							    : -1,
			  .events = POLLIN },
		};

		if (poll(polls, 2, -1) < 0)
			continue;		/* SIGWINCH */
		if (polls[0].revents & (POLLIN | POLLHUP))
			goes_on = show_output();
		if (polls[0].revents & POLLOUT)
			type_keys();
		if (polls[1].revents)
			take_keys();
	}
}

static int status_of(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	const char *command = NULL, *path = "typescript";
	int option, how = O_TRUNC, status;
	bool is_quiet = false;
	pid_t child;

	while ((option = getopt(argc, argv, "hac:q")) != -1)
		switch (option) {
		case 'a': how = O_APPEND; break;
		case 'c': command = optarg; break;
		case 'q': is_quiet = true; break;
		default: usage(option, help);
		}
	if (optind < argc)
		path = argv[optind];
	record = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
	if (record < 0)
		err(1, "%s", path);
	child = forkpty(&master, NULL, NULL, NULL);
	if (child < 0)
		err(1, "no terminal");
	if (child == 0)
		run_program(command);
	if (!is_quiet)
		printf("script: the record is %s\n", path);
	fflush(stdout);
	copy_size(0);
	signal(SIGWINCH, copy_size);
	make_raw();
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	converse();
	status = status_of(child);
	restore();
	if (!is_quiet)
		printf("script: the end, status %d\n", status);
	return status;
}
