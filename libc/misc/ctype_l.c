/* ctype_l.c - the kinds of characters, for programs that name a locale. */
#include <ctype.h>

#define LIKE(name)				\
	int name##_l(int c, locale_t locale)	\
	{					\
		(void)locale;			\
		return name(c);			\
	}

LIKE(isalnum)
LIKE(isalpha)
LIKE(isblank)
LIKE(iscntrl)
LIKE(isdigit)
LIKE(isgraph)
LIKE(islower)
LIKE(isprint)
LIKE(ispunct)
LIKE(isspace)
LIKE(isupper)
LIKE(isxdigit)
LIKE(tolower)
LIKE(toupper)
