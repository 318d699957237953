/*
 * complete.c - completion with the tab key.
 *
 * The word left of the cursor is completed as far as all candidates agree: a
 * command where a command may stand, else a file. With only one candidate the
 * word is finished by a blank, or by a slash behind a folder. A second tab
 * lists the candidates.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "user/sh/sh.h"

#define SPECIAL	" \t\\'\"$`&|;<>()*?[]#~"

struct candidates {
	const char *prefix;	/* the start of the word, quotes removed */
	size_t prefix_length;
	const char *folder;	/* of a file name, up to its slash, or "" */
	char **names;
	int count, capacity;
};

static void add(struct candidates *c, const char *name)
{
	int i;

	if (strncmp(name, c->prefix, c->prefix_length) ||
	    (*name == '.' && *c->prefix != '.'))
		return;
	for (i = 0; i < c->count; i++)
		if (!strcmp(c->names[i], name))
			return;
	if (c->count == c->capacity) {
		c->capacity = c->capacity ? c->capacity * 2 : 16;
		c->names = realloc(c->names, c->capacity * sizeof(char *));
		if (!c->names)
			abort();
	}
	c->names[c->count++] = copy_text(name);
}

static void add_folder(struct candidates *c, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		add(c, entry->d_name);
	if (folder)
		closedir(folder);
}

static void add_commands(struct candidates *c)
{
	const char *list = variable_get("PATH");
	const struct builtin *b;

	for (b = builtins; b->name; b++)
		add(c, b->name);
	while (list && *list) {
		size_t length = strcspn(list, ":");
		char path[256];

		if (length < sizeof(path)) {
			memcpy(path, list, length);
			path[length] = 0;
			add_folder(c, length ? path : ".");
		}
		list += length + (list[length] == ':');
	}
}

/* Where the word left of the cursor begins. */
static size_t word_start(const char *text, size_t cursor)
{
	size_t start = 0, i;

	for (i = 0; i < cursor; i++) {
		if (text[i] == '\\' && i + 1 < cursor)
			i++;
		else if (strchr(" \t;&|<>()`=", text[i]))
			start = i + 1;
	}
	return start;
}

/* Is this word the first word of a command? */
static bool command_position(const char *text, size_t start)
{
	while (start && (text[start - 1] == ' ' || text[start - 1] == '\t'))
		start--;
	return !start || strchr(";&|(`", text[start - 1]);
}

static size_t common_length(struct candidates *c)
{
	size_t n = strlen(c->names[0]);
	int i;

	for (i = 1; i < c->count; i++)
		while (strncmp(c->names[0], c->names[i], n))
			n--;
	return n;
}

static bool is_folder(struct candidates *c, const char *name)
{
	struct text path = { 0 };
	struct stat status;
	bool answer;

	text_add(&path, c->folder, strlen(c->folder));
	text_add(&path, name, strlen(name));
	answer = stat(path.data, &status) == 0 && S_ISDIR(status.st_mode);
	text_free(&path);
	return answer;
}

/* The text to type: the rest of the common start of all names. */
static void make_insertion(struct candidates *c, bool file, struct text *text)
{
	size_t length = common_length(c), i;
	const char *name = c->names[0];

	text_clear(text);
	for (i = c->prefix_length; i < length; i++) {
		if (strchr(SPECIAL, name[i]))
			text_char(text, '\\');
		text_char(text, name[i]);
	}
	if (c->count == 1)
		text_char(text, file && is_folder(c, name) ? '/' : ' ');
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In columns, as ls would. The terminal is in raw mode but translates \n. */
static void show(struct candidates *c)
{
	size_t width = 0, length;
	int per_line, i;

	qsort(c->names, c->count, sizeof(char *), compare);
	for (i = 0; i < c->count; i++) {
		length = strlen(c->names[i]);
		width = length > width ? length : width;
	}
	per_line = (terminal_columns() + 1) / (width + 2);
	if (per_line < 1)
		per_line = 1;
	fputc('\n', stderr);
	for (i = 0; i < c->count; i++)
		fprintf(stderr, "%-*s%s", (int)width, c->names[i],
			i + 1 == c->count || (i + 1) % per_line == 0
			? "\n" : "  ");
}

static void find(struct candidates *c, char *word, bool command)
{
	char *slash = strrchr(word, '/');
	char after = 0;

	c->prefix = slash ? slash + 1 : word;
	c->prefix_length = strlen(c->prefix);
	c->folder = "";
	if (command && !slash) {
		add_commands(c);
		return;
	}
	if (slash) {
		after = slash[1];
		slash[1] = 0;
		c->folder = copy_text(word);
		slash[1] = after;
	}
	add_folder(c, slash ? c->folder : ".");
}

/*
 * Complete the word left of the cursor in line; list: show the candidates if
 * there are several. Returns the new cursor.
 */
size_t complete(struct text *line, size_t cursor, bool list)
{
	size_t start = word_start(line->data, cursor);
	bool command = command_position(line->data, start);
	struct candidates c = { 0 };
	struct arena arena = { 0 };
	struct text more = { 0 };
	char *word = unquote(&arena, arena_text(&arena, line->data + start,
		cursor - start));
	bool file = !command || strchr(word, '/');

	find(&c, word, command);
	if (c.count) {
		make_insertion(&c, file, &more);
		text_insert(line, cursor, more.data, more.length);
		cursor += more.length;
	}
	if (list && c.count > 1 && !more.length)
		show(&c);
	while (c.count)
		free(c.names[--c.count]);
	free(c.names);
	if (*c.folder)
		free((char *)c.folder);
	text_free(&more);
	arena_free(&arena);
	return cursor;
}
