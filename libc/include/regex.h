/* regex.h - regular expressions, basic and extended. Text is bytes. */
#pragma once

#include <stddef.h>

typedef int regoff_t;

typedef struct {
	size_t re_nsub;		/* the groups */
	struct __regex_program *__program;
} regex_t;

typedef struct {
	regoff_t rm_so, rm_eo;	/* -1: took no part */
} regmatch_t;

/* For regcomp() and for regexec(). */
#define REG_EXTENDED	1
#define REG_ICASE	2
#define REG_NEWLINE	4	/* . stops there; ^ and $ stand there */
#define REG_NOSUB	8	/* only whether */
#define REG_NOTBOL	1
#define REG_NOTEOL	2
#define REG_STARTEND	4	/* match[0] says from where to where (BSD) */

#define REG_NOMATCH	1
#define REG_BADPAT	2
#define REG_ECOLLATE	3
#define REG_ECTYPE	4
#define REG_EESCAPE	5
#define REG_ESUBREG	6
#define REG_EBRACK	7
#define REG_EPAREN	8
#define REG_EBRACE	9
#define REG_BADBR	10
#define REG_ERANGE	11
#define REG_ESPACE	12
#define REG_BADRPT	13

int regcomp(regex_t *__restrict regex, const char *__restrict pattern,
	int flags);
size_t regerror(int error, const regex_t *__restrict regex,
	char *__restrict text, size_t size);
int regexec(const regex_t *__restrict regex, const char *__restrict text,
	size_t count, regmatch_t match[__restrict], int flags);
void regfree(regex_t *regex);
