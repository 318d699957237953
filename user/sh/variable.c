/*
 * variable.c - variables, and the environment that programs are given.
 *
 * A variable is kept as the text "NAME=value", as in the environment, so a
 * program gets the text without a copy. "NAME" alone is a variable with
 * attributes but without a value. A variable of the environment stays in its
 * place until a change: a shell that runs a single command does not copy its
 * environment.
 */
#include <stdlib.h>
#include <string.h>

#include "user/sh/sh.h"

#define BUCKETS 31

struct variable {
	struct variable *next;
	char *text;
	size_t length;		/* of the name */
	bool owned;		/* text is ours to free */
	bool exported;
	bool readonly;
};

/* A variable before a function or a command changed the variable. */
struct saved_variable {
	struct saved_variable *next;
	char *name;
	char *text;		/* NULL: there was no such variable */
	bool exported;
	bool readonly;
};

static struct variable *buckets[BUCKETS];
static int exported_count;
static struct scope *innermost;

static struct variable **bucket(const char *name, size_t length)
{
	unsigned int hash = 0;
	size_t i;

	for (i = 0; i < length; i++)
		hash = hash * 31 + (unsigned char)name[i];
	return &buckets[hash % BUCKETS];
}

static struct variable *find(const char *name, size_t length)
{
	struct variable *v = *bucket(name, length);

	while (v && (v->length != length || memcmp(v->text, name, length)))
		v = v->next;
	return v;
}

static struct variable *create(const char *name, size_t length)
{
	struct variable **list = bucket(name, length);
	struct variable *v = allocate(sizeof(*v));

	v->next = *list;
	v->length = length;
	*list = v;
	return v;
}

static void set_text(struct variable *v, char *text, bool owned)
{
	if (v->owned)
		free(v->text);
	v->text = text;
	v->owned = owned;
}

static void set_exported(struct variable *v, bool exported)
{
	exported_count += exported - v->exported;
	v->exported = exported;
}

/* IFS from outside could make any script split words wrongly: not taken. */
void variables_import(char **environment)
{
	struct variable *v;

	for (; *environment; environment++) {
		size_t length = name_length(*environment);

		if (!length || (*environment)[length] != '=' ||
		    !strncmp(*environment, "IFS=", 4))
			continue;
		v = find(*environment, length);
		if (!v)
			v = create(*environment, length);
		set_text(v, *environment, false);
		set_exported(v, true);
	}
}

/* The value, or NULL without a value. */
const char *variable_find(const char *name, size_t length)
{
	struct variable *v = find(name, length);

	return v && v->text[length] == '=' ? v->text + length + 1 : NULL;
}

const char *variable_get(const char *name)
{
	return variable_find(name, strlen(name));
}

/* Make "NAME=value", or "NAME" for no value. */
static char *make_text(const char *name, size_t length, const char *value)
{
	size_t bytes = value ? strlen(value) : 0;
	char *text = allocate(length + bytes + 2);

	memcpy(text, name, length);
	if (!value)
		return text;
	text[length] = '=';
	memcpy(text + length + 1, value, bytes);
	return text;
}

static struct variable *find_or_create(const char *name)
{
	size_t length = strlen(name);
	struct variable *v = find(name, length);

	if (v)
		return v;
	v = create(name, length);
	set_text(v, make_text(name, length, NULL), true);
	return v;
}

/* Returns 0, or -1 after a message for a read-only variable. */
int variable_set_n(const char *name, size_t length, const char *value)
{
	struct variable *v = find(name, length);

	if (v && v->readonly) {
		shell_warn("%.*s: is read only", (int)length, name);
		return -1;
	}
	if (!v)
		v = create(name, length);
	set_text(v, make_text(name, length, value), true);
	return 0;
}

int variable_set(const char *name, const char *value)
{
	return variable_set_n(name, strlen(name), value);
}

