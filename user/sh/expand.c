/*
 * expand.c - the value of a word: ~, $, `, and the quotes.
 *
 * A word is walked once, from left to right, and its characters and values go
 * to a field (field.c). The walk knows at each character whether the character
 * is quoted, so the word needs no marks for later.
 *
 * There are four places to expand for: the words of a command are split and
 * matched against file names; an assignment, the name in a redirection and the
 * like stay a single text; patterns keep their quoted characters apart; and in
 * a here-document quotes mean nothing.
 */
#include <string.h>

#include "user/sh/tree.h"

static void expansion_init(struct expansion *e, struct arena *arena,
	enum expand_mode mode)
{
	*e = (struct expansion){ .arena = arena, .mode = mode };
	text_clear(&e->field);
}

/* Text of the word itself, not the value of something. */
static void literal(struct expansion *e, char c, int how)
{
	char text[2] = { c };

	if (how & HOW_SPLIT && !(how & HOW_QUOTED))
		field_value(e, text, how);
	else
		field_char(e, c, how & (HOW_QUOTED | HOW_HERE));
}

/* Behind a backslash. */
static const char *expand_backslash(struct expansion *e, const char *from,
	const char *end, int how)
{
	const char *special = how & HOW_HERE ? "$`\\" : "$`\"\\";

	if (from == end) {
		field_char(e, '\\', true);
		return from;
	}
	if (*from == '\n')
		return from + 1;
	if (how & (HOW_QUOTED | HOW_HERE) && !strchr(special, *from) &&
	    !(how & HOW_BRACES && *from == '}'))
		field_char(e, '\\', true);
	field_char(e, *from, true);
	return from + 1;
}

static const char *expand_single(struct expansion *e, const char *from,
	const char *end)
{
	while (from < end && *from != '\'')
		field_char(e, *from++, true);
	e->present = true;
	return from < end ? from + 1 : end;
}

/* Behind a double quote. "" is a field, but "$@" of no parameters is none. */
static const char *expand_double(struct expansion *e, const char *from,
	const char *end, int how)
{
	struct source source;
	const char *close;

	source_from_string(&source, from, end - from);
	close = skip_double_quotes(&source) ? from + source.position - 1 : end;
	e->no_parameters = false;
	expand_span(e, from, close, (how & HOW_HERE) | HOW_QUOTED);
	if (!e->no_parameters)
		e->present = true;
	e->no_parameters = false;
	return close < end ? close + 1 : end;
}

/* ~ and ~/...: the home directory. */
static const char *expand_tilde(struct expansion *e, const char *from,
	const char *end, int how)
{
	const char *home = variable_get("HOME");
	char after = from + 1 < end ? from[1] : '/';

	if (!home || !(after == '/' || (after == ':' && how & HOW_ASSIGN)))
		literal(e, '~', how);
	else
		field_value(e, home, HOW_QUOTED);
	return from + 1;
}

static bool tilde_counts(const char *start, const char *at, int how)
{
	if (how & (HOW_QUOTED | HOW_HERE))
		return false;
	return at == start || (how & HOW_ASSIGN && at[-1] == ':');
}

/* Expand the part of a word from `from` to `end` into the field. */
void expand_span(struct expansion *e, const char *from, const char *end,
	int how)
{
	const char *p = from;

	while (p < end && !e->failed) {
		if (*p == '\\')
			p = expand_backslash(e, p + 1, end, how);
		else if (*p == '\'' && !(how & (HOW_QUOTED | HOW_HERE)))
			p = expand_single(e, p + 1, end);
		else if (*p == '"' && (how & HOW_BRACES || !(how & HOW_HERE)))
			p = expand_double(e, p + 1, end, how);
		else if (*p == '$')
			p = expand_dollar(e, p + 1, end, how);
		else if (*p == '`')
			p = expand_backquotes(e, p + 1, end, how);
		else if (*p == '~' && tilde_counts(from, p, how))
			p = expand_tilde(e, p, end, how);
		else
			literal(e, *p++, how);
	}
}

/*
 * Expand a part of e's word to a separate text, such as the pattern in
 * ${x#pattern}. NULL after an error, which is then also recorded in e.
 */
char *expand_part(struct expansion *e, const char *from, const char *end,
	enum expand_mode mode, int how)
{
	struct expansion part;
	char *text = NULL;

	expansion_init(&part, e->arena, mode);
	expand_span(&part, from, end, how);
	if (part.failed)
		e->failed = true;
	else if (mode == EXPAND_PATTERN)
		text = arena_text(e->arena, part.field.data,
			part.field.length);
	else
		text = field_plain(e->arena, part.field.data);
	text_free(&part.field);
	return text;
}

static char *expand_alone(struct arena *arena, const char *word,
	enum expand_mode mode, int how)
{
	struct expansion e = { .arena = arena };

	return expand_part(&e, word, word + strlen(word), mode, how);
}

char *expand_text(struct arena *arena, const char *word)
{
	return expand_alone(arena, word, EXPAND_TEXT, 0);
}

char *expand_pattern(struct arena *arena, const char *word)
{
	return expand_alone(arena, word, EXPAND_PATTERN, 0);
}

char *expand_here(struct arena *arena, const char *body)
{
	return expand_alone(arena, body, EXPAND_TEXT, HOW_HERE);
}

/* NAME=value: a tilde counts at the start of the value and behind colons. */
char *expand_assignment(struct arena *arena, const char *word)
{
	size_t length = strchr(word, '=') + 1 - word;
	char *value = expand_alone(arena, word + length, EXPAND_TEXT,
		HOW_ASSIGN);
	char *text;

	if (!value)
		return NULL;
	text = arena_alloc(arena, length + strlen(value) + 1);
	memcpy(text, word, length);
	strcpy(text + length, value);
	return text;
}

/* `export A=$x` is an assignment, and not split, though x has blanks. */
static bool takes_assignments(struct word *words)
{
	return words && (!strcmp(words->text, "export") ||
		!strcmp(words->text, "readonly") ||
		!strcmp(words->text, "local"));
}

static void expand_word(struct expansion *e, const char *word, bool assigns)
{
	size_t prefix = 0;

	if (assigns && is_assignment(word)) {
		prefix = strchr(word, '=') + 1 - word;
		e->mode = EXPAND_TEXT;
		expand_span(e, word, word + prefix, 0);
	}
	expand_span(e, word + prefix, word + strlen(word),
		prefix ? HOW_ASSIGN : 0);
	e->mode = EXPAND_FIELDS;
	e->matches = e->matches && !prefix;
	if (e->present)
		field_end(e);
	e->after_blank = false;
}

/* The words of a command: a list ended by NULL. Returns NULL after an error. */
char **expand_words(struct arena *arena, struct word *words, int *count)
{
	bool assigns = takes_assignments(words);
	struct expansion e;

	expansion_init(&e, arena, EXPAND_FIELDS);
	for (; words && !e.failed; words = words->next)
		expand_word(&e, words->text, assigns);
	text_free(&e.field);
	*count = e.count;
	if (e.failed)
		return NULL;
	return e.list ? e.list : arena_alloc(arena, sizeof(char *));
}
