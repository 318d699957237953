/*
 * builtin.c - the table of the builtin commands, and the short commands.
 *
 * Some commands must be builtin because they change the shell: cd, exit,
 * export. Others are builtin because scripts use them all the time: echo, test,
 * printf. `help` prints the table.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/sh/sh.h"

/* The whole text is a decimal number. */
bool read_number(const char *text, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	return *text && !*end && !errno && *text > ' ';
}

int bad_usage(const char *name)
{
	const struct builtin *builtin = builtin_find(name);

	shell_warn("usage: %s %s", name, builtin->usage);
	return 2;
}

static int builtin_true(int count, char **words)
{
	(void)count;
	(void)words;
	return 0;
}

static int builtin_false(int count, char **words)
{
	(void)count;
	(void)words;
	return 1;
}

static int builtin_eval(int count, char **words)
{
	struct text text = { 0 };
	int status, i;

	text_clear(&text);
	for (i = 1; i < count; i++) {
		if (i > 1)
			text_char(&text, ' ');
		text_add(&text, words[i], strlen(words[i]));
	}
	status = sh.calls > 900 ? fatal(2, "eval: nested too deeply") : 0;
	sh.calls++;
	if (!status)
		status = run_string(text.data);
	sh.calls--;
	text_free(&text);
	return status;
}

/* A name without a slash is looked for in PATH, then here. */
static int builtin_dot(int count, char **words)
{
	char *path;
	int status;

	if (count < 2)
		return bad_usage(".");
	path = find_program(words[1]);
	sh.calls++;
	status = sh.calls > 900 ? fatal(2, ".: nested too deeply")
		: run_file(path ? path : words[1]);
	sh.calls--;
	free(path);
	if (status < 0)
		return fatal(2, ".: %s: %s", words[1], strerror(errno));
	if (sh.unwind == UNWIND_RETURN)
		sh.unwind = UNWIND_NONE;
	return status;
}

/* The optional number behind break, continue, return, exit and shift. */
static bool number_argument(int count, char **words, long *value)
{
	if (count < 2)
		return true;
	if (count == 2 && read_number(words[1], value) && *value >= 0)
		return true;
	fatal(2, "%s: %s: not a number", words[0], words[1]);
	return false;
}

static int leave_loops(int count, char **words, enum unwind unwind)
{
	long levels = 1;

	if (!number_argument(count, words, &levels))
		return 2;
	if (!sh.loops)
		return 0;
	sh.unwind_levels = levels < 1 ? 1
		: levels > sh.loops ? sh.loops : levels;
	sh.unwind = unwind;
	return 0;
}

static int builtin_break(int count, char **words)
{
	return leave_loops(count, words, UNWIND_BREAK);
}

static int builtin_continue(int count, char **words)
{
	return leave_loops(count, words, UNWIND_CONTINUE);
}

static int builtin_return(int count, char **words)
{
	long status = sh.status;

	if (number_argument(count, words, &status) && !sh.unwind)
		sh.unwind = UNWIND_RETURN;
	return status & 0xff;
}

static int builtin_exit(int count, char **words)
{
	static bool warned;
	long status = sh.status;

	if (!number_argument(count, words, &status))
		return 2;
	if (sh.interactive && jobs_stopped() && !warned) {
		shell_warn("there are stopped jobs");
		warned = true;
		return 1;
	}
	shell_exit(status);
}

/* Without a command, the redirections stay in force. */
static int builtin_exec(int count, char **words)
{
	char *path;

	if (count < 2)
		return 0;
	path = find_program(words[1]);
	if (!path && sh.interactive) {
		shell_warn("exec: %s: not found", words[1]);
		return 127;
	}
	free(path);
	signals_child(false);
	run_program(words + 1);
}

/* Remember where we are and were, in PWD and OLDPWD. */
static int entered(const char *old, bool print)
{
	char path[PATH_MAX];

	if (old)
		variable_set("OLDPWD", old);
	if (!getcwd(path, sizeof(path)))
		return 0;
	variable_set("PWD", path);
	if (print)
		puts(path);
	return 0;
}

