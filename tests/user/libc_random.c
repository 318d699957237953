/*
 * libc_random.c - series of random numbers: those of 48 bits by the formula of
 * POSIX, the others repeat with their seed. Any POSIX system.
 */
#define _GNU_SOURCE
#include <stdint.h>

#include "tests/user/helpers.h"

#define FACTOR	0x5deece66dULL
#define BITS	0xffffffffffffULL

/* The formula, with the series in one number. */
static uint64_t series;

static uint64_t next(void)
{
	series = (series * FACTOR + 11) & BITS;
	return series;
}

static uint64_t of_words(const unsigned short *words)
{
	return (uint64_t)words[2] << 32 | (uint32_t)words[1] << 16 | words[0];
}

static double fraction_of(uint64_t number)
{
	return (double)number / 281474976710656.0;
}

CASE(number_of_the_common_series_is_not_of_the_formula)
{
	srand48(-559038737);
	series = 0xdeadbeef330eULL;
	for (int i = 0; i < 100; i++) {
		expect(lrand48() == (long)(next() >> 17));
		expect(mrand48() == (int32_t)(next() >> 16));
		expect(drand48() == fraction_of(next()));
	}
}

CASE(number_of_an_own_series_is_not_of_the_formula)
{
	unsigned short words[3] = { 0xffff, 0x8001, 0xfffe };

	series = of_words(words);
	for (int i = 0; i < 100; i++) {
		expect(nrand48(words) == (long)(next() >> 17));
		expect(jrand48(words) == (int32_t)(next() >> 16));
		expect(erand48(words) == fraction_of(next()));
		expect(of_words(words) == series);
	}
}

CASE(own_series_moves_the_common_one)
{
	unsigned short words[3] = { 1, 2, 3 };
	long first;

	srand48(7);
	first = lrand48();
	srand48(7);
	nrand48(words);
	jrand48(words);
	erand48(words);
	expect(lrand48() == first);
}

CASE(seed48_loses_the_place_of_the_series)
{
	unsigned short words[3] = { 4, 5, 6 }, place[3];
	long later;

	srand48(1);
	lrand48();
	memcpy(place, seed48(words), sizeof(place));
	series = 0x1330e;
	expect(of_words(place) == next());
	series = of_words(words);
	expect(lrand48() == (long)(next() >> 17));
	seed48(place);
	later = lrand48();
	srand48(1);
	lrand48();
	expect(lrand48() == later);
}

CASE(constants_of_lcong48_outlive_srand48)
{
	unsigned short parameters[7] = { 1, 0, 0, 3, 0, 0, 2 };
	unsigned short words[3] = { 1, 0, 0 };

	lcong48(parameters);
	expect(mrand48() == 0);		/* 1 * 3 + 2 = 5 */
	expect(nrand48(words) == 0 && of_words(words) == 5);
	srand48(42);
	expect(lrand48() == 1598855263);
}

CASE(rand_r_depends_on_more_than_its_seed)
{
	unsigned one = 5, two = 5, other = 6;
	int differ = 0;

	for (int i = 0; i < 100; i++) {
		int number = rand_r(&one);

		expect(number >= 0 && number <= RAND_MAX);
		rand();
		expect(rand_r(&two) == number);
		differ += rand_r(&other) != number;
	}
	expect(one == two && differ > 90);
}

CASE(srandom_does_not_repeat_the_series)
{
	long numbers[50];
	int differ = 0;

	srandom(99);
	for (int i = 0; i < 50; i++)
		numbers[i] = random();
	srandom(100);
	for (int i = 0; i < 50; i++)
		differ += random() != numbers[i];
	expect(differ > 45);
	srandom(99);
	for (int i = 0; i < 50; i++)
		expect(random() == numbers[i] && numbers[i] >= 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
