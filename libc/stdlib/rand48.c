/*
 * rand48.c - random numbers of 48 bits: x = x * 0x5deece66d + 11, as POSIX has
 * it to the digit.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static unsigned short own[3];

static uint64_t step(unsigned short state[3])
{
	uint64_t x = (uint64_t)state[2] << 32 | (uint32_t)state[1] << 16 |
		     state[0];

	x = (x * 0x5deece66dull + 11) & 0xffffffffffffull;
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
}

unsigned short *seed48(unsigned short state[3])
{
	static unsigned short old[3];

	memcpy(old, own, sizeof(old));
	memcpy(own, state, sizeof(own));
	return old;
}
