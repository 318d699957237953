/* glob.h - the files that match a shell pattern. */
#pragma once

#include <stddef.h>

typedef struct {
	size_t gl_pathc;	/* paths found */
	char **gl_pathv;	/* the paths, sorted, and a NULL */
	size_t gl_offs;		/* GLOB_DOOFFS: empty places before them */
} glob_t;

#define GLOB_ERR	1	/* stop at a directory that cannot be read */
#define GLOB_MARK	2	/* a slash behind each directory */
#define GLOB_NOSORT	4
#define GLOB_DOOFFS	8
#define GLOB_NOCHECK	16	/* nothing found: give back the pattern */
#define GLOB_APPEND	32
#define GLOB_NOESCAPE	64

#define GLOB_NOSPACE	1
#define GLOB_ABORTED	2
#define GLOB_NOMATCH	3

int glob(const char *__restrict pattern, int flags,
	int (*on_error)(const char *path, int error),
	glob_t *__restrict result);
void globfree(glob_t *result);
