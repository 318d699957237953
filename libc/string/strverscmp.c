/*
 * strverscmp.c - the order of names with numbers (GNU): "file9", "file10".
 *
 * Two strings are equal up to some byte. If that byte is in or right behind a
 * number, the numbers are compared. A number that begins with 0 counts as the
 * fraction behind a point, so that "000" < "00" < "01" < "010" < "09" < "0" <
 * "1" < "9" < "10".
 */
#include <ctype.h>
#include <string.h>

static int is_digit(char c)
{
	return isdigit((unsigned char)c);
}

/* Of two whole numbers, the one with more digits is the larger. */
static int compare_lengths(const char *a, const char *b)
{
	while (is_digit(*a) && is_digit(*b)) {
		a++;
		b++;
	}
	return !!is_digit(*a) - !!is_digit(*b);
}

int strverscmp(const char *a, const char *b)
{
	size_t at = 0, begin = 0, zeros;
	int order, longer;

	for (; a[at] == b[at]; at++) {	/* begin: of the number before at */
		if (!a[at])
			return 0;
		if (!is_digit(a[at]))
			begin = at + 1;
	}
	order = (unsigned char)a[at] - (unsigned char)b[at];
	zeros = strspn(a + begin, "0");
	if (begin + zeros > at)
		zeros = at - begin;
	if (zeros > 0) {		/* fractions */
		if (begin + zeros < at || (is_digit(a[at]) && is_digit(b[at])))
			return order;
		return is_digit(a[at]) ? -1 : is_digit(b[at]) ? 1 : order;
	}
	if (begin == at && (!is_digit(a[at]) || !is_digit(b[at])))
		return order;
	if (begin == at && (a[at] == '0' || b[at] == '0'))
		return order;
	longer = compare_lengths(a + at, b + at);
	return longer ? longer : order;
}
