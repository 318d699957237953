/* shadow.h - /etc/shadow: passwords and their age, for root's eyes (SVID). */
#pragma once

#include <stddef.h>

struct spwd {
	char *sp_namp, *sp_pwdp;	/* the user; the hash of the password */
	long sp_lstchg;			/* the day of the last change */
	long sp_min, sp_max, sp_warn, sp_inact;	/* days; -1: not given */
	long sp_expire;			/* the last day; -1: never */
	unsigned long sp_flag;
};

/* NULL: no such user; with errno set: the file cannot be read. */
struct spwd *getspnam(const char *name);
/* The next entry, or NULL. */
struct spwd *getspent(void);
void setspent(void);
void endspent(void);
