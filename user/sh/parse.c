/*
 * parse.c - tokens into a tree: lists, pipelines, simple commands.
 *
 *	line      list ended by a newline
 *	list      and_or, each followed by ; or &, in a block also newlines
 *	and_or    pipeline, joined by && or ||
 *	pipeline  [!] command, joined by |
 *	command   compound or function (compound.c), or a simple command
 *
 * Recursive descent with one token of lookahead. After an error the lexer gives
 * only TOKEN_END, so every function here ends without a check; the caller of
 * parse_line() throws the tree away.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "user/sh/lex.h"

struct node *node_create(struct parser *p, enum node_kind kind)
{
	struct node *node = arena_alloc(p->tree, sizeof(*node));

	node->kind = kind;
	node->line = peek_token(p)->line;
	node->tree = p->tree;
	return node;
}

bool at_word(struct parser *p, const char *word)
{
	struct token *token = peek_token(p);

	return token->kind == TOKEN_WORD && !strcmp(token->text, word);
}

bool take_word(struct parser *p, const char *word)
{
	if (!at_word(p, word))
		return false;
	take_token(p);
	return true;
}

static void unexpected(struct parser *p, const char *expected)
{
	struct token *token = peek_token(p);
	char what[80];

	snprintf(what, sizeof(what), "unexpected %s%.40s%s",
		token->kind == TOKEN_END ? "" : "\"", token->text,
		token->kind == TOKEN_END ? "" : "\"");
	syntax_error(p, what, expected);
}

void expect_word(struct parser *p, const char *word)
{
	if (!take_word(p, word))
		unexpected(p, word);
}

void expect_kind(struct parser *p, enum token_kind kind, const char *text)
{
	if (peek_token(p)->kind == kind)
		take_token(p);
	else
		unexpected(p, text);
}

void skip_newlines(struct parser *p)
{
	while (peek_token(p)->kind == TOKEN_NEWLINE)
		take_token(p);
}

/* Length of the variable name at the start of text, 0 for none. */
size_t name_length(const char *text)
{
	size_t n = 0;

	if (isdigit((unsigned char)*text))
		return 0;
	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	return n;
}

bool is_assignment(const char *word)
{
	size_t n = name_length(word);

	return n && word[n] == '=';
}

/* Append a word to the list; tail is the end of the list. */
struct word **add_word(struct parser *p, struct word **tail)
{
	struct word *word = arena_alloc(p->tree, sizeof(*word));

	if (peek_token(p)->kind != TOKEN_WORD) {
		unexpected(p, "word");
		return tail;
	}
	word->text = peek_token(p)->text;
	take_token(p);
	*tail = word;
	return &word->next;
}

static void set_kind(struct redirect *redirect, const char *operator)
{
	static const struct {
		const char *text;
		enum redirect_kind kind;
		int fd;
	} kinds[] = {
		{ "<", REDIRECT_READ, 0 }, { ">", REDIRECT_WRITE, 1 },
		{ ">|", REDIRECT_WRITE, 1 }, { ">>", REDIRECT_APPEND, 1 },
		{ "<>", REDIRECT_BOTH, 0 }, { "<&", REDIRECT_DUP, 0 },
		{ ">&", REDIRECT_DUP, 1 }, { "<<", REDIRECT_HERE, 0 },
		{ "<<-", REDIRECT_HERE, 0 },
	};
	size_t i = 0;

	while (i < sizeof(kinds) / sizeof(kinds[0]) - 1 &&
	       strcmp(kinds[i].text, operator))
		i++;
	redirect->kind = kinds[i].kind;
	redirect->strip_tabs = !strcmp(operator, "<<-");
	if (redirect->fd < 0)
		redirect->fd = kinds[i].fd;
}

/* The text begins after the end of this line: lex.c reads the text there. */
static void await_here(struct parser *p, struct redirect *redirect)
{
	redirect->delimiter = unquote(p->tree, redirect->word);
	redirect->literal = strpbrk(redirect->word, "'\"\\") != NULL;
	redirect->word = "";
	*p->here_tail = redirect;
	p->here_tail = &redirect->here_next;
}

struct redirect **add_redirect(struct parser *p, struct redirect **tail)
{
	struct redirect *redirect = arena_alloc(p->tree, sizeof(*redirect));
	struct token *token = peek_token(p);

	redirect->fd = -1;
	if (isdigit((unsigned char)*token->text)) {
		redirect->fd = atoi(token->text);
		take_token(p);
		token = peek_token(p);
	}
	set_kind(redirect, token->text);
	take_token(p);
	if (peek_token(p)->kind != TOKEN_WORD) {
		unexpected(p, "word");
		return tail;
	}
	redirect->word = peek_token(p)->text;
	if (redirect->kind == REDIRECT_HERE)
		await_here(p, redirect);
	take_token(p);
	*tail = redirect;
	return &redirect->next;
}

static struct node *parse_simple(struct parser *p)
{
	struct node *node = node_create(p, NODE_COMMAND);
	struct word **words = &node->words, **values = &node->assignments;
	struct redirect **redirects = &node->redirects;

