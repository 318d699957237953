/*
 * random.c - pseudo-random numbers, the same after the same seed.
 *
 * xorshift64* (Marsaglia; Vigna): the state walks through all values but 0, and
 * the upper half of a product hides the pattern. Good for games and tests, not
 * for secrets.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* Any odd constant spreads the seeds; this one is 2^64 / golden ratio. */
#define SPREAD 0x9e3779b97f4a7c15ull

/* initstate() may bring a state at any address. */
typedef uint64_t word __attribute__((aligned(1)));

static uint64_t own = 2 * SPREAD;	/* srandom(1) */
static word *state = &own;

static long next(word *s)
{
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return (long)(*s * 0x2545f4914f6cdd1du >> 33);
}

void srandom(unsigned int seed)
{
	*state = (seed + (uint64_t)1) * SPREAD;
}

char *initstate(unsigned int seed, char *bytes, size_t count)
{
	char *before;

	if (count < sizeof(*state)) {
		errno = EINVAL;
		return NULL;
	}
	before = setstate(bytes);
	srandom(seed);
	return before;
}

char *setstate(char *bytes)
{
	char *before = (char *)state;

	state = (word *)bytes;
	return before;
}

long random(void)
{
	return next(state);
}

void srand(unsigned int seed)
{
	srandom(seed);
}

int rand(void)
{
	return (int)next(state);
}

int rand_r(unsigned int *seed)
{
	uint64_t s = (*seed + (uint64_t)1) * SPREAD;

	*seed = (unsigned int)next(&s) ^ (unsigned int)(s >> 7);
	return (int)next(&s);
}
