/* fnmatch.h - does a name match a shell pattern? */
#pragma once

#define FNM_NOMATCH	1

#define FNM_NOESCAPE	1	/* a backslash is an ordinary character */
#define FNM_PATHNAME	2	/* only a slash matches a slash */
#define FNM_PERIOD	4	/* only a period matches a leading period */
#define FNM_LEADING_DIR	8	/* what follows a slash does not count */
#define FNM_CASEFOLD	16	/* small letters match capital ones */

int fnmatch(const char *pattern, const char *string, int flags);