	for (;;) {
		struct token *token = peek_token(p);

		if (token->kind == TOKEN_REDIRECT)
			redirects = add_redirect(p, redirects);
		else if (token->kind == TOKEN_OPEN && node->words &&
			 !node->words->next && !node->assignments)
			return parse_function(p, node->words->text);
		else if (token->kind != TOKEN_WORD)
			return node;
		else if (!node->words && is_assignment(token->text))
			values = add_word(p, values);
		else
			words = add_word(p, words);
	}
}

/* Words that end a block: no command starts with them. */
static bool at_end_word(struct parser *p)
{
	static const char *const words[] = {
		"then", "else", "elif", "fi", "do", "done", "esac", "}",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (at_word(p, words[i]))
			return true;
	return false;
}

static bool at_command(struct parser *p)
{
	switch (peek_token(p)->kind) {
	case TOKEN_WORD:
		return !at_end_word(p);
	case TOKEN_REDIRECT:
	case TOKEN_OPEN:
		return true;
	default:
		return false;
	}
}

static struct node *parse_command(struct parser *p)
{
	if (!at_command(p)) {
		unexpected(p, NULL);
		return NULL;
	}
	return starts_compound(p) ? parse_compound(p) : parse_simple(p);
}

/* The source from start to the last token taken. */
static char *text_since(struct parser *p, size_t start)
{
	if (p->failed || p->last_end <= start)
		return "";
	return arena_text(p->tree, p->source->text + start,
		p->last_end - start);
}

static struct node *parse_pipeline(struct parser *p)
{
	struct node *pipeline = node_create(p, NODE_PIPELINE);
	size_t start = peek_token(p)->start;
	struct node **tail = &pipeline->items;

	while (take_word(p, "!"))
		pipeline->negated = !pipeline->negated;
	for (;;) {
		*tail = parse_command(p);
		if (p->failed)
			return pipeline;
		tail = &(*tail)->next;
		if (peek_token(p)->kind != TOKEN_PIPE)
			break;
		take_token(p);
		skip_newlines(p);
	}
	if (!pipeline->items->next && !pipeline->negated)
		pipeline = pipeline->items;
	pipeline->text = text_since(p, start);
	return pipeline;
}

static struct node *parse_and_or(struct parser *p)
{
	struct node *list = node_create(p, NODE_AND_OR);
	size_t start = peek_token(p)->start;
	struct node **tail = &list->items;
	enum token_kind joint = TOKEN_END;

	for (;;) {
		*tail = parse_pipeline(p);
		(*tail)->only_if_true = joint == TOKEN_AND;
		(*tail)->only_if_false = joint == TOKEN_OR;
		tail = &(*tail)->next;
		joint = peek_token(p)->kind;
		if (joint != TOKEN_AND && joint != TOKEN_OR)
			break;
		take_token(p);
		skip_newlines(p);
	}
	if (!list->items->next)
		return list->items;
	list->text = text_since(p, start);
	return list;
}

/*
 * Commands, up to the first token that begins no command. With newlines: a
 * block, up to its `done`, `)` and so on. Without: a line, the newline stays.
 */
struct node *parse_list(struct parser *p, bool newlines)
{
	struct node *list = node_create(p, NODE_LIST);
	struct node **tail = &list->items;
	enum token_kind kind;

	if (newlines)
		skip_newlines(p);
	do {
		*tail = parse_and_or(p);
		kind = peek_token(p)->kind;
		(*tail)->background = kind == TOKEN_AMPERSAND;
		tail = &(*tail)->next;
		if (kind == TOKEN_AMPERSAND || kind == TOKEN_SEMICOLON)
			take_token(p);
		else if (kind != TOKEN_NEWLINE || !newlines)
			break;
		if (newlines)
			skip_newlines(p);
	} while (at_command(p));
	if (!list->items->next && !list->items->background)
		return list->items;
	return list;
}

static void parser_init(struct parser *p, struct source *source,
	struct arena *tree)
{
	*p = (struct parser){ .source = source, .tree = tree };
	p->here_tail = &p->here;
}

/*
 * Read one line of commands, with the lines that continue the commands.
 * PARSE_BLANK is a line without commands, PARSE_END the end of the source.
 */
enum parse_result parse_line(struct source *source, struct arena *tree,
	struct node **node)
{
	struct parser parser, *p = &parser;
	enum token_kind kind;

	parser_init(p, source, tree);
	*node = NULL;
	source_forget(source);
	kind = peek_token(p)->kind;
	if (kind == TOKEN_END)
		return p->failed ? PARSE_ERROR : PARSE_END;
	if (kind == TOKEN_NEWLINE)
		return PARSE_BLANK;
	*node = parse_list(p, false);
	kind = peek_token(p)->kind;
	if (kind != TOKEN_NEWLINE && kind != TOKEN_END)
		unexpected(p, NULL);
	return p->failed ? PARSE_ERROR : PARSE_OK;
}

/* The commands of $( ... ), from behind the opening to behind the closing. */
bool parse_substitution(struct source *source, struct arena *tree,
	struct node **node)
{
	struct parser parser, *p = &parser;

	parser_init(p, source, tree);
	*node = NULL;
	skip_newlines(p);
	if (peek_token(p)->kind != TOKEN_CLOSE)
		*node = parse_list(p, true);
	if (peek_token(p)->kind != TOKEN_CLOSE)
		unexpected(p, ")");
	return !p->failed;
}
