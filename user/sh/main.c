/*
 * main.c - the shell: its arguments, and the loop that reads and runs.
 *
 *	sh -c COMMAND [NAME [ARGUMENT...]]	run COMMAND
 *	sh FILE [ARGUMENT...]			run a script
 *	sh					read standard input
 *
 * An interactive shell has prompts, line editing and job control. The shell is
 * interactive with -i, or if the shell reads standard input, and standard input
 * and standard error are a terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/sh/sh.h"

extern char **environ;

struct shell sh = { .name = "sh" };
struct options options;

const struct option_name option_names[] = {
	{ 'e', "errexit", &options.errexit },
	{ 'f', "noglob", &options.noglob },
	{ 'm', "monitor", &options.monitor },
	{ 'n', "noexec", &options.noexec },
	{ 'u', "nounset", &options.nounset },
	{ 'v', "verbose", &options.verbose },
	{ 'x', "xtrace", &options.xtrace },
	{ 0, "pipefail", &options.pipefail },
	{ 0, NULL, NULL },
};

/* A message with the shell's name: in one write, so that lines stay whole. */
static void say(const char *format, va_list arguments)
{
	char text[512];
	size_t used;

	fflush(stdout);
	if (sh.number_lines)
		snprintf(text, sizeof(text), "%.100s: line %d: ", sh.name,
			sh.line);
	else
		snprintf(text, sizeof(text), "%.100s: ", sh.name);
	used = strlen(text);
	vsnprintf(text + used, sizeof(text) - used - 1, format, arguments);
	strcat(text, "\n");
	fputs(text, stderr);
}

void shell_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

/*
 * An error that ends a script; an interactive shell goes back to its prompt.
 * format may be NULL if the message was printed.
 */
int fatal(int status, const char *format, ...)
{
	va_list arguments;

	if (format) {
		va_start(arguments, format);
		say(format, arguments);
		va_end(arguments);
	}
	if (!sh.interactive)
		shell_exit(status);
	if (!sh.unwind)
		sh.status = status;
	sh.unwind = UNWIND_ABORT;
	return status;
}

void shell_exit(int status)
{
	sh.interactive = false;
	sh.status = status;
	run_exit_trap();	/* the trap can exit, with its own status */
	fflush(stdout);
	exit(status & 0xff);
}

/* Switch an option by letter, or by name. Returns -1 if there is none. */
int option_set(char letter, const char *name, bool value)
{
	const struct option_name *o = option_names;

	while (o->name && (name ? strcmp(o->name, name) : o->letter != letter))
		o++;
	if (!o->name)
		return -1;
	*o->value = value;
	return 0;
}

/* Make copies of count values $1, $2 and so on. */
void set_parameters(int count, char **values)
{
	char **list = count ? allocate(count * sizeof(char *)) : NULL;
	int i;

	for (i = 0; i < count; i++)
		list[i] = copy_text(values[i]);
	for (i = 0; sh.parameters && i < sh.parameter_count; i++)
		free(sh.parameters[i]);
	free(sh.parameters);
	sh.parameters = list;
	sh.parameter_count = count;
}

static enum parse_result run_line(struct source *source, bool last)
{
	struct arena *tree = tree_create();
	struct node *node;
	enum parse_result result = parse_line(source, tree, &node);

	if (result == PARSE_ERROR) {
		source_drop(source);
		fatal(2, NULL);
	}
	if (result == PARSE_OK)
		run_node(node, last && source_at_end(source) ? RUN_LAST : 0);
	tree_drop(tree);
	return result;
}

/*
 * Run all commands of a source; last: then the process ends. Returns the status
 * of the last command, 0 without a command.
 */
int run_source(struct source *source, bool last)
{
	enum parse_result result;
	int status = 0;

	do {
		result = run_line(source, last);
		if (result == PARSE_OK || sh.unwind)
			status = sh.status;
	} while (result != PARSE_END && !sh.unwind);
	return status;
}

int run_string(const char *text)
{
	struct source source;

	source_from_string(&source, text, strlen(text));
	return run_source(&source, false);
}

/* For the dot command. Returns -1 if the file cannot be opened. */
int run_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source source;
	int status;

	if (fd < 0)
		return -1;
	source_from_file(&source, move_high(fd), false);
	status = run_source(&source, false);
	source_close(&source);
	return status;
}

