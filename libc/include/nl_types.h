/* nl_types.h - catalogues of messages: none can be opened. */
#pragma once

#define NL_SETD		1
#define NL_CAT_LOCALE	1

typedef void *nl_catd;
typedef int nl_item;

int catclose(nl_catd catalogue);
/* ... so each text is the default. */
char *catgets(nl_catd catalogue, int set, int number, const char *text);
nl_catd catopen(const char *name, int flag);
