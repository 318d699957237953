/* values.h - old names of limits. */
#pragma once

#include <float.h>
#include <limits.h>

#define MAXSHORT	SHRT_MAX
#define MAXINT		INT_MAX
#define MAXLONG		LONG_MAX
#define MINSHORT	SHRT_MIN
#define MININT		INT_MIN
#define MINLONG		LONG_MIN
