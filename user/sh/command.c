/*
 * command.c - one simple command: a function, a builtin, or a program.
 *
 * The shell itself expands all words, so that ${x:=1} and $((n += 1)) last.
 * Only then the shell looks for a function, a builtin or a program of this
 * name. The child of a program makes the redirections and the assignments in
 * front.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/sh/tree.h"

#define CALLS_MAX 1000		/* nested functions: the stack is finite */

struct function {
	struct function *next;
	struct node *node;
};

static struct function *functions;

struct node *function_find(const char *name)
{
	struct function *f = functions;

	while (f && strcmp(f->node->name, name))
		f = f->next;
	return f ? f->node : NULL;
}

void function_unset(const char *name)
{
	struct function **link = &functions, *f;

	while (*link && strcmp((*link)->node->name, name))
		link = &(*link)->next;
	f = *link;
	if (!f)
		return;
	*link = f->next;
	tree_drop(f->node->tree);
	free(f);
}

void function_define(struct node *node)
{
	struct function *f = allocate(sizeof(*f));

	tree_hold(node->tree);
	function_unset(node->name);
	f->node = node;
	f->next = functions;
	functions = f;
}

/* Call a function with words as $0 $1 and so on; $0 stays the shell's. */
int run_function_body(struct node *function, int count, char **words)
{
	int old_count = sh.parameter_count, old_loops = sh.loops, status;
	char **old_parameters = sh.parameters;
	struct scope scope;

	if (sh.calls >= CALLS_MAX)
		return fatal(2, "%s: called too deeply", words[0]);
	sh.parameters = NULL;
	set_parameters(count - 1, words + 1);
	sh.calls++;
	sh.loops = 0;
	scope_enter(&scope);
	tree_hold(function->tree);	/* the body may redefine it */
	status = run_node(function->body, 0);
	tree_drop(function->tree);
	scope_leave(&scope);
	sh.loops = old_loops;
	sh.calls--;
	set_parameters(0, NULL);
	sh.parameters = old_parameters;
	sh.parameter_count = old_count;
	if (sh.unwind != UNWIND_RETURN)
		return status;
	sh.unwind = UNWIND_NONE;
	return sh.status;
}

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
		access(path, X_OK) == 0;
}

/* DIRECTORY/NAME for the directory at the start of *list; moves *list on. */
static void next_path(const char **list, const char *name, struct text *path)
{
	size_t length = strcspn(*list, ":");

	text_clear(path);
	text_add(path, *list, length);
	if (length)
		text_char(path, '/');
	text_add(path, name, strlen(name));
	*list += length;
	*list = **list ? *list + 1 : NULL;
}

/* Find a program: the path, which the caller frees, or NULL. */
char *find_program(const char *name)
{
	const char *list = variable_get("PATH");
	struct text path = { 0 };

	if (strchr(name, '/'))
		return is_program(name) ? copy_text(name) : NULL;
	while (list && *list && *name) {
		next_path(&list, name, &path);
		if (is_program(path.data))
			return path.data;
	}
	text_free(&path);
	return NULL;
}

/* The first bytes of a script, with a NUL behind. False: no script. */
static bool read_start(const char *path, char *start, size_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, start, bytes - 1);

	if (fd >= 0)
		close(fd);
	if (got <= 0 || memchr(start, 0, got))
		return false;
	start[got] = 0;
	return true;
}

/*
 * A file that the kernel cannot run is a script. The first line may name an
 * interpreter and one argument for the interpreter: #!/bin/program argument
 */
static void run_script(const char *path, char **words, char **environment)
{
	char start[128], *name = "/bin/sh", *argument = NULL, **list;
	size_t count = 0, n = 0;

	if (!read_start(path, start, sizeof(start))) {
		errno = ENOEXEC;
		return;
	}
	start[strcspn(start, "\n")] = 0;
	if (!strncmp(start, "#!", 2)) {
		name = strtok(start + 2, " \t");
		argument = strtok(NULL, " \t");
	}
	while (words[count])
		count++;
	list = allocate((count + 3) * sizeof(char *));
	list[n++] = name;
	if (argument)
		list[n++] = argument;
	list[n++] = (char *)path;
	memcpy(list + n, words + 1, count * sizeof(char *));
	if (name)
		execve(name, list, environment);
	free(list);
}

static void try_program(const char *path, char **words, char **environment)
{
	execve(path, words, environment);
	if (errno == ENOEXEC)
		run_script(path, words, environment);
}

static void __attribute__((noreturn)) fail_program(const char *name,
	int error)
{
	bool missing = error == ENOENT || error == ENOTDIR;

	if (missing && !strchr(name, '/'))
		shell_warn("%s: not found", name);
	else
		shell_warn("%s: %s", name, strerror(error));
	shell_exit(missing ? 127 : 126);
}

/* Become the program, or end: with 127 if no such program exists, with 126 if
   the program cannot start. */
void run_program(char **words)
{
	const char *list = variable_get("PATH");
	struct arena arena = { 0 };
	char **environment = variables_environment(&arena);
	struct text path = { 0 };
	int error = ENOENT;

	if (strchr(words[0], '/')) {
		try_program(words[0], words, environment);
		fail_program(words[0], errno);
	}
	while (list && *list && *words[0]) {
		next_path(&list, words[0], &path);
		try_program(path.data, words, environment);
		if (errno != ENOENT && errno != ENOTDIR)
			error = errno;
	}
	fail_program(words[0], error);
}