/* A typed line can fail without ending the shell. */
static void run_terminal(void)
{
	struct source source;
	enum parse_result result;
	bool warned = false, left;

	source_from_terminal(&source);
	for (;;) {
		result = run_line(&source, false);
		left = sh.unwind != UNWIND_NONE;
		if (interrupted(true)) {
			fputs("\n", stderr);	/* behind the ^C */
			sh.status = 128 + SIGINT;
			left = true;
		}
		sh.unwind = UNWIND_NONE;
		if (result != PARSE_END || left)
			continue;
		if (warned || !jobs_stopped())
			break;
		fputs("There are stopped jobs.\n", stderr);
		warned = true;
	}
	source_close(&source);
}

static int show_usage(int status)
{
	fputs("usage: sh [-efmnuvxi] [-o option] [file [argument...]]\n"
		"       sh -c command [name [argument...]]\n"
		"The help command lists what the shell does itself.\n",
		status ? stderr : stdout);
	return status;
}

static void open_script(struct source *source, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char start[64];
	ssize_t got = fd < 0 ? 0 : read(fd, start, sizeof(start));

	if (fd < 0 || got < 0) {
		shell_warn("%s: %s", path, strerror(errno));
		exit(errno == ENOENT ? 127 : 126);
	}
	if (memchr(start, 0, got)) {
		shell_warn("%s: is a binary file, not a script", path);
		exit(126);
	}
	lseek(fd, 0, SEEK_SET);
	source_from_file(source, move_high(fd), false);
}

/* The arguments of the command line. */
struct request {
	bool command;		/* -c */
	bool interactive;	/* -i */
	bool standard_input;	/* -s */
	int next;		/* the first argument after the options */
};

/* The letters of one argument. Returns false for an unknown letter. */
static bool parse_letters(char **argv, int *i, struct request *request)
{
	bool value = *argv[*i] == '-';
	char *p = argv[*i] + 1;

	for (; *p; p++) {
		if (*p == 'h')
			exit(show_usage(0));
		else if (*p == 'c')
			request->command = true;
		else if (*p == 'i')
			request->interactive = true;
		else if (*p == 's')
			request->standard_input = true;
		else if (*p == 'o' && argv[*i + 1])
			return !option_set(0, argv[++*i], value) && !p[1];
		else if (*p != 'l' && option_set(*p, NULL, value))
			return false;
	}
	return true;
}

static bool is_option(const char *argument)
{
	return (*argument == '-' || *argument == '+') && argument[1];
}

static bool parse_options(int argc, char **argv, struct request *request)
{
	int i;

	for (i = 1; i < argc && is_option(argv[i]); i++) {
		if (!strcmp(argv[i], "--")) {
			i++;
			break;
		}
		if (!parse_letters(argv, &i, request))
			return false;
	}
	request->next = i;
	return i < argc || !request->command;
}

static void run_interactive(bool login)
{
	sh.interactive = true;
	signals_init();
	terminal_init();
	if (login)
		run_file("/etc/profile");
	sh.unwind = UNWIND_NONE;
	run_terminal();
	fputs("\n", stderr);
}

static void run_command_argument(int argc, char **argv, int next)
{
	struct source source;

	if (next + 1 < argc) {
		sh.name = argv[next + 1];
		set_parameters(argc - next - 2, argv + next + 2);
	}
	source_from_string(&source, argv[next], strlen(argv[next]));
	run_source(&source, true);
}

static void run_script_argument(int argc, char **argv, int next)
{
	struct source source;

	open_script(&source, argv[next]);
	sh.name = argv[next];
	sh.number_lines = true;
	set_parameters(argc - next - 1, argv + next + 1);
	run_source(&source, false);
}

int main(int argc, char **argv)
{
	struct request request = { 0 };
	struct source source;

	if (!parse_options(argc, argv, &request))
		return show_usage(2);
	sh.pid = getpid();
	variables_import(environ);
	directory_init();
	if (request.command) {
		run_command_argument(argc, argv, request.next);
	} else if (request.next < argc && !request.standard_input) {
		run_script_argument(argc, argv, request.next);
	} else {
		set_parameters(argc - request.next, argv + request.next);
		if (request.interactive ||
		    (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))) {
			run_interactive(argv[0][0] == '-');
		} else {
			sh.number_lines = true;
			source_from_file(&source, STDIN_FILENO, true);
			run_source(&source, false);
		}
	}
	shell_exit(sh.status);
}
