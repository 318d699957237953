/*
 * wordexp.c - words, expanded as the shell expands them.
 *
 * The shell itself does the work, in a child: there is one text of the
 * expansions. The child prints each word with a byte of 0 behind. Before that,
 * check() refuses all text that is more than words for the shell: an operator
 * outside quotes, an open quote, and with WRDE_NOCMD each command. The check
 * takes what it does not understand for a command.
 */
#include <ctype.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

#include "libc/internal.h"

#define SHELL	"/bin/sh"
#define FORMAT	"%sprintf '%%s\\0' x %s"	/* `x`: at least one word */

struct text {
	const char *at;
	bool no_commands;
	char quote;		/* the open quote, or 0 */
	bool backtick;		/* inside `command` */
	int depth;		/* open brackets of $( and ${ */
};

/* The end of the sum behind "$((", or NULL if the shell could take the text for
   a command. */
static const char *end_of_sum(const char *c)
{
	int depth = 2;

	for (; depth > 0; c++) {
		if (!isalnum((unsigned char)*c) &&
		    (*c == '\0' || !strchr("_ \t$+-*/%<>=!&|^~?:,()", *c)))
			return NULL;
		if (c[0] == '$' && c[1] == '(' && c[2] != '(')
			return NULL;
		depth += (*c == '(') - (*c == ')');
		if (depth == 1 && c[1] != ')')
			return NULL;
	}
	return c;
}

/* A `$` or a backtick at text->at: the beginning or end of an expansion. */
static int check_expansion(struct text *text)
{
	const char *c = text->at;

	if (*c == '`') {
		text->backtick = !text->backtick;
		return text->no_commands ? WRDE_CMDSUB : 0;
	}
	if (c[1] == '(' && text->no_commands) {
		c = c[2] == '(' ? end_of_sum(c + 3) : NULL;
		if (!c)
			return WRDE_CMDSUB;
		text->at = c - 1;
		return 0;
	}
	if (c[1] == '(' || c[1] == '{') {
		text->depth++;
		text->at++;
	}
	return 0;
}

/* A character outside of single quotes and not behind a backslash. */
static int check_character(struct text *text)
{
	char c = *text->at;

	if (c == '$' || c == '`')
		return check_expansion(text);
	if (c == '"')
		text->quote = text->quote ? 0 : '"';
	else if (c == '\'' && !text->quote)
		text->quote = '\'';
	else if (text->depth > 0)
		text->depth += (c == '(' || c == '{') - (c == ')' || c == '}');
	else if (!text->quote && !text->backtick && strchr("|&;<>(){}\n", c))
		return WRDE_BADCHAR;
	return 0;
}

/* Is this no more than words? 0, or the error. */
static int check(const char *words, int flags)
{
	struct text text = { words, flags & WRDE_NOCMD, 0, false, 0 };

	for (; *text.at != '\0'; text.at++) {
		int error = 0;

		if (text.quote == '\'')
			text.quote = *text.at == '\'' ? 0 : '\'';
		else if (*text.at != '\\')
			error = check_character(&text);
		else if (*++text.at == '\0')
			return WRDE_SYNTAX;
		if (error)
			return error;
	}
	return text.quote || text.backtick || text.depth ? WRDE_SYNTAX : 0;
}

/* Start the shell with this script; the result reads its output. */
static FILE *start(const char *script, int flags, pid_t *pid)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], error;

	if (pipe(ends) < 0)
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	if (!(flags & WRDE_SHOWERR))
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null",
						 O_WRONLY, 0);
	error = posix_spawn(pid, SHELL, &actions, NULL,
			    (char **)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	__quiet_close(ends[1]);
	if (!error)
		return fdopen(ends[0], "r");
	__quiet_close(ends[0]);
	return NULL;
}

static int add(wordexp_t *result, char *word)
{
	size_t used = result->we_offs + result->we_wordc;
	char **larger = realloc(result->we_wordv, (used + 2) * sizeof(char *));

	if (!larger)
		return WRDE_NOSPACE;
	result->we_wordv = larger;
	larger[used] = word;
	larger[used + 1] = NULL;
	if (word)
		result->we_wordc++;
	return 0;
}

/* Take all words but the first, "x". */
static int take_words(FILE *output, wordexp_t *result)
{
	size_t size = 0, count = 0;
	char *word = NULL;

	for (; getdelim(&word, &size, '\0', output) > 0; count++) {
		if (count > 0 && add(result, word) == 0)
			word = NULL, size = 0;
		else if (count > 0)
			break;
	}
	free(word);
	return feof(output) ? 0 : WRDE_NOSPACE;
}

static int expand(const char *words, wordexp_t *result, int flags)
{
	const char *strict = flags & WRDE_UNDEF ? "set -u; " : "";
	char *script;
	FILE *output;
	int status = 0, error;
	pid_t pid;

	if (asprintf(&script, FORMAT, strict, words) < 0)
		return WRDE_NOSPACE;
	output = start(script, flags, &pid);
	free(script);
	if (!output)
		return WRDE_NOSPACE;
	error = take_words(output, result);
	fclose(output);
	waitpid(pid, &status, 0);
	if (status && !error)
		error = flags & WRDE_UNDEF ? WRDE_BADVAL : WRDE_SYNTAX;
	return error;
}

static void clear(wordexp_t *result, int flags)
{
	size_t offset = flags & WRDE_DOOFFS ? result->we_offs : 0;

	result->we_offs = offset;
	result->we_wordc = 0;
	result->we_wordv = calloc(offset + 1, sizeof(char *));
}

int wordexp(const char *restrict words, wordexp_t *restrict result, int flags)
{
	int error = check(words, flags);

	if (error)
		return error;
	if (flags & WRDE_REUSE)
		wordfree(result);
	if (!(flags & WRDE_APPEND))
		clear(result, flags);
	if (!result->we_wordv)
		return WRDE_NOSPACE;
	error = expand(words, result, flags);
	if (error && error != WRDE_NOSPACE && !(flags & WRDE_APPEND))
		wordfree(result);
	return error;
}

void wordfree(wordexp_t *result)
{
	for (size_t i = 0; i < result->we_wordc && result->we_wordv; i++)
		free(result->we_wordv[result->we_offs + i]);
	free(result->we_wordv);
	result->we_wordv = NULL;
	result->we_wordc = 0;
}
