/* lex.h - tokens, and the state shared by lexer and parser. */
#pragma once

#include "user/sh/tree.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_AND,		/* && */
	TOKEN_OR,		/* || */
	TOKEN_CASE_END,		/* ;; */
	TOKEN_SEMICOLON,
	TOKEN_AMPERSAND,
	TOKEN_PIPE,
	TOKEN_OPEN,		/* ( */
	TOKEN_CLOSE,		/* ) */
	TOKEN_REDIRECT,		/* any of < > >> << and so on */
};

struct token {
	enum token_kind kind;
	char *text;		/* as written */
	size_t start, end;	/* place in the source */
	int line;
};

struct parser {
	struct source *source;
	struct arena *tree;
	struct token token;	/* the next token, if has_token */
	bool has_token;
	bool failed;		/* error reported; only TOKEN_END follows */
	size_t last_end;	/* where the last token taken ended */
	struct redirect *here;	/* here-documents whose text follows the line */
	struct redirect **here_tail;
};

/* lex.c */
struct token *peek_token(struct parser *p);
void take_token(struct parser *p);
void syntax_error(struct parser *p, const char *what, const char *expected);

/* parse.c */
struct node *node_create(struct parser *p, enum node_kind kind);
bool at_word(struct parser *p, const char *word);
bool take_word(struct parser *p, const char *word);
void expect_word(struct parser *p, const char *word);
void expect_kind(struct parser *p, enum token_kind kind, const char *text);
void skip_newlines(struct parser *p);
struct word **add_word(struct parser *p, struct word **tail);
struct redirect **add_redirect(struct parser *p, struct redirect **tail);
struct node *parse_list(struct parser *p, bool newlines);

/* compound.c */
bool starts_compound(struct parser *p);
struct node *parse_compound(struct parser *p);
struct node *parse_function(struct parser *p, const char *name);
