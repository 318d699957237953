/*
 * quote.c - find where a quoted thing ends.
 *
 * The lexer and the expansion both must know how far '...', "...", `...`,
 * ${...}, $((...)) and $(...) reach. Each function here starts behind the
 * opening mark, leaves the source behind the closing mark, and returns false
 * when the text ends first.
 *
 * $( ... ) holds commands, in which `case x in a) ...` has a parenthesis that
 * closes nothing: only the parser can find its end, so the parser is asked.
 */
#include <string.h>

#include "user/sh/sh.h"

bool skip_single_quotes(struct source *source)
{
	int c;

	do {
		c = source_next(source);
	} while (c != '\'' && c != SOURCE_END);
	return c == '\'';
}

bool skip_backquotes(struct source *source)
{
	int c;

	while ((c = source_next(source)) != '`') {
		if (c == '\\')
			c = source_next(source);
		if (c == SOURCE_END)
			return false;
	}
	return true;
}

/* Skip the quoted text that c begins, inside double quotes and the like. */
static bool skip_one(struct source *source, int c)
{
	if (c == '\\')
		return source_next(source) != SOURCE_END;
	if (c == '$')
		return skip_dollar(source, true);
	if (c == '`')
		return skip_backquotes(source);
	return c != SOURCE_END;
}

bool skip_double_quotes(struct source *source)
{
	int c;

	while ((c = source_next(source)) != '"')
		if (!skip_one(source, c))
			return false;
	return true;
}

/*
 * Inside double quotes "${x:-it's}" has no quotation, but the pattern of
 * "${x#'a'}" has.
 */
static bool pattern_follows(struct source *source)
{
	const char *p = source->text + source->position;
	const char *end = source->text + source->length;

	while (p < end && !strchr("#%:-=?+}", *p))
		p++;
	return p > source->text + source->position && p < end &&
		strchr("#%", *p);
}

bool skip_braces(struct source *source, bool quoted)
{
	bool done = false, ok = source_enter(source);
	int c;

	if (pattern_follows(source))
		quoted = false;
	while (ok && !done) {
		c = source_next(source);
		if (c == '}')
			done = true;
		else if (c == '\'' && !quoted)
			ok = skip_single_quotes(source);
		else if (c == '"')
			ok = skip_double_quotes(source);
		else
			ok = skip_one(source, c);
	}
	source->depth--;
	return ok;
}

/* Up to the two closing parentheses; false if the text is no arithmetic. */
bool skip_arithmetic(struct source *source)
{
	int open = 0;
	int c;

	for (;;) {
		c = source_next(source);
		if (c == '(')
			open++;
		if (c == ')' && open-- == 0)
			return source_next(source) == ')';
		if (!skip_one(source, c))
			return false;
	}
}

static bool skip_command(struct source *source)
{
	struct arena *tree = tree_create();
	struct node *node;
	bool ok = parse_substitution(source, tree, &node);

	tree_drop(tree);
	return ok;
}

/* $((1)) is arithmetic, $((ls); ls) a command: try arithmetic first. */
static bool skip_parentheses(struct source *source)
{
	size_t position = source->position;
	int line = source->line;
	bool ok = false;

	if (!source_enter(source))
		return false;
	if (source_peek(source) == '(') {
		source_next(source);
		ok = skip_arithmetic(source);
	}
	if (!ok) {
		source->position = position;
		source->line = line;
		ok = skip_command(source);
	}
	source->depth--;
	return ok;
}

bool skip_dollar(struct source *source, bool quoted)
{
	switch (source_peek(source)) {
	case '(':
		source_next(source);
		return skip_parentheses(source);
	case '{':
		source_next(source);
		return skip_braces(source, quoted);
	}
	return true;
}

/* A word without quotes, not expanded. */
char *unquote(struct arena *arena, const char *word)
{
	char *plain = arena_alloc(arena, strlen(word) + 1);
	char *to = plain;
	char quote = 0;

	for (; *word; word++) {
		if (quote ? *word == quote : *word == '\'' || *word == '"')
			quote = quote ? 0 : *word;
		else if (*word == '\\' && quote != '\'' && word[1])
			*to++ = *++word;
		else
			*to++ = *word;
	}
	*to = 0;
	return plain;
}
