/*
 * number.c - compare numbers as they are written.
 *
 * No conversion: digits of any count compare exactly, more of them in front of
 * the point make the larger number, and otherwise the first difference tells.
 */
#include "user/sort/sort.h"

#include <ctype.h>
#include <string.h>

struct decimal {
	bool negative;
	struct span whole;	/* without zeros in front */
	struct span fraction;	/* without zeros behind */
};

static struct span take_digits(const char *start, const char *end)
{
	struct span digits = { start, start };

	while (digits.end < end && isdigit((unsigned char)*digits.end))
		digits.end++;
	return digits;
}

static struct decimal read_decimal(struct span text)
{
	struct decimal number = { 0 };

	while (text.start < text.end && isblank((unsigned char)*text.start))
		text.start++;
	if (text.start < text.end && *text.start == '-') {
		number.negative = true;
		text.start++;
	}
	number.whole = take_digits(text.start, text.end);
	text.start = number.whole.end;
	if (text.start < text.end && *text.start == '.')
		text.start++;
	number.fraction = take_digits(text.start, text.end);
	while (number.whole.start < number.whole.end &&
	       *number.whole.start == '0')
		number.whole.start++;
	while (number.fraction.end > number.fraction.start &&
	       number.fraction.end[-1] == '0')
		number.fraction.end--;
	if (number.whole.start == number.whole.end &&
	    number.fraction.start == number.fraction.end)
		number.negative = false;
	return number;
}

static size_t length(struct span span)
{
	return span.end - span.start;
}

static int compare_magnitude(const struct decimal *a, const struct decimal *b)
{
	size_t length_a = length(a->whole), length_b = length(b->whole);
	int result;

	if (length_a != length_b)
		return length_a < length_b ? -1 : 1;
	result = memcmp(a->whole.start, b->whole.start, length_a);
	if (result)
		return result;
	length_a = length(a->fraction);
	length_b = length(b->fraction);
	result = memcmp(a->fraction.start, b->fraction.start,
			length_a < length_b ? length_a : length_b);
	return result ? result : (length_a > length_b) - (length_a < length_b);
}

int compare_numbers(struct span text_a, struct span text_b)
{
	struct decimal a = read_decimal(text_a), b = read_decimal(text_b);

	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	return a.negative ? compare_magnitude(&b, &a) :
		compare_magnitude(&a, &b);
}
