/*
 * rand48.c - random numbers of 48 bits: x = x * 0x5deece66d + 11, as POSIX has
 * it to the digit. lcong48() sets other constants, srand48() and seed48() set
 * these again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FACTOR	0x5deece66dull
#define SUMMAND	11

static unsigned short own[3];
static uint64_t factor = FACTOR;
static unsigned short summand = SUMMAND;

static uint64_t of_words(const unsigned short word[3])
{
	return (uint64_t)word[2] << 32 | (uint32_t)word[1] << 16 | word[0];
}

static uint64_t step(unsigned short state[3])
{
	uint64_t x = (of_words(state) * factor + summand) & 0xffffffffffffull;

	state[0] = (unsigned short)x;
	state[1] = (unsigned short)(x >> 16);
	state[2] = (unsigned short)(x >> 32);
	return x;
}

double erand48(unsigned short state[3])
{
	return (double)step(state) / 281474976710656.0;
}

long nrand48(unsigned short state[3])
{
	return (long)(step(state) >> 17);
}

long jrand48(unsigned short state[3])
{
	return (int32_t)(step(state) >> 16);
}

double drand48(void)
{
	return erand48(own);
}

long lrand48(void)
{
	return nrand48(own);
}

long mrand48(void)
{
	return jrand48(own);
}

void srand48(long seed)
{
	own[0] = 0x330e;
	own[1] = (unsigned short)seed;
	own[2] = (unsigned short)(seed >> 16);
	factor = FACTOR;
	summand = SUMMAND;
}

unsigned short *seed48(unsigned short state[3])
{
	static unsigned short old[3];

	memcpy(old, own, sizeof(old));
	memcpy(own, state, sizeof(own));
	factor = FACTOR;
	summand = SUMMAND;
	return old;
}

void lcong48(unsigned short parameter[7])
{
	memcpy(own, parameter, sizeof(own));
	factor = of_words(parameter + 3);
	summand = parameter[6];
}
