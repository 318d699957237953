/*
 * substitute.c - $(command), `command` and $((arithmetic)).
 *
 * The command runs in a copy of the shell, with a pipe to this shell as output.
 * The text from the pipe, without the newlines at the end, takes the command's
 * place.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/sh/tree.h"

static void read_output(int fd, struct text *output)
{
	char buffer[512];
	ssize_t got, i;

	for (;;) {
		got = read(fd, buffer, sizeof(buffer));
		if (got < 0 && errno == EINTR && !interrupted(false))
			continue;
		if (got <= 0)
			break;
		for (i = 0; i < got; i++)	/* no word can hold a NUL */
			if (buffer[i])
				text_char(output, buffer[i]);
	}
	while (output->length && output->data[output->length - 1] == '\n')
		output->data[--output->length] = 0;
}

static void run_child(struct node *node, int *ends)
{
	close(ends[0]);
	move_fd(ends[1], STDOUT_FILENO);
	shell_exit(run_node(node, RUN_LAST));
}

/* Returns false if no process could be made. */
static bool capture(struct node *node, struct text *output)
{
	int ends[2], status;
	pid_t pid;

	if (pipe(ends)) {
		shell_warn("pipe: %s", strerror(errno));
		return false;
	}
	pid = fork_shell();
	if (pid == 0)
		run_child(node, ends);
	close(ends[1]);
	if (pid > 0)
		read_output(ends[0], output);
	close(ends[0]);
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	sh.substituted = wait_status(status);
	return true;
}

/* Run the commands of a parsed source and put the output into the field. */
static void substitute(struct expansion *e, struct node *node, int how)
{
	struct text output = { 0 };

	text_clear(&output);
	sh.substituted = 0;
	if (!node || capture(node, &output))
		field_value(e, output.data, how);
	else
		e->failed = true;
	text_free(&output);
}

/* The expression is expanded like text in double quotes, then computed. */
static const char *expand_arithmetic(struct expansion *e, const char *from,
	const char *close, int how)
{
	char *expression = expand_part(e, from, close, EXPAND_TEXT, HOW_QUOTED);
	char text[24];
	long long value;

	if (expression && !arithmetic(expression, &value))
		e->failed = true;
	if (!e->failed) {
		snprintf(text, sizeof(text), "%lld", value);
		field_value(e, text, how);
	}
	return close + 2;
}

/* Behind $( : returns the text after the closing parenthesis. */
const char *expand_command(struct expansion *e, const char *from,
	const char *end, int how)
{
	struct source source;
	struct arena *tree;
	struct node *node;

	if (from < end && *from == '(') {
		source_from_string(&source, from + 1, end - from - 1);
		if (skip_arithmetic(&source))
			return expand_arithmetic(e, from + 1,
				from + source.position - 1, how);
	}
	tree = tree_create();
	source_from_string(&source, from, end - from);
	if (parse_substitution(&source, tree, &node))
		substitute(e, node, how);
	else
		e->failed = true;
	tree_drop(tree);
	return e->failed ? end : from + source.position;
}

/* In `...` a backslash quotes $ ` and \ ; inside "`...`" also ". */
static char *backquoted(struct expansion *e, const char *from,
	const char *close, int how)
{
	const char *special = how & HOW_QUOTED ? "$`\\\"" : "$`\\";
	char *text = arena_alloc(e->arena, close - from + 1);
	char *to = text;

	for (; from < close; from++) {
		if (*from == '\\' && from + 1 < close &&
		    strchr(special, from[1]))
			from++;
		*to++ = *from;
	}
	return text;
}

/* A whole text of commands, with many lines: each line becomes an item. */
static bool parse_text(const char *text, struct arena *tree, struct node *list)
{
	struct node **tail = &list->items;
	struct source source;
	enum parse_result result;

	source_from_string(&source, text, strlen(text));
	for (;;) {
		result = parse_line(&source, tree, tail);
		if (*tail)
			tail = &(*tail)->next;
		if (result == PARSE_END || result == PARSE_ERROR)
			return result == PARSE_END;
	}
}

/* Behind a ` : returns the text after the closing `. */
const char *expand_backquotes(struct expansion *e, const char *from,
	const char *end, int how)
{
	struct node list = { .kind = NODE_LIST };
	struct arena *tree = tree_create();
	struct source source;
	const char *close;

	source_from_string(&source, from, end - from);
	close = skip_backquotes(&source) ? from + source.position - 1 : end;
	if (parse_text(backquoted(e, from, close, how), tree, &list))
		substitute(e, &list, how);
	else
		e->failed = true;
	tree_drop(tree);
	return close < end ? close + 1 : end;
}
