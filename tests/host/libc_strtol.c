/*
 * libc_strtol.c - whole numbers out of text against this machine's functions.
 *
 * A long has 64 bits here and 32 on i686; the range checks are the same code.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define atoi		our_atoi
#define atol		our_atol
#define atoll		our_atoll
#define strtoimax	our_strtoimax
#define strtol		our_strtol
#define strtoll		our_strtoll
#define strtoul		our_strtoul
#define strtoull	our_strtoull
#define strtoumax	our_strtoumax
#include "libc/stdlib/strtol.c"
#undef strtol
#undef strtoll
#undef strtoul
#undef strtoull

#define ROUNDS 200000

#define SAME(function, s, base) ({					\
	char *end_, *our_end_;						\
	errno = 0;							\
	long long value_ = (long long)function(s, &end_, base);		\
	int errno_ = errno;						\
	errno = 0;							\
	long long our_ = (long long)our_##function(s, &our_end_, base);	\
	int same_ = value_ == our_ && end_ == our_end_ &&		\
		errno == errno_;					\
	if (!same_)							\
		printf("# " #function " \"%s\" %d: %lld %d, not %lld %d\n", \
			s, base, our_, errno, value_, errno_);		\
	same_; })

static int differs(const char *s, int base)
{
	return !(SAME(strtol, s, base) & SAME(strtoul, s, base) &
		SAME(strtoll, s, base) & SAME(strtoull, s, base));
}

static const char *const chosen[] = {
	"", "-", "+", " ", "0", "-0", "0x", "0xg", "0x1", "-0X1f", "08", "077",
	"9223372036854775807", "9223372036854775808", "-9223372036854775808",
	"-9223372036854775809", "18446744073709551615",
	"18446744073709551616", "-18446744073709551615", "zz", "-zz",
	"99999999999999999999999", "\t\n\v\f\r 5", "+-5", "1 2", "0x0x1",
};

int main(void)
{
	static const int bases[] = { 0, 2, 8, 10, 16, 36 };
	int by_hand = 0, random = 0;

	srand(1);
	for (size_t i = 0; i < sizeof(chosen) / sizeof(*chosen); i++) {
		for (size_t j = 0; j < sizeof(bases) / sizeof(*bases); j++)
			by_hand += differs(chosen[i], bases[j]);
	}
	for (int i = 0; i < ROUNDS; i++) {
		char s[32];
		int n = rand() % 24;

		for (int j = 0; j < n; j++)
			s[j] = " +-0123456789xXabfz"[rand() % 19];
		s[n] = '\0';
		random += differs(s, bases[rand() % 6]);
	}
	is(by_hand, 0, "limits_and_malformed_numbers");
	is(random, 0, "random_texts");
	errno = 0;
	ok(our_strtol("5", NULL, 1) == 0 && errno == EINVAL,
		"base_1_is_EINVAL");
	errno = 0;
	ok(our_strtol("5", NULL, 37) == 0 && errno == EINVAL,
		"base_37_is_EINVAL");
	return tap_done();
}
