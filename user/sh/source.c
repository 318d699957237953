/*
 * source.c - where commands come from: a string, a script, a terminal.
 *
 * A source has its text in an array. The array grows by a line whenever the
 * lexer looks past the end. So the lexer can go back by setting `position`, and
 * a token is a slice of the array. After each command the used text is
 * forgotten.
 *
 * When commands come on standard input, the programs started by them read the
 * same input. So the shell must not take a byte behind the line, and reads byte
 * by byte. A script has a descriptor of its own and is read in blocks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "user/sh/sh.h"

#define BLOCK_BYTES 1024

/* The caller keeps text alive; the source never changes text. */
void source_from_string(struct source *source, const char *text, size_t n)
{
	*source = (struct source){
		.text = (char *)text, .length = n, .line = 1, .fd = -1,
	};
}

static ssize_t read_again(int fd, char *buffer, size_t bytes)
{
	ssize_t got;

	do {
		got = read(fd, buffer, bytes);
	} while (got < 0 && errno == EINTR && !interrupted(false));
	return got;
}

static int read_shared(struct source *source)
{
	char c;

	return read_again(source->fd, &c, 1) == 1 ? (unsigned char)c
		: SOURCE_END;
}

static int read_block(struct source *source)
{
	ssize_t got;

	if (source->block_position == source->block_length) {
		got = read_again(source->fd, source->block, BLOCK_BYTES);
		if (got <= 0)
			return SOURCE_END;
		source->block_length = got;
		source->block_position = 0;
	}
	return (unsigned char)source->block[source->block_position++];
}

static void adopt(struct source *source)
{
	source->text = source->buffer.data;
	source->length = source->buffer.length;
}

static bool more_from_file(struct source *source)
{
	size_t before = source->buffer.length;
	int c;

	do {
		c = source->block ? read_block(source) : read_shared(source);
		if (c != SOURCE_END)
			text_char(&source->buffer, c);
	} while (c != SOURCE_END && c != '\n');
	if (source->buffer.length == before)
		return false;
	adopt(source);
	if (options.verbose)
		fputs(source->text + before, stderr);
	return true;
}

/* shared: other programs read from fd too, so take nothing behind the line. */
void source_from_file(struct source *source, int fd, bool shared)
{
	*source = (struct source){
		.line = 1, .fd = fd, .more = more_from_file,
	};
	if (!shared)
		source->block = allocate(BLOCK_BYTES);
}

/* Without PS1: a machine with a name of its own shows the name. */
static const char *first_prompt(void)
{
	static char prompt[sizeof(((struct utsname *)NULL)->nodename) + 2];
	struct utsname system;

	if (uname(&system) != 0 || strcmp(system.nodename, "parley") == 0)
		return "$ ";
	snprintf(prompt, sizeof(prompt), "%s$ ", system.nodename);
	return prompt;
}

/* PS1 and PS2 may hold $PWD and the like; a faulty text is shown unchanged. */
static void add_prompt(struct text *prompt, bool continued)
{
	const char *value = variable_get(continued ? "PS2" : "PS1");
	struct arena arena = { 0 };
	char *expanded;
	int status = sh.status;

	text_clear(prompt);
	if (!value)
		value = continued ? "> " : first_prompt();
	expanded = strpbrk(value, "$`\\") ? expand_here(&arena, value) : NULL;
	if (expanded)
		value = expanded;
	text_add(prompt, value, strlen(value));
	arena_free(&arena);
	sh.status = status;
}

static bool type_plain(struct source *source, const char *prompt)
{
	if (write(STDERR_FILENO, prompt, strlen(prompt)) < 0)
		return false;
	return more_from_file(source);
}

static bool more_from_terminal(struct source *source)
{
	struct text prompt = { 0 }, line = { 0 };
	enum edit_result result;
	bool got = false;

	if (!source->continued)
		jobs_report();
	add_prompt(&prompt, source->continued);
	result = edit_line(prompt.data, &line);
	if (result == EDIT_INTERRUPT)
		interrupt();
	if (result == EDIT_UNABLE)
		got = type_plain(source, prompt.data);
	if (result == EDIT_LINE) {
		history_add(line.data);
		text_add(&source->buffer, line.data, line.length);
		text_char(&source->buffer, '\n');
		adopt(source);
		got = true;
	}
	text_free(&prompt);
	text_free(&line);
	return got;
}

void source_from_terminal(struct source *source)
{
	*source = (struct source){
		.line = 1, .fd = STDIN_FILENO, .more = more_from_terminal,
	};
}

void source_close(struct source *source)
{
	text_free(&source->buffer);
	free(source->block);
	if (source->fd > STDERR_FILENO)
		close(source->fd);
}

/* Drop the text before position, before the next command is read. */
void source_forget(struct source *source)
{
	source->continued = false;
	source->failed = false;
	source->ended = false;
	if (!source->more || !source->position)
		return;
	text_remove(&source->buffer, 0, source->position);
	source->position = 0;
	adopt(source);
}

/* One level of nesting more; a limit, so that the stack does not overflow. */
bool source_enter(struct source *source)
{
	if (source->depth++ < SOURCE_DEPTH_MAX)
		return true;
	if (!source->failed)
		shell_warn("syntax error: nested too deeply");
	source->failed = true;
	return false;
}

/* Drop the rest of a line with an error. */
void source_drop(struct source *source)
{
	source->position = source->length;
	source_forget(source);
}

/* Is the rest known to be blank? A file may always have more. */
bool source_at_end(struct source *source)
{
	size_t i;

	if (source->more)
		return false;
	for (i = source->position; i < source->length; i++)
		if (!strchr(" \t\n", source->text[i]))
			return false;
	return true;
}

/* The next character; the character stays in the source. */
int source_peek(struct source *source)
{
	while (source->position == source->length) {
		if (source->ended || !source->more || !source->more(source)) {
			source->ended = true;	/* do not ask again */
			return SOURCE_END;
		}
	}
	return (unsigned char)source->text[source->position];
}

int source_next(struct source *source)
{
	int c = source_peek(source);

	if (c == SOURCE_END)
		return c;
	if (c == '\n')
		source->line++;
	source->position++;
	return c;
}
