/* fmtmsg.h - messages of one form, to stderr and to the console. */
#pragma once

/* classification: a source, a part, where the message goes, its outcome. */
#define MM_NULLMC	0L
#define MM_HARD		0x001L
#define MM_SOFT		0x002L
#define MM_FIRM		0x004L
#define MM_APPL		0x008L
#define MM_UTIL		0x010L
#define MM_OPSYS	0x020L
#define MM_RECOVER	0x040L
#define MM_NRECOV	0x080L
#define MM_PRINT	0x100L	/* to stderr */
#define MM_CONSOLE	0x200L	/* to /dev/console */

/* severity */
#define MM_NULLSEV	0
#define MM_HALT		1
#define MM_ERROR	2
#define MM_WARNING	3
#define MM_INFO		4

/* An argument that is not given. */
#define MM_NULLLBL	((char *)0)
#define MM_NULLTXT	((char *)0)
#define MM_NULLACT	((char *)0)
#define MM_NULLTAG	((char *)0)

/* Results. */
#define MM_OK		0
#define MM_NOTOK	(-1)	/* no such severity, or neither written */
#define MM_NOMSG	1	/* not to stderr */
#define MM_NOCON	4	/* not to the console */

/* Write "label: ERROR: text", and in a second line "TO FIX: action  tag". The
 * variable MSGVERB names the parts for stderr, such as "severity:text". */
int fmtmsg(long classification, const char *label, int severity,
	const char *text, const char *action, const char *tag);