/* The environment may name a different place, or none. */
void directory_init(void)
{
	const char *known = variable_get("PWD");
	char path[PATH_MAX];

	if (getcwd(path, sizeof(path)) && (!known || strcmp(known, path) != 0))
		variable_set("PWD", path);
}

static int builtin_cd(int count, char **words)
{
	const char *to = count > 1 ? words[1] : variable_get("HOME");
	char old[PATH_MAX];
	bool back = count > 1 && !strcmp(words[1], "-");
	bool known;

	if (count > 2)
		return bad_usage("cd");
	if (back)
		to = variable_get("OLDPWD");
	if (!to) {
		shell_warn("cd: %s not set", back ? "OLDPWD" : "HOME");
		return 1;
	}
	known = getcwd(old, sizeof(old)) != NULL;
	if (chdir(to)) {
		shell_warn("cd: %s: %s", to, strerror(errno));
		return 1;
	}
	return entered(known ? old : NULL, back);
}

static int builtin_pwd(int count, char **words)
{
	char path[PATH_MAX];

	(void)words;
	if (count > 1)
		return bad_usage("pwd");
	if (!getcwd(path, sizeof(path))) {
		shell_warn("pwd: %s", strerror(errno));
		return 1;
	}
	puts(path);
	return 0;
}

static bool is_reserved(const char *name)
{
	static const char *const words[] = {
		"if", "then", "elif", "else", "fi", "while", "until", "do",
		"done", "for", "in", "case", "esac", "{", "}", "!",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], name))
			return true;
	return false;
}

static void print_kind(const char *name, const char *kind)
{
	if (kind)
		printf("%s is %s\n", name, kind);
	else
		puts(name);
}

/* Print how the shell would run a name; short: as `command -v` does. */
static int describe(const char *name, bool brief)
{
	const char *kind = NULL;
	char *path;

	if (is_reserved(name))
		kind = "a reserved word of the shell";
	else if (function_find(name))
		kind = "a function";
	else if (builtin_find(name))
		kind = "a command of the shell itself";
	if (kind) {
		print_kind(name, brief ? NULL : kind);
		return 0;
	}
	path = find_program(name);
	if (!path) {
		if (!brief)
			shell_warn("%s: not found", name);
		return 127;
	}
	print_kind(brief ? path : name, brief ? NULL : path);
	free(path);
	return 0;
}

static int builtin_type(int count, char **words)
{
	int status = 0, i;

	if (count < 2)
		return bad_usage("type");
	for (i = 1; i < count; i++)
		status |= describe(words[i], false);
	return status;
}

static int builtin_command(int count, char **words)
{
	if (count == 3 && !strcmp(words[1], "-v"))
		return describe(words[2], true);
	if (count == 3 && !strcmp(words[1], "-V"))
		return describe(words[2], false);
	if (count > 1 && (!strcmp(words[1], "-p") ||
	    !strcmp(words[1], "--"))) {
		words++;
		count--;
	}
	return count > 1 ? run_words(words + 1, count - 1, false) : 0;
}

static int builtin_help(int count, char **words)
{
	const struct builtin *b;
	char use[40];

	if (count > 2)
		return bad_usage("help");
	if (count == 1)
		puts("The shell does these itself; for programs see ls /bin, "
			"and NAME -h.");
	for (b = builtins; b->name; b++) {
		if (count > 1 && strcmp(b->name, words[1]))
			continue;
		snprintf(use, sizeof(use), "%s %s", b->name, b->usage);
		printf("  %-34s %s\n", use, b->help);
		if (count > 1)
			return 0;
	}
	if (count == 1)
		return 0;
	shell_warn("help: %s: not a command of the shell", words[1]);
	return 1;
}

#define SPECIAL BUILTIN_SPECIAL
#define PLAIN BUILTIN_PLAIN

