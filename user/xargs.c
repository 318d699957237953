/*
 * xargs.c - run a program with arguments from standard input.
 */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <program.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"xargs [-0rt] [-n COUNT | -I WORD] [PROGRAM [ARGUMENT...]]\n"
	"Runs the program, or echo, with the words of standard input behind\n"
	"its arguments, as often as needed. Quotes and \\ keep blanks.\n"
	"  -0  words end with a NUL byte   -n  at most so many at a time\n"
	"  -I  once for each line, which replaces WORD in the arguments\n"
	"  -r  not at all without a word   -t  show each command\n"
	"Status: 0, 123 if a command failed, 126 or 127 if it cannot run.\n";

#define WORDS_MAX 1024
#define BYTES_MAX (32 * 1024)

static bool nul_ends, skip_empty, trace;
static const char *replace;
static int words_each = WORDS_MAX;
static int status;

/* The words; the commands find /dev/null in its place. */
static FILE *input;

/* One growing word. */
static char *word;
static size_t word_length, word_room;

static void add_character(int c)
{
	if (word_length + 1 >= word_room)
		word = need(realloc(word, word_room = word_room * 2 + 64));
	word[word_length++] = c;
	word[word_length] = '\0';
}

static bool is_end(int c)
{
	if (nul_ends)
		return c == '\0';
	return replace ? c == '\n' : isspace(c);
}

/* Reads a word in quotes, or the character behind a backslash. */
static void read_quoted(int quote)
{
	int c = getc(input);

	if (quote == '\\') {
		if (c != EOF)
			add_character(c);
		return;
	}
	for (; c != quote; c = getc(input)) {
		if (c == EOF || c == '\n')
			errx(1, "unmatched %c", quote);
		add_character(c);
	}
}

/* Reads the next word. Returns NULL at the end of the input. */
static char *read_word(void)
{
	bool any = false;
	int c;

	word_length = 0;
	add_character('\0');
	word_length = 0;
	while ((c = getc(input)) != EOF) {
		if (is_end(c)) {
			if (any || nul_ends)
				break;
			continue;
		}
		if (replace && !any && isblank(c))
			continue;
		any = true;
		if (!nul_ends && strchr("\"'\\", c))
			read_quoted(c);
		else
			add_character(c);
	}
	if (c == EOF && !any)
		return NULL;
	return need(strdup(word));
}

static void run_command(char **command)
{
	int result;

	if (trace)
		for (char **argument = command; *argument; argument++)
			fprintf(stderr, "%s%c", *argument,
				argument[1] ? ' ' : '\n');
	result = run(command);
	if (result < 0)
		err(1, "%s", command[0]);
	if (result == 126 || result == 127)
		exit(result);
	if (result)
		status = 123;
}

/* Returns text with value in place of each `replace`. */
static char *substitute(const char *text, const char *value)
{
	size_t length = strlen(replace), bytes = strlen(text) + 1;
	const char *found;
	char *result, *to;

	for (found = text; (found = strstr(found, replace)); found += length)
		bytes += strlen(value);
	result = to = need(malloc(bytes));
	while ((found = strstr(text, replace))) {
		memcpy(to, text, found - text);
		to = stpcpy(to + (found - text), value);
		text = found + length;
	}
	strcpy(to, text);
	return result;
}

static void run_per_line(char **command, int count)
{
	char **copy = need(calloc(count + 1, sizeof(*copy))), *line;

	while ((line = read_word())) {
		for (int i = 0; i < count; i++)
			copy[i] = substitute(command[i], line);
		run_command(copy);
		for (int i = 0; i < count; i++)
			free(copy[i]);
		free(line);
	}
	free(copy);
}

static void run_in_batches(char **command, int count)
{
	char **all = need(calloc(count + WORDS_MAX + 1, sizeof(*all)));
	bool ran = skip_empty;
	char *next = read_word();

	memcpy(all, command, count * sizeof(*all));
	while (next || !ran) {
		size_t bytes = 0;
		int words = 0;

		while (next && words < words_each &&
		       (words == 0 || bytes + strlen(next) < BYTES_MAX)) {
			bytes += strlen(next) + sizeof(char *);
			all[count + words++] = next;
			next = read_word();
		}
		all[count + words] = NULL;
		run_command(all);
		ran = true;
		while (words)
			free(all[count + --words]);
	}
	free(all);
}

int main(int argc, char **argv)
{
	static char *echo[] = { "echo", NULL };
	int option;

	while ((option = getopt(argc, argv, "+h0I:n:rt")) != -1)
		switch (option) {
		case '0': nul_ends = true; break;
		case 'I': replace = optarg; break;
		case 'n':
			words_each = parse_number(optarg, 1, WORDS_MAX,
						  "count");
			break;
		case 'r': skip_empty = true; break;
		case 't': trace = true; break;
		default: usage(option, help);
		}
	input = fdopen(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), "r");
	if (!input || !freopen("/dev/null", "r", stdin))
		err(1, "standard input");
	argc -= optind;
	argv += optind;
	if (argc == 0) {
		argv = echo;
		argc = 1;
	}
	if (replace && *replace)
		run_per_line(argv, argc);
	else
		run_in_batches(argv, argc);
	free(word);
	return status;
}
