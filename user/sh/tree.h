/*
 * tree.h - the tree that the parser makes.
 *
 * One kind of node serves for all commands; the list of kinds says which fields
 * each kind uses. A whole tree lives in an arena.
 */
#pragma once

#include "user/sh/sh.h"

struct word {
	struct word *next;
	char *text;		/* as written, quotes and all */
};

enum redirect_kind {
	REDIRECT_READ,		/* <  */
	REDIRECT_WRITE,		/* > and >| */
	REDIRECT_APPEND,	/* >> */
	REDIRECT_BOTH,		/* <> */
	REDIRECT_DUP,		/* <& and >& */
	REDIRECT_HERE,		/* << and <<- */
};

struct redirect {
	struct redirect *next;
	enum redirect_kind kind;
	int fd;
	char *word;		/* file, number, or the here-document itself */
	char *delimiter;	/* end of a here-document, quotes removed */
	bool strip_tabs;	/* <<- */
	bool literal;		/* the delimiter was quoted: expand nothing */
	struct redirect *here_next; /* next here-document to read */
};

enum node_kind {
	NODE_COMMAND,		/* assignments, words */
	NODE_PIPELINE,		/* items joined by | */
	NODE_AND_OR,		/* items joined by && and || */
	NODE_LIST,		/* items ended by ; & or newline */
	NODE_SUBSHELL,		/* ( body ) */
	NODE_GROUP,		/* { body } */
	NODE_IF,		/* condition, body, otherwise */
	NODE_WHILE,		/* condition, body */
	NODE_UNTIL,
	NODE_FOR,		/* name, words, body */
	NODE_CASE,		/* words: the subject; branches */
	NODE_FUNCTION,		/* name, body */
};

struct branch {			/* of a case */
	struct branch *next;
	struct word *patterns;
	struct node *body;
};

struct node {
	enum node_kind kind;
	int line;
	struct node *next;	/* in a list of items */
	struct node *items;
	bool only_if_true;	/* follows && */
	bool only_if_false;	/* follows || */
	bool background;	/* followed by & */
	bool negated;		/* after ! */
	bool all_parameters;	/* for without in */
	char *text;		/* as typed, the name of a job */
	struct redirect *redirects;
	struct word *assignments;
	struct word *words;
	char *name;
	struct node *condition, *body, *otherwise;
	struct branch *branches;
	struct arena *tree;	/* of a function: the tree of its body */
};
