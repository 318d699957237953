/* utmp.h - the old name of utmpx.h, and login_tty(). */
#pragma once

#include <utmpx.h>

#define utmp	utmpx
#define UT_LINESIZE	32
#define UT_NAMESIZE	32
#define UT_HOSTSIZE	256

/* The last login of a user; the file has an entry at each uid (GNU). */
struct lastlog {
	time_t ll_time;
	char ll_line[UT_LINESIZE], ll_host[UT_HOSTSIZE];
};

/* A new session with this controlling terminal, also as descriptors 0 to 2. */
int login_tty(int terminal);
