/*
 * libc_printf.c - the engine of printf against the printf of this machine.
 *
 * Formats are made at random from all flags, widths, precisions, lengths and
 * letters; arguments are integers of all sizes and floating-point numbers of
 * all exponents, with halves and short decimals among them, where rounding goes
 * wrong. The text must be the same to the last digit. Long doubles here have
 * the format of i686. Formats with numbers (%3$d) take the arguments in any
 * order, some of them twice.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define sprintf		our_sprintf
#define snprintf	our_snprintf
#define vsprintf	our_vsprintf
#define vsnprintf	our_vsnprintf
int our_vsprintf(char *s, const char *format, va_list arguments);
#include "libc/stdio/format.c"
#include "libc/stdio/format_float.c"
#include "libc/stdio/sprintf.c"
#undef sprintf
#undef snprintf
#undef vsprintf
#undef vsnprintf

#define ROUNDS 30000

static int same(const char *format, ...)
{
	static char ours[30000], theirs[30000];
	va_list arguments, again;
	int n, m;

	va_start(arguments, format);
	va_copy(again, arguments);
	n = our_vsnprintf(ours, sizeof(ours), format, arguments);
	m = vsnprintf(theirs, sizeof(theirs), format, again);
	va_end(arguments);
	va_end(again);
	if (n == m && strcmp(ours, theirs) == 0)
		return 1;
	printf("# %s: \"%.100s\" %d, not \"%.100s\" %d\n", format, ours, n,
		theirs, m);
	return 0;
}

static int errors_differ(void)
{
	errno = ENOENT;
	if (!same("%m|%30m|%-30m|%.3m|%d", 7))
		return 1;
	errno = EPERM;
	return !same("%s %m %s", "x", "y");
}

static uint64_t random_bits(void)
{
	return (uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^
		(uint64_t)rand();
}

/* "%", flags, width, precision and length, without the letter. */
static char *random_spec(char *spec, const char *length)
{
	char *p = spec;

	*p++ = '%';
	for (const char *flag = "-+ #0"; *flag; flag++) {
		if (rand() % 4 == 0)
			*p++ = *flag;
	}
	if (rand() % 2)
		p += sprintf(p, "%d", 1 + rand() % 30);
	if (rand() % 8 == 0)
		*p++ = '.';
	else if (rand() % 2)
		p += sprintf(p, ".%d", rand() % (rand() % 10 ? 25 : 400));
	p += sprintf(p, "%s", length);
	return p;
}

static int integers_differ(void)
{
	static const char *const lengths[] = {
		"hh", "h", "", "l", "ll", "j", "z", "t"
	};
	uint64_t n = random_bits() >> rand() % 64;
	char spec[64], *p = random_spec(spec, lengths[rand() % 8]);

	if (rand() % 20 == 0)
		n = 0;
	sprintf(p, "%c|", "diouxX"[rand() % 6]);
	return !same(spec, n);
}

static double random_double(void)
{
	uint64_t bits = random_bits();
	double value;

	switch (rand() % 5) {
	case 0:
		memcpy(&value, &bits, sizeof(value));
		return value;
	case 1:
		return (double)(int64_t)bits / 1000;
	case 2:
		return (rand() % 2000000 - 1000000) / 1000.0;
	case 3:
		return rand() % 2000 / 8.0;	/* many halves */
	default:
		return rand() % 1000 * (rand() % 2 ? 0.001 : -0.001);
	}
}

static int floats_differ(void)
{
	char letter = "feEgGaAF"[rand() % 8], spec[64];
	double value = random_double();
	long double longer = value;

	sprintf(random_spec(spec, ""), "%c|", letter);
	if (!same(spec, value))
		return 1;
	for (int i = rand() % 1000; i > 0 && rand() % 4; i--)
		longer *= rand() % 2 ? 3.7L : 1 / 3.1L;
	sprintf(random_spec(spec, "L"), "%c|", letter);
	return !same(spec, longer);
}

