/* utmp.h - the old name of utmpx.h, and login_tty(). */
#pragma once

#include <utmpx.h>

#define utmp	utmpx

/* A new session with this controlling terminal, also as descriptors 0 to 2. */
int login_tty(int terminal);
