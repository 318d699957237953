/* sys/param.h - limits under old names (BSD). */
#pragma once

#include <endian.h>
#include <limits.h>

#define MAXPATHLEN	PATH_MAX
#define MAXHOSTNAMELEN	HOST_NAME_MAX
#define MAXSYMLINKS	SYMLOOP_MAX
#define NOFILE		OPEN_MAX
#define NBBY		CHAR_BIT

#define MIN(a, b)	((a) < (b) ? (a) : (b))
#define MAX(a, b)	((a) > (b) ? (a) : (b))
#define howmany(x, y)	(((x) + (y) - 1) / (y))
#define roundup(x, y)	(howmany(x, y) * (y))
