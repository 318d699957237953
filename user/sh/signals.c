/*
 * signals.c - ctrl+C at the prompt, and trap.
 *
 * A handler only notes that its signal came. The notes are read between two
 * commands, where a trap can run safely.
 *
 * An interactive shell ignores the signals that would end or stop the shell.
 * SIGINT is caught: the shell leaves the running commands and goes back to the
 * prompt. Children get the default actions back, but signals ignored by a
 * script stay ignored in its children.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "user/sh/sh.h"

#define SIGNALS	32
#define ON_EXIT	0		/* trap's number for the end of the shell */

static const struct {
	int number;
	const char *name;
} names[] = {
	{ ON_EXIT, "EXIT" }, { SIGHUP, "HUP" }, { SIGINT, "INT" },
	{ SIGQUIT, "QUIT" }, { SIGILL, "ILL" }, { SIGTRAP, "TRAP" },
	{ SIGABRT, "ABRT" }, { SIGBUS, "BUS" }, { SIGFPE, "FPE" },
	{ SIGKILL, "KILL" }, { SIGUSR1, "USR1" }, { SIGSEGV, "SEGV" },
	{ SIGUSR2, "USR2" }, { SIGPIPE, "PIPE" }, { SIGALRM, "ALRM" },
	{ SIGTERM, "TERM" }, { SIGCHLD, "CHLD" }, { SIGCONT, "CONT" },
	{ SIGSTOP, "STOP" }, { SIGTSTP, "TSTP" }, { SIGTTIN, "TTIN" },
	{ SIGTTOU, "TTOU" }, { SIGURG, "URG" }, { SIGWINCH, "WINCH" },
	{ SIGSYS, "SYS" },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

/* Signals that must not end or stop an interactive shell. */
static const int ignored[] = {
	SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU,
};

#define IGNORED (sizeof(ignored) / sizeof(ignored[0]))

static char *traps[SIGNALS];	/* "" to ignore, NULL for the default */
static volatile sig_atomic_t came[SIGNALS];
static volatile sig_atomic_t any_came;
static volatile sig_atomic_t interrupt_came;

const char *signal_name(int number)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

/* By name, with or without SIG, or number; -1 if there is none. */
int signal_number(const char *name)
{
	long number;
	size_t i;

	if (read_number(name, &number))
		return number >= 0 && number < SIGNALS ? number : -1;
	if (!strncasecmp(name, "SIG", 3))
		name += 3;
	for (i = 0; i < NAMES; i++)
		if (!strcasecmp(names[i].name, name))
			return names[i].number;
	return -1;
}

static void handle(int number)
{
	came[number] = 1;
	any_came = 1;
	if (number == SIGINT && !traps[SIGINT])
		interrupt_came = 1;
}

static void set_action(int number, void (*action)(int))
{
	struct sigaction new;

	memset(&new, 0, sizeof(new));
	new.sa_handler = action;
	sigemptyset(&new.sa_mask);
	sigaction(number, &new, NULL);
}

/* The action of a signal without a trap in this shell. */
static void set_default(int number)
{
	size_t i;

	if (sh.interactive && number == SIGINT) {
		set_action(number, handle);
		return;
	}
	for (i = 0; sh.interactive && i < IGNORED; i++)
		if (ignored[i] == number) {
			set_action(number, SIG_IGN);
			return;
		}
	set_action(number, SIG_DFL);
}

void signals_init(void)
{
	size_t i;

	set_default(SIGINT);
	for (i = 0; i < IGNORED; i++)
		set_default(ignored[i]);
}

/* A child without job control must not share the keyboard with the shell. */
static void detach(void)
{
	int null = open("/dev/null", O_RDONLY);

	set_action(SIGINT, SIG_IGN);
	set_action(SIGQUIT, SIG_IGN);
	if (null > 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
}

/* In a child, before sh.interactive is cleared. */
void signals_child(bool background)
{
	size_t i;

	if (sh.interactive) {
		set_action(SIGINT, SIG_DFL);
		for (i = 0; i < IGNORED; i++)
			set_action(ignored[i], SIG_DFL);
	}
	for (i = 0; i < SIGNALS; i++) {
		if (!traps[i] || !*traps[i])
			continue;
		if (i != ON_EXIT)
			set_action(i, SIG_DFL);
		free(traps[i]);
		traps[i] = NULL;
	}
	any_came = interrupt_came = 0;
	if (background)
		detach();
}

/* Was there a ctrl+C, real or typed into the line editor? */
bool interrupted(bool forget)
{
	bool came_now = interrupt_came;

	if (forget)
		interrupt_came = 0;
	return came_now;
}

void interrupt(void)
{
	interrupt_came = 1;
}

/* A signal that came and has not been acted on, or 0. */
int signal_pending(void)
{
	int i = 1;

	if (interrupt_came)
		return SIGINT;
	if (!any_came)
		return 0;
	while (i < SIGNALS && !came[i])
		i++;
	return i < SIGNALS ? i : 0;
}

static void run_trap(int number)
{
	char *command = copy_text(traps[number]);	/* may change */
	int status = sh.status;

	run_string(command);
	free(command);
	if (!sh.unwind)
		sh.status = status;
}

/* Between two commands: act on new signals. */
void signals_run(void)
{
	int i;

	if (interrupt_came) {
		sh.unwind = UNWIND_ABORT;
		sh.status = 128 + SIGINT;
		return;
	}
	if (!any_came)
		return;
	any_came = 0;
	for (i = 1; i < SIGNALS; i++) {
		if (!came[i])
			continue;
		came[i] = 0;
		if (traps[i] && *traps[i])
			run_trap(i);
	}
}

bool exit_trap_set(void)
{
	return traps[ON_EXIT] && *traps[ON_EXIT];
}

void run_exit_trap(void)
{
	char *command = traps[ON_EXIT];

	traps[ON_EXIT] = NULL;
	if (command && *command) {
		sh.unwind = UNWIND_NONE;
		run_string(command);
	}
	free(command);
}

static void set_trap(int number, const char *command)
{
	free(traps[number]);
	traps[number] = command ? copy_text(command) : NULL;
	if (number == ON_EXIT)
		return;
	if (!command)
		set_default(number);
	else
		set_action(number, *command ? handle : SIG_IGN);
}

static int print_traps(void)
{
	int i;

	for (i = 0; i < SIGNALS; i++) {
		if (!traps[i])
			continue;
		printf("trap -- ");
		print_quoted(stdout, traps[i]);
		if (signal_name(i))
			printf(" %s\n", signal_name(i));
		else
			printf(" %d\n", i);
	}
	return 0;
}

/* trap 'command' SIGNAL..., trap - SIGNAL..., trap '' SIGNAL..., trap */
int builtin_trap(int count, char **words)
{
	int status = 0, number, i = 1;
	const char *command;
	long first;

	if (i < count && !strcmp(words[i], "--"))
		i++;
	if (i == count)
		return print_traps();
	command = words[i];
	if (read_number(command, &first))	/* trap 2: as trap - 2 */
		command = NULL;
	else
		i++;
	if (command && !strcmp(command, "-"))
		command = NULL;
	if (i == count)
		return bad_usage("trap");
	for (; i < count; i++) {
		number = signal_number(words[i]);
		if (number < 0 || number == SIGKILL || number == SIGSTOP) {
			shell_warn("trap: %s: bad signal", words[i]);
			status = 1;
			continue;
		}
		set_trap(number, command);
	}
	return status;
}
