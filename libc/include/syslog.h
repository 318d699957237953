/*
 * syslog.h - messages for the person who looks after the machine.
 *
 * A message is a line on the console; with LOG_PERROR, on standard error too.
 */
#pragma once

#include <stdarg.h>

/* Severities, the worst first. */
#define LOG_EMERG	0
#define LOG_ALERT	1
#define LOG_CRIT	2
#define LOG_ERR		3
#define LOG_WARNING	4
#define LOG_NOTICE	5
#define LOG_INFO	6
#define LOG_DEBUG	7

/* What kind of program speaks. */
#define LOG_KERN	(0 << 3)
#define LOG_USER	(1 << 3)
#define LOG_MAIL	(2 << 3)
#define LOG_DAEMON	(3 << 3)
#define LOG_AUTH	(4 << 3)
#define LOG_SYSLOG	(5 << 3)
#define LOG_LPR		(6 << 3)
#define LOG_NEWS	(7 << 3)
#define LOG_UUCP	(8 << 3)
#define LOG_CRON	(9 << 3)
#define LOG_AUTHPRIV	(10 << 3)
#define LOG_FTP		(11 << 3)
#define LOG_LOCAL0	(16 << 3)
#define LOG_LOCAL1	(17 << 3)
#define LOG_LOCAL2	(18 << 3)
#define LOG_LOCAL3	(19 << 3)
#define LOG_LOCAL4	(20 << 3)
#define LOG_LOCAL5	(21 << 3)
#define LOG_LOCAL6	(22 << 3)
#define LOG_LOCAL7	(23 << 3)

#define LOG_PRIMASK	7
#define LOG_FACMASK	(127 << 3)
#define LOG_PRI(priority)	((priority) & LOG_PRIMASK)
#define LOG_FAC(priority)	(((priority) & LOG_FACMASK) >> 3)
#define LOG_MAKEPRI(facility, severity)	((facility) | (severity))
#define LOG_MASK(severity)	(1 << (severity))
#define LOG_UPTO(severity)	((1 << ((severity) + 1)) - 1)

/* Options of openlog(). */
#define LOG_PID		0x01	/* the process's number in each message */
#define LOG_CONS	0x02	/* to the console: always so here */
#define LOG_ODELAY	0x04
#define LOG_NDELAY	0x08
#define LOG_NOWAIT	0x10
#define LOG_PERROR	0x20	/* to standard error, too */

void closelog(void);
/* `name` stays the caller's, and must stay valid. */
void openlog(const char *name, int options, int facility);
/* Which severities are written: LOG_MASK() or LOG_UPTO(). The mask before. */
int setlogmask(int mask);
/* As printf(); %m is the text of errno. */
void syslog(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void vsyslog(int priority, const char *format, va_list arguments);