/* A conversion for argument n, 1 to 7, of numbered_differ(). */
static char *random_numbered(char *p, int n)
{
	static const char *const ends[] = {
		"d", "lld", "g", "Lg", "s", "c", "lx"
	};

	p += sprintf(p, "%%%d$", n);
	if (rand() % 3 == 0)
		*p++ = "-+ #0'"[rand() % 6];
	/* With 0 and a negative star, glibc puts zeros behind a number. */
	if (rand() % 3 == 0 && p[-1] != '0')
		p += sprintf(p, "*1$");
	else if (rand() % 3 == 0)
		p += sprintf(p, "%d", 1 + rand() % 20);
	if (rand() % 3 == 0)
		p += sprintf(p, ".*8$");
	return p + sprintf(p, "%s|", ends[n - 1]);
}

/* All arguments have a conversion, as POSIX wants, and some have two. */
static int numbered_differ(void)
{
	int order[7], times = rand() % 4, swapped;
	char format[400], *p = format;

	for (int i = 0; i < 7; i++)
		order[i] = i + 1;
	for (int i = 0; i < 7; i++) {
		int other = rand() % 7;

		swapped = order[i];
		order[i] = order[other];
		order[other] = swapped;
	}
	for (int i = 0; i < 7; i++)
		p = random_numbered(p, order[i]);
	for (int i = 0; i < times; i++)
		p = random_numbered(p, 1 + rand() % 7);
	sprintf(p, "%%1$*8$d");
	return !same(format, rand() % 40 - 20, (long long)random_bits(),
		     random_double(), (long double)random_double(), "text",
		     'c', (long)rand(), rand() % 12);
}

static void by_hand(void)
{
	char text[16];

	ok(same("%s|%10s|%-10s|%.3s|%c|%5c|%-5c|%%", "abc", "x", "y", "abcdef",
		'c', 'd', 'e'), "strings_and_characters");
	ok(same("%2$s %1$s", "a", "b"), "arguments_by_number");
	ok(same("%p|%20p|%-20p|%p", (void *)0x1234, (void *)1, (void *)2,
		(void *)0), "pointers");
	ok(same("%*d|%*d|%.*f|%.*d", 5, 3, -5, 4, -1, 2.5, 3, 7),
		"negative_star_is_a_flag_or_nothing");
	ok(same("%f %F %e %010f %-10f| %+f %010g", INFINITY, -INFINITY,
		(double)NAN, INFINITY, -INFINITY, INFINITY, (double)NAN),
		"no_zeros_before_infinity");
	ok(same("%.1100f", 4.9406564584124654e-324),
		"smallest_double_to_its_last_digit");
	ok(same("%.0f", 1.7976931348623157e308), "largest_double");
	ok(same("%.17000Lf", 3.6e-4951L), "smallest_long_double");
	ok(same("%Lf", 1.18e4932L), "largest_long_double");
	ok(same("%.0f %.0f %.0f %.0e %.0e", 0.5, 1.5, 2.5, 25.0, 35.0),
		"halves_go_to_even");
	ok(same("%g %g %g %#g %#.0f", 1e5, 1e6, 1e-5, 1.0, 1.0),
		"general_form_chooses_as_C_says");
	ok(our_snprintf(text, 4, "%d", 123456) == 6 &&
		strcmp(text, "123") == 0, "snprintf_cuts_and_tells");
	ok(our_snprintf(NULL, 0, "%d", 123456) == 6, "snprintf_of_size_0");
	ok(same("%y 100%\n%-5y %!", 0), "unknown_conversion_stays_text");
	ok(our_snprintf(text, 16, "100%") == -1 && errno == EINVAL,
		"format_that_ends_in_a_conversion_is_an_error");
	ok(our_snprintf(text, 16, "%99999999999d", 1) == -1,
		"width_beyond_int_is_an_error");
}

int main(void)
{
	int integers = 0, floats = 0, numbered = 0;

	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		integers += integers_differ();
		floats += floats_differ();
		numbered += numbered_differ();
	}
	is(integers, 0, "integers_in_%d_formats", ROUNDS);
	is(floats, 0, "floats_in_%d_formats", 2 * ROUNDS);
	is(numbered, 0, "numbered_arguments_in_%d_formats", ROUNDS);
	is(errors_differ(), 0, "text_of_errno");
	by_hand();
	return tap_done();
}
