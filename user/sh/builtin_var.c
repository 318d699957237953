/*
 * builtin_var.c - commands about variables and parameters: export readonly
 * local unset set shift read getopts umask.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/sh/sh.h"

/* Split "NAME=value": the value or NULL. The '=' becomes the name's end. */
static char *cut_value(char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = 0;
	return value;
}

static bool good_name(const char *command, const char *name)
{
	if (*name && name_length(name) == strlen(name))
		return true;
	shell_warn("%s: %s: bad variable name", command, name);
	return false;
}

/* NAME or NAME=value, each then given to mark(). */
static int declare(int count, char **words, void (*mark)(const char *name))
{
	char *value;
	int i;

	for (i = 1; i < count; i++) {
		value = cut_value(words[i]);
		if (!good_name(words[0], words[i]))
			return fatal(2, NULL);
		if (value && variable_set(words[i], value))
			return fatal(2, NULL);
		mark(words[i]);
	}
	return 0;
}

static bool wants_list(int count, char **words)
{
	return count == 1 || (count == 2 && !strcmp(words[1], "-p"));
}

int builtin_export(int count, char **words)
{
	if (!wants_list(count, words))
		return declare(count, words, variable_export);
	variables_print("export ", true, false);
	return 0;
}

int builtin_readonly(int count, char **words)
{
	if (!wants_list(count, words))
		return declare(count, words, variable_protect);
	variables_print("readonly ", false, true);
	return 0;
}

int builtin_local(int count, char **words)
{
	char *value;
	int i;

	for (i = 1; i < count; i++) {
		value = cut_value(words[i]);
		if (!good_name(words[0], words[i]))
			return fatal(2, NULL);
		if (!scope_save(words[i])) {
			shell_warn("local: not in a function");
			return 1;
		}
		if (value && variable_set(words[i], value))
			return fatal(2, NULL);
	}
	return 0;
}

int builtin_unset(int count, char **words)
{
	bool functions = count > 1 && !strcmp(words[1], "-f");
	int i = 1 + (functions || (count > 1 && !strcmp(words[1], "-v")));

	for (; i < count; i++) {
		if (functions)
			function_unset(words[i]);
		else if (!good_name(words[0], words[i]) ||
			 variable_unset(words[i]))
			return fatal(2, NULL);
	}
	return 0;
}

static void print_options(void)
{
	const struct option_name *o;

	for (o = option_names; o->name; o++)
		printf("%-12s %s\n", o->name, *o->value ? "on" : "off");
}

/* One argument of set, like -ex or -o NAME. Moves *i; false: no such option. */
static bool set_options(int count, char **words, int *i)
{
	char *p = words[*i];
	bool value = *p++ == '-';

	for (; *p; p++) {
		if (*p == 'o' && *i + 1 == count)
			print_options();
		else if (*p == 'o' && option_set(0, words[++*i], value))
			return false;
		else if (*p != 'o' && option_set(*p, NULL, value))
			return false;
	}
	return true;
}

int builtin_set(int count, char **words)
{
	int i = 1;

	if (count == 1)
		variables_print("", false, false);
	for (; i < count && strchr("-+", *words[i]) && *words[i]; i++) {
		if (!strcmp(words[i], "--")) {
			set_parameters(count - i - 1, words + i + 1);
			return 0;
		}
		if (!set_options(count, words, &i))
			return fatal(2, "set: %s: bad option", words[i]);
	}
	if (i < count)
		set_parameters(count - i, words + i);
	return 0;
}

int builtin_shift(int count, char **words)
{
	long n = 1;
	int i;

	if (count > 2 || (count == 2 && !read_number(words[1], &n)))
		return bad_usage("shift");
	if (n < 0 || n > sh.parameter_count)
		return fatal(2, "shift: can't shift that many");
	for (i = 0; i < n; i++)
		free(sh.parameters[i]);
	sh.parameter_count -= n;
	if (n)
		memmove(sh.parameters, sh.parameters + n,
			sh.parameter_count * sizeof(char *));
	return 0;
}

/*
 * Read a line, byte by byte: the input after the line is for the next program.
 * A character after a backslash is kept as \c. False at the end of the input.
 */
static bool read_line(struct text *line, bool raw)
{
	bool quoted = false;
	ssize_t got;
	char c;

	text_clear(line);
	for (;;) {
		got = read(STDIN_FILENO, &c, 1);
		if (got < 0 && errno == EINTR && !signal_pending())
			continue;
		if (got <= 0)
			return false;
		if (c == '\n' && !quoted)
			return true;
		if (c == '\\' && !quoted && !raw) {
			quoted = true;
			continue;
		}
		if (quoted ? c != '\n' : c == '\\')
			text_char(line, '\\');
		if (c && (c != '\n' || !quoted))
			text_char(line, c);
		quoted = false;
	}
}

static bool is_blank(const char *ifs, char c)
{
	return c && strchr(" \t\n", c) && strchr(ifs, c);
}

