/*
 * sysexits.h - exit statuses with a meaning, as of BSD.
 */
#pragma once

#define EX_OK		0
#define EX__BASE	64
#define EX_USAGE	64	/* the command line is wrong */
#define EX_DATAERR	65	/* the input is wrong */
#define EX_NOINPUT	66	/* there is no such input */
#define EX_NOUSER	67
#define EX_NOHOST	68
#define EX_UNAVAILABLE	69	/* a service */
#define EX_SOFTWARE	70	/* an error inside the program */
#define EX_OSERR	71	/* fork() or the like failed */
#define EX_OSFILE	72	/* a file of the system is missing or wrong */
#define EX_CANTCREAT	73	/* an output */
#define EX_IOERR	74
#define EX_TEMPFAIL	75	/* try again later */
#define EX_PROTOCOL	76	/* the other side answers nonsense */
#define EX_NOPERM	77
#define EX_CONFIG	78
#define EX__MAX		78