const struct builtin builtins[] = {
	{ ".", builtin_dot, SPECIAL, "FILE", "run the commands in FILE" },
	{ ":", builtin_true, SPECIAL | PLAIN, "", "do nothing" },
	{ "[", builtin_test, PLAIN, "CONDITION ]", "the same as test" },
	{ "bg", builtin_bg, 0, "[%JOB]", "let a stopped job go on behind" },
	{ "break", builtin_break, SPECIAL, "[N]", "leave N loops" },
	{ "cd", builtin_cd, 0, "[FOLDER|-]", "go to a folder, or home" },
	{ "command", builtin_command, 0, "[-v] NAME ...",
		"run NAME though a function has that name" },
	{ "continue", builtin_continue, SPECIAL, "[N]", "next round" },
	{ "echo", builtin_echo, 0, "[-n] [WORD...]", "print words" },
	{ "eval", builtin_eval, SPECIAL, "WORD...", "run words as a command" },
	{ "exec", builtin_exec, SPECIAL | BUILTIN_KEEP, "[PROGRAM ...]",
		"become a program, or redirect the shell" },
	{ "exit", builtin_exit, SPECIAL, "[STATUS]", "end the shell" },
	{ "export", builtin_export, SPECIAL, "[-p] [NAME[=VALUE]...]",
		"hand variables to programs" },
	{ "false", builtin_false, 0, "", "fail" },
	{ "fg", builtin_fg, 0, "[%JOB]", "bring a job to the foreground" },
	{ "getopts", builtin_getopts, 0, "LETTERS NAME [WORD...]",
		"take the next option" },
	{ "help", builtin_help, 0, "[NAME]", "print this list" },
	{ "history", builtin_history, 0, "", "the lines that were typed" },
	{ "jobs", builtin_jobs, 0, "", "list what runs in the background" },
	{ "kill", builtin_kill, 0, "[-SIGNAL] PID|%JOB... | -l",
		"send a signal" },
	{ "local", builtin_local, 0, "NAME[=VALUE]...",
		"variables of this function only" },
	{ "printf", builtin_printf, 0, "FORMAT [WORD...]",
		"print with %s %d %x %c %b" },
	{ "pwd", builtin_pwd, 0, "", "print the current folder" },
	{ "read", builtin_read, 0, "[-r] [-p PROMPT] NAME...",
		"read a line into variables" },
	{ "readonly", builtin_readonly, SPECIAL, "[-p] [NAME[=VALUE]...]",
		"forbid to change variables" },
	{ "return", builtin_return, SPECIAL, "[STATUS]", "leave a function" },
	{ "set", builtin_set, SPECIAL, "[-efnuvx] [-o NAME] [WORD...]",
		"options, and $1 $2 ..." },
	{ "shift", builtin_shift, SPECIAL, "[N]", "drop $1, or N of them" },
	{ "test", builtin_test, PLAIN, "CONDITION", "is it true?" },
	{ "trap", builtin_trap, SPECIAL, "[COMMAND|-] SIGNAL...",
		"what to do at a signal or EXIT" },
	{ "true", builtin_true, 0, "", "succeed" },
	{ "type", builtin_type, 0, "NAME...", "what would NAME run?" },
	{ "umask", builtin_umask, 0, "[MODE]",
		"permissions that new files do not get" },
	{ "unset", builtin_unset, SPECIAL, "[-fv] NAME...",
		"remove variables or functions" },
	{ "wait", builtin_wait, 0, "[PID|%JOB...]",
		"wait for background jobs" },
	{ 0 },
};

const struct builtin *builtin_find(const char *name)
{
	const struct builtin *b = builtins;

	while (b->name && strcmp(b->name, name))
		b++;
	return b->name ? b : NULL;
}

/* Every program prints its usage on -h, and so do the builtin commands. */
int builtin_run(const struct builtin *b, int count, char **words)
{
	if (count != 2 || strcmp(words[1], "-h") || b->flags & PLAIN)
		return b->run(count, words);
	printf("usage: %s %s\n%s\n", b->name, b->usage, b->help);
	return 0;
}
