/*
 * libc_strtod.c - numbers out of text against this machine's functions.
 *
 * Value, end and errno must agree for doubles, floats and long doubles: for
 * texts with too many digits, around the largest and the smallest numbers, and
 * half-way between neighbours to the last digit.
 *
 * flags: -lm
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

double our_strtod(const char *s, char **end);
float our_strtof(const char *s, char **end);
long double our_strtold(const char *s, char **end);

#define atof	our_atof
#define strtod	our_strtod
#define strtof	our_strtof
#define strtold	our_strtold
#include "libc/stdlib/strtod.c"
#undef strtod
#undef strtof
#undef strtold

#define ROUNDS 2000

/* Are both calls the same in bytes of value, in end and in errno? */
#define SAME(function, type, bytes, s) ({				\
	char *end_, *our_end_;						\
	errno = 0;							\
	type value_ = function(s, &end_);				\
	int errno_ = errno;						\
	errno = 0;							\
	type our_value_ = our_##function(s, &our_end_);			\
	int same_ = end_ == our_end_ && errno == errno_ &&		\
		memcmp(&value_, &our_value_, bytes) == 0;		\
	if (!same_)							\
		printf("# " #function " %.60s: %La %d, not %La %d\n", s, \
			(long double)our_value_, errno,			\
			(long double)value_, errno_);			\
	same_; })

static int differs(const char *s)
{
	return !(SAME(strtod, double, 8, s) & SAME(strtof, float, 4, s) &
		SAME(strtold, long double, 10, s));
}

static const char *const chosen[] = {
	"0", "-0", "1", "-1.5e3", "1e400", "-1e-400", "1e5000", "1e-5000",
	"inf", "-INFINITY", "nan", "NaN(abc)", "nan(", "infx", "0x1.8p3", "0x",
	"0x.p1", ".5", "5.", ".", "", "e5", "1e", "1e+", "  12", "+-1", "1..2",
	"0x1p-1074", "0x1p-1075", "0x1.8p-1075", "0x.8p-1073",
	"4.9406564584124654e-324", "2.4703282292062327208e-324",
	"2.4703282292062328e-324", "1.7976931348623158e308",
	"1.7976931348623159e308", "9007199254740993",
	"9007199254740992.99999", "0x1.fffffffffffff8p0",
	"0x1.fffffffffffff7p0", "0x123456789abcdef0123p-4",
	"3.4028235677973366e38", "1e99999999999", "1e-99999999999",
	"0e99999999999", "1.18973149535723176508e4932", "3.6e-4951",
	"1.8e-4951", "0x1p16384", "0x1p-16445", "0x1p-16446", "0x1.8p-16446",
};

static uint64_t random_bits(void)
{
	return (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^
		(uint64_t)rand();
}

static int random_texts_differ(char *s)
{
	uint64_t bits = random_bits();
	double value;
	int bad = 0;

	memcpy(&value, &bits, sizeof(value));
	sprintf(s, "%.*e", rand() % 25, value);
	bad += differs(s);
	sprintf(s, "%a", value);
	bad += differs(s);
	sprintf(s, "%d.%de%d", rand() % 1000, rand(), rand() % 700 - 350);
	bad += differs(s);
	sprintf(s, "%d.%de%d", rand() % 1000, rand(), rand() % 10400 - 5200);
	bad += differs(s);
	sprintf(s, "0x%llx.%llxp%d", (unsigned long long)random_bits(),
		(unsigned long long)random_bits(), rand() % 2400 - 1200);
	bad += differs(s);
	return bad;
}

/* Exactly between two doubles, and a last digit more. */
static int half_ways_differ(char *s)
{
	double value = (rand() - rand()) * pow(2, rand() % 200 - 100);
	long double half = ((long double)value +
		nextafter(value, INFINITY)) / 2;
	int bad;

	sprintf(s, "%.700Lf", half);
	bad = differs(s);
	strcat(s, "1");
	return bad + differs(s);
}

int main(void)
{
	int by_hand = 0, random = 0, half_way = 0;
	static char s[6000];

	srand(1);
	for (size_t i = 0; i < sizeof(chosen) / sizeof(*chosen); i++)
		by_hand += differs(chosen[i]);
	for (int i = 0; i < ROUNDS; i++) {
		random += random_texts_differ(s);
		half_way += half_ways_differ(s);
	}
	is(by_hand, 0, "limits_and_malformed_numbers");
	is(random, 0, "random_texts_give_the_nearest_number");
	is(half_way, 0, "half_ways_go_to_even");
	ok(our_atof("2.5x") == 2.5, "atof_takes_what_is_there");
	return tap_done();
}
