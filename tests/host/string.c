/*
 * string.c - the kernel's string and memory functions against the host's
 * functions.
 *
 * Each copy is tried at all alignments and short lengths, inside a larger
 * buffer and the rest of the buffer must not change: this finds a store of a
 * word too many.
 */
#include <string.h>

#include "tests/host/kernel.h"

#define memcpy		our_memcpy
#define memmove		our_memmove
#define memset		our_memset
#define memcmp		our_memcmp
#define strlen		our_strlen
#define strnlen		our_strnlen
#define strcmp		our_strcmp
#define strncmp		our_strncmp
#define strchr		our_strchr
#define strrchr		our_strrchr
#define strlcpy		our_strlcpy
#include "kernel/lib/string.c"
#include "arch/i686/memcpy.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr
#undef strrchr
#undef strstr

#define SIZE	64

static unsigned char got[SIZE], wanted[SIZE], source[SIZE];

static void fill(void)
{
	for (int i = 0; i < SIZE; i++) {
		got[i] = wanted[i] = test_random();
		source[i] = test_random();
	}
}

static bool same(void)
{
	return memcmp(got, wanted, SIZE) == 0;
}

static void test_copies(void)
{
	bool copies = true, moves = true, sets = true;

	for (int to = 0; to < 20; to++) {
		for (int from = 0; from < 20; from++) {
			for (int n = 0; n < 40; n++) {
				fill();
				copies &= our_memcpy(got + to, source + from,
						     n) == got + to;
				memcpy(wanted + to, source + from, n);
				copies &= same();

				moves &= our_memmove(got + to, got + from,
						     n) == got + to;
				memmove(wanted + to, wanted + from, n);
				moves &= same();

				our_memset(got + to, from - 10, n);
				memset(wanted + to, from - 10, n);
				sets &= same();
			}
		}
	}
	ok(copies, "memcpy_copies_just_what_was_asked");
	ok(moves, "memmove_survives_overlap_both_ways");
	ok(sets, "memset_sets_just_what_was_asked");
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void test_memcmp(void)
{
	bool right = true;

	for (int n = 0; n < 20; n++) {
		for (int at = 0; at <= n; at++) {
			fill();
			memcpy(got, wanted, SIZE);
			got[at] ^= test_random();
			right &= sign(our_memcmp(got, wanted, n)) ==
				 sign(memcmp(got, wanted, n));
		}
	}
	ok(right, "memcmp_compares_unsigned_bytes_in_order");
}

static void test_strings(void)
{
	static const char *const words[] = {
		"", "a", "ab", "abc", "b", "abcabd", "abd", "\377", "bc", "cab",
	};
	bool compares = true, finds = true, measures = true;

	for (unsigned i = 0; i < ARRAY_LENGTH(words); i++) {
		const char *a = words[i];

		measures &= our_strlen(a) == strlen(a);
		measures &= our_strnlen(a, 2) == strnlen(a, 2);
		for (int c = 0; c < 256; c++) {
			finds &= our_strchr(a, c) == strchr(a, c);
			finds &= our_strrchr(a, c) == strrchr(a, c);
		}
		for (unsigned j = 0; j < ARRAY_LENGTH(words); j++) {
			const char *b = words[j];

			compares &= sign(our_strcmp(a, b)) ==
				    sign(strcmp(a, b));
			for (int n = 0; n < 5; n++)
				compares &= sign(our_strncmp(a, b, n)) ==
					    sign(strncmp(a, b, n));
		}
	}
	ok(measures, "strlen_stops_at_nul_or_limit");
	ok(compares, "strcmp_orders_as_unsigned_and_stops_at_nul");
	ok(finds, "strchr_finds_first_last_and_nul");
}

static void test_strlcpy(void)
{
	char to[8] = "#######";

	is(our_strlcpy(to, "hello", sizeof(to)), 5, "strlcpy_returns_length");
	ok(strcmp(to, "hello") == 0, "strlcpy_copies_with_nul");
	is(our_strlcpy(to, "hello world", sizeof(to)), 11,
	   "strlcpy_returns_length_of_what_was_cut");
	ok(strcmp(to, "hello w") == 0, "strlcpy_cuts_and_ends_with_nul");
	to[0] = '#';
	is(our_strlcpy(to, "abc", 0), 3, "strlcpy_of_size_0_measures");
	is(to[0], '#', "strlcpy_of_size_0_writes_nothing");
}

static void test_numbers(void)
{
	is(parse_number("1234x"), 1234, "parse_number_stops_at_others");
	is(parse_number("0xfFg"), 255, "parse_number_reads_hexadecimal");
	is(parse_number("077"), 77, "parse_number_knows_no_octal");
	is(parse_number("x"), 0, "parse_number_of_nothing_is_0");
}

int main(void)
{
	test_copies();
	test_memcmp();
	test_strings();
	test_strlcpy();
	test_numbers();
	return tap_done();
}