static void remove_variable(struct variable *v)
{
	struct variable **link = bucket(v->text, v->length);

	while (*link != v)
		link = &(*link)->next;
	*link = v->next;
	set_exported(v, false);
	set_text(v, NULL, false);
	free(v);
}

int variable_unset(const char *name)
{
	struct variable *v = find(name, strlen(name));

	if (!v)
		return 0;
	if (v->readonly) {
		shell_warn("%s: is read only", name);
		return -1;
	}
	remove_variable(v);
	return 0;
}

void variable_export(const char *name)
{
	set_exported(find_or_create(name), true);
}

void variable_protect(const char *name)
{
	find_or_create(name)->readonly = true;
}

/* For execve(): lives as long as the arena and the variables do. */
char **variables_environment(struct arena *arena)
{
	size_t bytes = (exported_count + 1) * sizeof(char *);
	char **list = arena_alloc(arena, bytes);
	struct variable *v;
	int n = 0, i;

	for (i = 0; i < BUCKETS; i++)
		for (v = buckets[i]; v; v = v->next)
			if (v->exported && v->text[v->length])
				list[n++] = v->text;
	return list;
}

/* Print the value so that the shell would read the same text again. */
void print_quoted(FILE *file, const char *text)
{
	fputc('\'', file);
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", file);
		else
			fputc(*text, file);
	fputc('\'', file);
}

static int compare(const void *a, const void *b)
{
	struct variable *const *left = a, *const *right = b;

	return strcmp((*left)->text, (*right)->text);
}

static void print_variable(const char *prefix, struct variable *v)
{
	printf("%s%.*s", prefix, (int)v->length, v->text);
	if (v->text[v->length]) {
		putchar('=');
		print_quoted(stdout, v->text + v->length + 1);
	}
	putchar('\n');
}

/* All variables, or the exported or read-only ones, sorted. */
void variables_print(const char *prefix, bool exported, bool readonly)
{
	struct variable **list = NULL, *v;
	size_t count = 0, i;

	for (i = 0; i < BUCKETS; i++)
		for (v = buckets[i]; v; v = v->next)
			count++;
	list = allocate(count * sizeof(list[0]));
	for (count = i = 0; i < BUCKETS; i++)
		for (v = buckets[i]; v; v = v->next)
			if ((!exported || v->exported) &&
			    (!readonly || v->readonly))
				list[count++] = v;
	qsort(list, count, sizeof(list[0]), compare);
	for (i = 0; i < count; i++)
		print_variable(prefix, list[i]);
	free(list);
}

void scope_enter(struct scope *scope)
{
	scope->outer = innermost;
	scope->saved = NULL;
	innermost = scope;
}

/* Remember a variable, to be put back at scope_leave(). */
bool scope_save(const char *name)
{
	struct saved_variable *saved;
	struct variable *v;

	if (!innermost)
		return false;
	for (saved = innermost->saved; saved; saved = saved->next)
		if (!strcmp(saved->name, name))
			return true;
	v = find(name, strlen(name));
	saved = allocate(sizeof(*saved));
	saved->name = copy_text(name);
	if (v) {
		saved->text = copy_text(v->text);
		saved->exported = v->exported;
		saved->readonly = v->readonly;
	}
	saved->next = innermost->saved;
	innermost->saved = saved;
	return true;
}

static void restore(struct saved_variable *saved)
{
	struct variable *v = find(saved->name, strlen(saved->name));

	if (!saved->text) {
		if (v)
			remove_variable(v);
		return;
	}
	v = find_or_create(saved->name);
	set_text(v, saved->text, true);
	set_exported(v, saved->exported);
	v->readonly = saved->readonly;
}

void scope_leave(struct scope *scope)
{
	while (scope->saved) {
		struct saved_variable *next = scope->saved->next;

		restore(scope->saved);
		free(scope->saved->name);
		free(scope->saved);
		scope->saved = next;
	}
	innermost = scope->outer;
}
