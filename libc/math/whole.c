/* whole.c - numbers rounded to a long or a long long. */
#include "libc/math/x87.h"

#define TO(name, type, by, real)					\
	type name(real x)						\
	{								\
		return (type)by(x);					\
	}

#define TO_WHOLE(name, type, by)					\
	TO(name, type, by, double)					\
	TO(name##f, type, by, float)					\
	TO(name##l, type, by, long double)

TO_WHOLE(lround, long, roundl)
TO_WHOLE(llround, long long, roundl)
TO_WHOLE(lrint, long, rintl)
TO_WHOLE(llrint, long long, rintl)
