/*
 * lex.c - text into tokens.
 *
 * A token is an operator, a newline, or a word. A word is everything up to an
 * unquoted blank or operator; its quotes stay in the token. The place of `if`
 * decides whether `if` is a reserved word, so the parser decides.
 *
 * The lexer makes a token only when the parser asks for the next: the text
 * after the `)` that ends $(...) is not the parser's.
 */
#include <ctype.h>
#include <string.h>

#include "user/sh/lex.h"

#define META	" \t\n;&|<>()"	/* these end a word */

/* Print once; from here on the parser sees only the end. */
void syntax_error(struct parser *p, const char *what, const char *expected)
{
	bool told = p->failed || p->source->failed || interrupted(false);

	p->failed = true;
	p->source->failed = true;
	p->has_token = false;
	if (told)
		return;
	sh.line = p->source->line;
	if (expected)
		shell_warn("syntax error: %s, expecting \"%s\"", what,
			expected);
	else
		shell_warn("syntax error: %s", what);
}

/* Backslash and newline join two lines. */
static bool skip_joined(struct source *source)
{
	if (source_peek(source) != '\\' ||
	    source->position + 1 >= source->length ||
	    source->text[source->position + 1] != '\n')
		return false;
	source_next(source);
	source_next(source);
	return true;
}

static void skip_blanks(struct source *source)
{
	int c;

	for (;;) {
		c = source_peek(source);
		if (c == ' ' || c == '\t')
			source_next(source);
		else if (c == '#')
			while (c != '\n' && c != SOURCE_END) {
				source_next(source);
				c = source_peek(source);
			}
		else if (!skip_joined(source))
			return;
	}
}

static bool skip_word(struct source *source)
{
	bool ok = true;
	int c;

	while (ok && (c = source_peek(source)) != SOURCE_END) {
		if (c && strchr(META, c))
			break;
		source_next(source);
		if (c == '\\')
			source_next(source);
		else if (c == '\'')
			ok = skip_single_quotes(source);
		else if (c == '"')
			ok = skip_double_quotes(source);
		else if (c == '`')
			ok = skip_backquotes(source);
		else if (c == '$')
			ok = skip_dollar(source, false);
	}
	return ok;
}

static bool all_digits(const char *text)
{
	while (isdigit((unsigned char)*text))
		text++;
	return !*text;
}

static void lex_word(struct parser *p)
{
	struct source *source = p->source;
	struct token *token = &p->token;
	int c;

	source->continued = true;
	if (!skip_word(source)) {
		syntax_error(p, "unterminated quotation", NULL);
		return;
	}
	token->kind = TOKEN_WORD;
	token->end = source->position;
	token->text = arena_text(p->tree, source->text + token->start,
		token->end - token->start);
	c = source_peek(source);
	if ((c == '<' || c == '>') && all_digits(token->text))
		token->kind = TOKEN_REDIRECT;	/* 2> : a descriptor */
}

static enum token_kind operator_kind(const char *text)
{
	static const struct {
		const char *text;
		enum token_kind kind;
	} operators[] = {
		{ "&&", TOKEN_AND }, { "||", TOKEN_OR },
		{ ";;", TOKEN_CASE_END }, { ";", TOKEN_SEMICOLON },
		{ "&", TOKEN_AMPERSAND }, { "|", TOKEN_PIPE },
		{ "(", TOKEN_OPEN }, { ")", TOKEN_CLOSE },
	};
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (!strcmp(text, operators[i].text))
			return operators[i].kind;
	return TOKEN_REDIRECT;
}

/* The longest operator at this place. */
static void lex_operator(struct parser *p)
{
	static const char pairs[] = "&& || ;; << >> <& >& <> >|";
	struct source *source = p->source;
	struct token *token = &p->token;
	char text[4] = { source_next(source) };

	source->continued = true;
	while (skip_joined(source))
		;
	text[1] = source_peek(source);
	if (text[1] > ' ' && strstr(pairs, text))
		source_next(source);
	else
		text[1] = 0;
	if (!strcmp(text, "<<") && source_peek(source) == '-')
		text[2] = source_next(source);
	token->kind = operator_kind(text);
	token->end = source->position;
	token->text = arena_text(p->tree, text, strlen(text));
}

/* Is this line, of the source, the end of the here-document? */
static bool ends_here(struct redirect *here, const char *line, size_t length)
{
	return strlen(here->delimiter) == length &&
		!memcmp(here->delimiter, line, length);
}

static void read_here(struct parser *p, struct redirect *here)
{
	struct source *source = p->source;
	struct text body = { 0 };
	size_t start, length;
	int c;

	text_clear(&body);
	while (source_peek(source) != SOURCE_END) {
		while (here->strip_tabs && source_peek(source) == '\t')
			source_next(source);
		start = source->position;
		while ((c = source_peek(source)) != '\n' && c != SOURCE_END)
			source_next(source);
		length = source->position - start;
		source_next(source);
		if (ends_here(here, source->text + start, length))
			break;
		text_add(&body, source->text + start, length);
		text_char(&body, '\n');
	}
	here->word = arena_text(p->tree, body.data, body.length);
	text_free(&body);
}

/* The texts of here-documents begin behind the end of the line. */
static void lex_newline(struct parser *p)
{
	source_next(p->source);
	p->token.kind = TOKEN_NEWLINE;
	p->token.text = "newline";
	p->token.end = p->source->position;
	for (; p->here; p->here = p->here->here_next)
		read_here(p, p->here);
	p->here_tail = &p->here;
}

/* Look at the next token without consuming the token. */
struct token *peek_token(struct parser *p)
{
	struct token *token = &p->token;
	int c;

	if (p->has_token)
		return token;
	if (!p->failed)
		skip_blanks(p->source);
	c = p->failed ? SOURCE_END : source_peek(p->source);
	*token = (struct token){
		.kind = TOKEN_END, .text = "end of file",
		.start = p->source->position, .end = p->source->position,
		.line = p->source->line,
	};
	p->has_token = true;
	if (c == '\n')
		lex_newline(p);
	else if (c > 0 && strchr(META, c))
		lex_operator(p);
	else if (c != SOURCE_END)
		lex_word(p);
	if (p->failed) {
		token->kind = TOKEN_END;
		p->has_token = true;
	}
	return token;
}

void take_token(struct parser *p)
{
	p->last_end = peek_token(p)->end;
	p->has_token = false;
}
