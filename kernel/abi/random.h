/* random.h - flags of getrandom(2). */
#pragma once

#define GRND_NONBLOCK	1		/* the call never waits anyway */
#define GRND_RANDOM	2		/* there is one source */