/* Cut the next field off *line into field; the last takes all the rest. */
static void next_field(char **line, const char *ifs, bool last, char *field)
{
	char *p = *line, *end = field;

	while (is_blank(ifs, *p))
		p++;
	while (*p && (last || !strchr(ifs, *p))) {
		bool quoted = *p == '\\' && p[1];

		p += quoted;
		*field++ = *p++;
		if (quoted || !is_blank(ifs, field[-1]))
			end = field;
	}
	*end = 0;
	while (is_blank(ifs, *p))
		p++;
	if (*p && !last && strchr(ifs, *p))
		p++;
	*line = p;
}

/* Remove the separator at the end of rest, if rest has no separator before. */
static void trim_last(char *rest, const char *ifs)
{
	size_t length = strlen(rest);
	char *first = strpbrk(rest, ifs);

	if (length && first == rest + length - 1 && rest[length - 1] != '\\' &&
	    (length < 2 || rest[length - 2] != '\\'))
		rest[length - 1] = 0;
}

static int assign_fields(char *line, int count, char **names)
{
	const char *ifs = variable_get("IFS");
	char *field = allocate(strlen(line) + 1);
	char *separators = copy_text(ifs ? ifs : " \t\n");
	int status = 0, i;

	for (i = 0; i < count && !status; i++) {
		if (i == count - 1)
			trim_last(line, separators);
		next_field(&line, separators, i == count - 1, field);
		if (!good_name("read", names[i]) ||
		    variable_set(names[i], field))
			status = 2;
	}
	free(separators);
	free(field);
	return status;
}

int builtin_read(int count, char **words)
{
	static char *reply[] = { "REPLY" };
	struct text line = { 0 };
	bool raw = false, got;
	int i = 1, status;

	for (; i < count && *words[i] == '-'; i++) {
		if (!strcmp(words[i], "-r"))
			raw = true;
		else if (!strcmp(words[i], "-p") && i + 1 < count)
			fputs(words[++i], stderr);
		else
			return bad_usage("read");
	}
	got = read_line(&line, raw);
	if (i < count)
		status = assign_fields(line.data, count - i, words + i);
	else
		status = assign_fields(line.data, 1, reply);
	text_free(&line);
	return status ? status : !got;
}

/* Where getopts is: the word is $OPTIND, this file keeps the letter. */
static int getopts_word, getopts_letter;

static int option_found(const char *name, char letter, const char *argument,
	int next)
{
	char text[2] = { letter }, number[16];

	snprintf(number, sizeof(number), "%d", next);
	getopts_word = next;
	variable_set("OPTIND", number);
	if (argument)
		variable_set("OPTARG", argument);
	else
		variable_unset("OPTARG");
	return variable_set(name, text) ? 2 : 0;
}

static int bad_option(bool quiet, const char *name, char letter, char why,
	int next)
{
	char text[2] = { letter };

	if (!quiet)
		shell_warn(why == ':' ? "option -%c needs an argument"
			: "bad option -%c", letter);
	return option_found(name, quiet ? why : '?', quiet ? text : NULL,
		next);
}

static int next_option(const char *letters, const char *name, char **list,
	int count)
{
	int word = getopts_word;
	char *text = list[word - 1];
	char letter = text[getopts_letter++];
	const char *found = letter == ':' ? NULL : strchr(letters, letter);
	bool quiet = *letters == ':', end = !text[getopts_letter];

	if (end) {
		getopts_letter = 1;
		word++;
	}
	if (!found)
		return bad_option(quiet, name, letter, '?', word);
	if (found[1] != ':')
		return option_found(name, letter, NULL, word);
	if (!end) {
		text += getopts_letter;
		getopts_letter = 1;
		return option_found(name, letter, text, word + 1);
	}
	if (word > count)
		return bad_option(quiet, name, letter, ':', word);
	return option_found(name, letter, list[word - 1], word + 1);
}

int builtin_getopts(int count, char **words)
{
	char **list = count > 3 ? words + 3 : sh.parameters;
	int n = count > 3 ? count - 3 : sh.parameter_count;
	const char *index = variable_get("OPTIND");
	long word;

	if (count < 3)
		return bad_usage("getopts");
	if (!index || !read_number(index, &word) || word < 1)
		word = 1;
	if (word != getopts_word) {	/* the script began anew */
		getopts_word = word;
		getopts_letter = 1;
	}
	if (word > n || *list[word - 1] != '-' || !list[word - 1][1]) {
		option_found(words[2], '?', NULL, word);
		return 1;
	}
	if (!strcmp(list[word - 1], "--")) {
		option_found(words[2], '?', NULL, word + 1);
		return 1;
	}
	return next_option(words[1], words[2], list, n);
}

int builtin_umask(int count, char **words)
{
	mode_t mask;
	char *end;

	if (count > 2)
		return bad_usage("umask");
	if (count == 1) {
		mask = umask(0);
		umask(mask);
		printf("%04o\n", (unsigned int)mask);
		return 0;
	}
	mask = strtol(words[1], &end, 8);
	if (*end || end == words[1] || mask > 0777) {
		shell_warn("umask: %s: not a mode", words[1]);
		return 1;
	}
	umask(mask);
	return 0;
}
