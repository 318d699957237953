/*
 * compound.c - the commands with reserved words: ( { if while until for case,
 * and functions.
 *
 * A reserved word counts only where a command may begin, and only unquoted. The
 * text of a token still has its quotes, so a comparison of the texts is enough.
 */
#include <string.h>

#include "user/sh/lex.h"

static bool enter(struct parser *p)
{
	if (source_enter(p->source))
		return true;
	p->failed = true;
	p->has_token = false;
	return false;
}

static struct node *parse_until(struct parser *p, const char *word)
{
	struct node *list = parse_list(p, true);

	expect_word(p, word);
	return list;
}

static void parse_subshell(struct parser *p, struct node *node)
{
	node->kind = NODE_SUBSHELL;
	take_token(p);
	node->body = parse_list(p, true);
	expect_kind(p, TOKEN_CLOSE, ")");
}

static void parse_group(struct parser *p, struct node *node)
{
	node->kind = NODE_GROUP;
	take_token(p);
	node->body = parse_until(p, "}");
}

/* From `if`, or from `elif`, which is an `if` in the else branch. */
static void parse_if(struct parser *p, struct node *node)
{
	node->kind = NODE_IF;
	take_token(p);
	node->condition = parse_until(p, "then");
	node->body = parse_list(p, true);
	if (at_word(p, "elif")) {
		node->otherwise = node_create(p, NODE_IF);
		if (enter(p))
			parse_if(p, node->otherwise);
		p->source->depth--;
		return;
	}
	if (take_word(p, "else"))
		node->otherwise = parse_list(p, true);
	expect_word(p, "fi");
}

static void parse_while(struct parser *p, struct node *node)
{
	node->kind = at_word(p, "while") ? NODE_WHILE : NODE_UNTIL;
	take_token(p);
	node->condition = parse_until(p, "do");
	node->body = parse_until(p, "done");
}

static void parse_for(struct parser *p, struct node *node)
{
	struct word **tail = &node->words;

	node->kind = NODE_FOR;
	take_token(p);
	node->name = peek_token(p)->text;
	if (peek_token(p)->kind != TOKEN_WORD || !*node->name ||
	    name_length(node->name) != strlen(node->name))
		syntax_error(p, "bad variable name in for", NULL);
	take_token(p);
	skip_newlines(p);
	node->all_parameters = !take_word(p, "in");
	while (!node->all_parameters && peek_token(p)->kind == TOKEN_WORD)
		tail = add_word(p, tail);
	if (peek_token(p)->kind == TOKEN_SEMICOLON)
		take_token(p);
	skip_newlines(p);
	expect_word(p, "do");
	node->body = parse_until(p, "done");
}

static struct branch *parse_branch(struct parser *p)
{
	struct branch *branch = arena_alloc(p->tree, sizeof(*branch));
	struct word **tail = &branch->patterns;

	if (peek_token(p)->kind == TOKEN_OPEN)
		take_token(p);
	tail = add_word(p, tail);
	while (peek_token(p)->kind == TOKEN_PIPE) {
		take_token(p);
		tail = add_word(p, tail);
	}
	expect_kind(p, TOKEN_CLOSE, ")");
	skip_newlines(p);
	if (peek_token(p)->kind != TOKEN_CASE_END && !at_word(p, "esac"))
		branch->body = parse_list(p, true);
	if (!at_word(p, "esac"))
		expect_kind(p, TOKEN_CASE_END, ";;");
	skip_newlines(p);
	return branch;
}

static void parse_case(struct parser *p, struct node *node)
{
	struct branch **tail = &node->branches;

	node->kind = NODE_CASE;
	take_token(p);
	add_word(p, &node->words);
	skip_newlines(p);
	expect_word(p, "in");
	skip_newlines(p);
	while (!p->failed && !take_word(p, "esac")) {
		*tail = parse_branch(p);
		tail = &(*tail)->next;
	}
}

static const struct {
	const char *word;
	void (*parse)(struct parser *p, struct node *node);
} compounds[] = {
	{ "(", parse_subshell }, { "{", parse_group }, { "if", parse_if },
	{ "while", parse_while }, { "until", parse_while },
	{ "for", parse_for }, { "case", parse_case },
};

#define COMPOUNDS (sizeof(compounds) / sizeof(compounds[0]))

static size_t compound_at(struct parser *p)
{
	struct token *token = peek_token(p);
	size_t i = COMPOUNDS;

	if (token->kind == TOKEN_WORD || token->kind == TOKEN_OPEN)
		for (i = 0; i < COMPOUNDS; i++)
			if (!strcmp(token->text, compounds[i].word))
				break;
	return i;
}

bool starts_compound(struct parser *p)
{
	return compound_at(p) < COMPOUNDS;
}

struct node *parse_compound(struct parser *p)
{
	struct node *node = node_create(p, NODE_GROUP);
	struct redirect **tail = &node->redirects;

	if (enter(p))
		compounds[compound_at(p)].parse(p, node);
	p->source->depth--;
	while (peek_token(p)->kind == TOKEN_REDIRECT)
		tail = add_redirect(p, tail);
	return node;
}

/* NAME was taken, `(` comes next. */
struct node *parse_function(struct parser *p, const char *name)
{
	struct node *node = node_create(p, NODE_FUNCTION);

	node->name = (char *)name;
	if (name_length(name) != strlen(name))
		syntax_error(p, "bad function name", NULL);
	take_token(p);
	expect_kind(p, TOKEN_CLOSE, ")");
	skip_newlines(p);
	if (starts_compound(p))
		node->body = parse_compound(p);
	else
		syntax_error(p, "a function needs a body", "{");
	return node;
}
