/* wordexp.h - words, expanded as the shell expands them. */
#pragma once

#include <stddef.h>

typedef struct {
	size_t we_wordc;	/* words that came out */
	char **we_wordv;	/* the words, and a NULL */
	size_t we_offs;		/* WRDE_DOOFFS: empty places before them */
} wordexp_t;

#define WRDE_APPEND	1	/* add to the words of an earlier call */
#define WRDE_DOOFFS	2
#define WRDE_NOCMD	4	/* refuse $(command) and `command` */
#define WRDE_REUSE	8	/* free the words of an earlier call first */
#define WRDE_SHOWERR	16	/* let the shell print its errors */
#define WRDE_UNDEF	32	/* refuse variables that are not set */

#define WRDE_BADCHAR	1	/* an operator or a newline outside quotes */
#define WRDE_BADVAL	2	/* WRDE_UNDEF: a variable is not set */
#define WRDE_CMDSUB	3	/* WRDE_NOCMD: there is a command */
#define WRDE_NOSPACE	4
#define WRDE_SYNTAX	5	/* a quote or a bracket is not closed */

int wordexp(const char *__restrict words, wordexp_t *__restrict result,
	int flags);
void wordfree(wordexp_t *result);