/* Make the assignments in front of a command, or standing alone. */
static int assign(struct word *word, struct arena *arena, bool temporary,
	bool exported)
{
	char *text, *value;

	for (; word; word = word->next) {
		text = expand_assignment(arena, word->text);
		if (!text)
			return -1;
		value = strchr(text, '=');
		*value++ = 0;
		if (options.xtrace)
			fprintf(stderr, "+ %s=%s\n", text, value);
		if (temporary)
			scope_save(text);
		if (variable_set(text, value))
			return -1;
		if (exported)
			variable_export(text);
	}
	return 0;
}

static void trace(char **words)
{
	fputc('+', stderr);
	for (; *words; words++)
		fprintf(stderr, " %s", *words);
	fputc('\n', stderr);
}

/* In the process that becomes the program. */
static void become(struct node *node, char **words, struct arena *arena)
{
	if (redirect_apply(node->redirects, arena, NULL))
		shell_exit(1);
	if (assign(node->assignments, arena, false, true))
		shell_exit(1);
	run_program(words);
}

static int start_program(struct node *node, char **words, struct arena *arena,
	int flags)
{
	struct job *job;

	if (flags & RUN_LAST && !sh.interactive && !exit_trap_set())
		become(node, words, arena);
	job = job_create(1, node->text ? node->text : words[0]);
	if (job_fork(job, true) == 0)
		become(node, words, arena);
	return job_foreground(job);
}

/* Drop output that could not be written: the next command must not print it. */
static void drop_output(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);

	if (null >= 0)
		move_fd(null, STDOUT_FILENO);
	fflush(stdout);
	if (copy >= 0)
		move_fd(copy, STDOUT_FILENO);
	clearerr(stdout);
}

/* A builtin's output must have arrived before the next command's. */
static int flush_output(const char *name, int status)
{
	int error;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	error = errno;
	drop_output();
	shell_warn("%s: write error: %s", name, strerror(error));
	return status ? status : 1;
}

static int run_builtin(const struct builtin *builtin, int count, char **words)
{
	return flush_output(words[0], builtin_run(builtin, count, words));
}

static int run_either(struct node *function, const struct builtin *builtin,
	int count, char **words)
{
	if (function)
		return run_function_body(function, count, words);
	return run_builtin(builtin, count, words);
}

/*
 * A function or builtin: in this process, then everything is put back. The
 * assignments in front of a special builtin stay, so POSIX has it.
 */
static int run_inside(struct node *node, int count, char **words,
	struct node *function, const struct builtin *builtin,
	struct arena *arena)
{
	int flags = function ? 0 : builtin->flags;
	bool special = flags & BUILTIN_SPECIAL;
	bool temporary = node->assignments && !special;
	struct saved_fd *saved = NULL;
	struct scope scope;
	int status = 1;

	if (temporary)
		scope_enter(&scope);
	if (!redirect_apply(node->redirects, arena, &saved) &&
	    !assign(node->assignments, arena, temporary, temporary))
		status = run_either(function, builtin, count, words);
	else if (special)
		status = fatal(2, NULL);
	if (temporary)
		scope_leave(&scope);
	redirect_restore(saved, flags & BUILTIN_KEEP);
	return status;
}

/* Redirections and assignments without a command. */
static int run_nothing(struct node *node, struct arena *arena)
{
	struct saved_fd *saved = NULL;
	int status = sh.substituted;

	if (redirect_apply(node->redirects, arena, &saved))
		status = 1;
	else if (assign(node->assignments, arena, false, false))
		status = fatal(2, NULL);
	else
		status = sh.substituted;
	redirect_restore(saved, false);
	return status;
}

int run_command(struct node *node, int flags)
{
	const struct builtin *builtin;
	struct arena arena = { 0 };
	struct node *function;
	char **words;
	int count, status;

	sh.line = node->line;
	sh.substituted = 0;
	words = expand_words(&arena, node->words, &count);
	if (!words) {
		status = fatal(2, NULL);
	} else if (!count) {
		status = run_nothing(node, &arena);
	} else {
		if (options.xtrace)
			trace(words);
		builtin = builtin_find(words[0]);
		function = builtin && builtin->flags & BUILTIN_SPECIAL
			? NULL : function_find(words[0]);
		if (function || builtin)
			status = run_inside(node, count, words, function,
				builtin, &arena);
		else
			status = start_program(node, words, &arena, flags);
	}
	arena_free(&arena);
	return status;
}

/* For `command` and the like: the words are expanded already. */
int run_words(char **words, int count, bool use_functions)
{
	struct node *function = use_functions ? function_find(words[0]) : NULL;
	const struct builtin *builtin = builtin_find(words[0]);
	struct node node = { .text = words[0] };
	struct arena arena = { 0 };
	int status;

	if (function || builtin)
		return run_either(function, builtin, count, words);
	status = start_program(&node, words, &arena, 0);
	arena_free(&arena);
	return status;
}
