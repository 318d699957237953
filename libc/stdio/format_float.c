/*
 * format_float.c - binary fractions as decimal text, every digit right.
 *
 * mantissa * 2^exponent is an exact decimal number, though a long one: 2^-1074
 * has 751 digits. The number is computed in base 10^9, nine digits in a word.
 * Doubling multiplies each word and carries to the left; halving divides each
 * word and carries to the right. The number is rounded once, at the last digit
 * of the format, half to even. Every printed digit is right.
 *
 * Usual doubles need a few words.
 */
#include <string.h>

#include "libc/stdio/format.h"

#define BASE		1000000000u
#define BASE_DIGITS	9
/* Halving by 2^9 adds at most a word; a long double goes down to 2^-16445. */
#define WORDS		(16445 / 9 + 1 + 4)

struct decimal {
	uint32_t word[WORDS];	/* most significant first */
	int first, end;		/* those in use */
	int units;		/* the word of 1 to 10^8 */
};

static const uint32_t powers[BASE_DIGITS] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
};

struct float_parts __float_split(double value)
{
	struct float_parts parts = { .is_long = false };
	uint64_t bits;
	int field;

	memcpy(&bits, &value, sizeof(bits));
	field = (int)(bits >> 52 & 0x7ff);
	parts.negative = bits >> 63;
	parts.mantissa = bits & (((uint64_t)1 << 52) - 1);
	parts.infinite = field == 0x7ff && parts.mantissa == 0;
	parts.nan = field == 0x7ff && parts.mantissa != 0;
	if (field > 0)
		parts.mantissa |= (uint64_t)1 << 52;
	parts.exponent = (field > 0 ? field : 1) - 1023 - 52;
	return parts;
}

struct float_parts __float_split_long(long double value)
{
	struct float_parts parts = { .is_long = true };
	uint16_t high;
	int field;

	memcpy(&parts.mantissa, &value, sizeof(parts.mantissa));
	memcpy(&high, (char *)&value + sizeof(parts.mantissa), sizeof(high));
	field = high & 0x7fff;
	parts.negative = high >> 15;
	parts.infinite = field == 0x7fff && parts.mantissa << 1 == 0;
	parts.nan = field == 0x7fff && parts.mantissa << 1 != 0;
	parts.exponent = (field > 0 ? field : 1) - 16383 - 63;
	return parts;
}

/* ---- The decimal number ------------------------------------------------- */

static void double_times(struct decimal *d, int bits)
{
	uint64_t carry = 0;

	for (int i = d->end - 1; i >= d->first; i--) {
		carry += (uint64_t)d->word[i] << bits;
		d->word[i] = (uint32_t)(carry % BASE);
		carry /= BASE;
	}
	if (carry)
		d->word[--d->first] = (uint32_t)carry;
}

/* bits is at most 9: 2^9 divides 10^9, so the remainder of a word is a whole
   number in the next word. */
static void halve_times(struct decimal *d, int bits)
{
	uint32_t carry = 0;

	for (int i = d->first; i < d->end; i++) {
		uint32_t word = d->word[i];

		d->word[i] = (word >> bits) + carry;
		carry = (word & ((1u << bits) - 1)) * (BASE >> bits);
	}
	if (carry)
		d->word[d->end++] = carry;
	while (d->first < d->units && d->word[d->first] == 0)
		d->first++;
}

static void make_decimal(struct decimal *d, uint64_t mantissa, int exponent)
{
	int zeros = mantissa ? __builtin_ctzll(mantissa) : 0;

	if (mantissa == 0)
		exponent = 0;
	if (exponent < 0 && zeros > 0) {	/* fewer steps */
		zeros = zeros < -exponent ? zeros : -exponent;
		mantissa >>= zeros;
		exponent += zeros;
	}
	d->units = exponent > 0 ? WORDS - 1 : 2;
	d->first = d->end = d->units + 1;
	do {
		d->word[--d->first] = (uint32_t)(mantissa % BASE);
		mantissa /= BASE;
	} while (mantissa > 0);
	while (exponent > 0) {
		double_times(d, exponent < 29 ? exponent : 29);
		exponent -= exponent < 29 ? exponent : 29;
	}
	for (; exponent < 0; exponent += 9)
		halve_times(d, -exponent < 9 ? -exponent : 9);
}

/* Where the digit of 10^place lies: the word, and the power of ten in it. */
static int word_of(const struct decimal *d, int place, int *power)
{
	int words = place >= 0 ? place / BASE_DIGITS
		: -((BASE_DIGITS - 1 - place) / BASE_DIGITS);

	*power = place - words * BASE_DIGITS;
	return d->units - words;
}

static char digit_at(const struct decimal *d, int place)
{
	int power, i = word_of(d, place, &power);

	if (i < d->first || i >= d->end)
		return '0';
	return (char)('0' + d->word[i] / powers[power] % 10);
}

/* The place of the first digit that is not 0; 0 for the number 0. */
static int top_place(const struct decimal *d)
{
	int i = d->first, power = BASE_DIGITS - 1;

	while (i < d->end && d->word[i] == 0)
		i++;
	if (i == d->end)
		return 0;
	while (d->word[i] < powers[power])
		power--;
	return (d->units - i) * BASE_DIGITS + power;
}

/* The place of the last digit that is not 0, or top if all are. */
static int last_place(const struct decimal *d, int top)
{
	int i = d->end - 1, power = 0;

	while (i >= d->first && d->word[i] == 0)
		i--;
	if (i < d->first)
		return top;
	while (d->word[i] / powers[power] % 10 == 0)
		power++;
	return (d->units - i) * BASE_DIGITS + power;
}

/* Add n times 10^0 of word i; carries go to the left. */
static void add(struct decimal *d, int i, uint32_t n)
{
	for (;; i--, n = 1) {
		if (i < d->first)
			d->word[d->first = i] = 0;
		d->word[i] += n;
		if (d->word[i] < BASE)
			return;
		d->word[i] -= BASE;
	}
}

/* Make all digits behind that of 10^place zero, rounding half to even. */
static void round_at(struct decimal *d, int place)
{
	int power, i = word_of(d, place, &power), next = i + 1;
	uint32_t below = 0, unit = powers[power];
	bool odd, rest = false;

	if (place > top_place(d) + 1) {
		d->end = d->first;	/* not even a tenth of 10^place: 0 */
		return;
	}
	if (i >= d->end)
		return;
	odd = digit_at(d, place) & 1;
	if (power > 0 && i >= d->first) {
		below = d->word[i] % unit;
		d->word[i] -= below;
	} else if (power == 0 && next < d->end) {
		below = d->word[next++];
	}
	while (next < d->end)
		rest |= d->word[next++] != 0;
	d->end = i + 1;

	uint32_t half = power > 0 ? unit / 2 : BASE / 2;

	if (below > half || (below == half && (rest || odd)))
		add(d, i, unit);
}

/* ---- Text --------------------------------------------------------------- */

/* The frame around a number: sign or prefix, and blanks or zeros. */
struct frame {
	const struct format_spec *spec;
	char prefix[4];
};

static void set_prefix(struct frame *frame, bool negative, const char *more)
{
	const struct format_spec *spec = frame->spec;
	char *p = frame->prefix;

	if (negative)
		*p++ = '-';
	else if (spec->plus)
		*p++ = '+';
	else if (spec->space)
		*p++ = ' ';
	strcpy(p, more);
}

static int fill(const struct frame *frame, uint64_t length)
{
	length += strlen(frame->prefix);
	if (length >= (uint64_t)frame->spec->width)
		return 0;
	return frame->spec->width - (int)length;
}

/* Call before and after text of this length. */
static void begin(struct format_out *out, const struct frame *frame,
	uint64_t length, bool zeros_allowed)
{
	int n = fill(frame, length);
	bool zeros = frame->spec->zero && zeros_allowed;

	if (!frame->spec->left && !zeros)
		__format_repeat(out, ' ', n);
	__format_put(out, frame->prefix, strlen(frame->prefix));
	if (!frame->spec->left && zeros)
		__format_repeat(out, '0', n);
}

static void end(struct format_out *out, const struct frame *frame,
	uint64_t length)
{
	if (frame->spec->left)
		__format_repeat(out, ' ', fill(frame, length));
}

/* count digits, beginning with the digit of 10^place. */
static void put_digits(struct format_out *out, const struct decimal *d,
	int place, int count)
{
	char text[32];
	int n = 0, lowest = (d->units - d->end + 1) * BASE_DIGITS;

	for (; count > 0 && place >= lowest; place--, count--) {
		text[n++] = digit_at(d, place);
		if (n == (int)sizeof(text)) {
			__format_put(out, text, sizeof(text));
			n = 0;
		}
	}
	__format_put(out, text, (size_t)n);
	__format_repeat(out, '0', count);
}

static void put_fixed(struct format_out *out, const struct frame *frame,
	const struct decimal *d, int precision)
{
	int top = top_place(d);
	int whole = top > 0 ? top + 1 : 1;
	bool point = precision > 0 || frame->spec->alternate;
	uint64_t length = (uint64_t)whole + point + precision;

	begin(out, frame, length, true);
	put_digits(out, d, whole - 1, whole);
	__format_put(out, ".", point);
	put_digits(out, d, -1, precision);
	end(out, frame, length);
}

/* Write e+07 or p-3: the letter, a sign, at least so many digits. */
static size_t exponent_text(char *text, char letter, int exponent, int least)
{
	char digits[8];
	int n = 0, i = 0;
	unsigned int rest = exponent < 0 ? -exponent : exponent;

	text[i++] = letter;
	text[i++] = exponent < 0 ? '-' : '+';
	do {
		digits[n++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0 || n < least);
	while (n > 0)
		text[i++] = digits[--n];
	return (size_t)i;
}

static void put_exponential(struct format_out *out, const struct frame *frame,
	const struct decimal *d, int precision)
{
	int top = top_place(d);
	bool point = precision > 0 || frame->spec->alternate;
	char exponent[12];
	size_t n = exponent_text(exponent, frame->spec->upper ? 'E' : 'e', top,
		2);
	uint64_t length = (uint64_t)1 + point + precision + n;

	begin(out, frame, length, true);
	put_digits(out, d, top, 1);
	__format_put(out, ".", point);
	put_digits(out, d, top - 1, precision);
	__format_put(out, exponent, n);
	end(out, frame, length);
}

/* %g: precision counts all digits; the shorter of the two forms. */
static void put_general(struct format_out *out, const struct frame *frame,
	struct decimal *d, int precision)
{
	int top = top_place(d), last;
	bool fixed = top >= -4 && top < precision;
	int places = precision - 1 - (fixed ? top : 0);

	if (!frame->spec->alternate) {	/* no zeros at the end */
		last = last_place(d, top);
		if (fixed)
			last = last < 0 ? -last : 0;
		else
			last = top - last;
		places = places < last ? places : last;
	}
	if (fixed)
		put_fixed(out, frame, d, places);
	else
		put_exponential(out, frame, d, places);
}

/* Digits beyond this place are 0 in any long double. */
#define DEEPEST 20000

static void put_decimal(struct format_out *out, const struct frame *frame,
	const struct float_parts *parts)
{
	struct decimal d;
	int precision = frame->spec->precision;
	int top, kept;

	if (precision < 0)
		precision = 6;
	make_decimal(&d, parts->mantissa, parts->exponent);
	top = top_place(&d);
	kept = precision < DEEPEST ? precision : DEEPEST;
	if (frame->spec->kind == 'f') {
		round_at(&d, -kept);
		put_fixed(out, frame, &d, precision);
		return;
	}
	if (frame->spec->kind == 'e') {
		round_at(&d, top - kept);
		put_exponential(out, frame, &d, precision);
		return;
	}
	if (precision == 0)
		precision = kept = 1;
	round_at(&d, top - (kept - 1));
	put_general(out, frame, &d, precision);
}

/* Hexadecimal: the mantissa as it is, a digit for four bits. */
static void put_binary(struct format_out *out, struct frame *frame,
	const struct float_parts *parts, bool negative)
{
	const char *digits = frame->spec->upper ? "0123456789ABCDEF"
		: "0123456789abcdef";
	int behind = parts->is_long ? 15 : 13;	/* digits behind the point */
	int exponent = parts->mantissa ? parts->exponent + 4 * behind : 0;
	int precision = frame->spec->precision, lead, shown;
	uint64_t mantissa = parts->mantissa, rest;
	char text[20], power[12];
	size_t n = 0, power_length;
	bool point;

	if (precision >= 0 && precision < behind) {	/* round half to even */
		int dropped = 4 * (behind - precision);
		uint64_t unit = (uint64_t)1 << dropped;

		rest = mantissa & (unit - 1);
		mantissa >>= dropped;
		mantissa += rest > unit / 2 || (rest == unit / 2 &&
			mantissa & 1);
		behind = precision;
	}
	/* A long mantissa may have become 2^64, in which case nothing of it
	   but that is left. */
	lead = (int)(mantissa >> 4 * behind);
	if (lead == 16) {
		lead = 1;
		exponent += 4;
	}
	if (precision < 0) {
		while (behind > 0 && (mantissa & 15) == 0) {
			mantissa >>= 4;
			behind--;
		}
		precision = behind;
	}
	for (shown = behind; shown > 0; shown--)
		text[n++] = digits[mantissa >> 4 * (shown - 1) & 15];
	point = precision > 0 || frame->spec->alternate;
	power_length = exponent_text(power, frame->spec->upper ? 'P' : 'p',
		exponent, 1);

	uint64_t length = (uint64_t)1 + point + precision + power_length;

	set_prefix(frame, negative, frame->spec->upper ? "0X" : "0x");
	begin(out, frame, length, true);
	__format_put(out, digits + lead, 1);
	__format_put(out, ".", point);
	__format_put(out, text, n);
	__format_repeat(out, '0', precision - (int)n);
	__format_put(out, power, power_length);
	end(out, frame, length);
}

void __format_float(struct format_out *out, const struct format_spec *spec,
	struct float_parts parts)
{
	struct frame frame = { .spec = spec };
	const char *word = NULL;

	if (parts.infinite)
		word = spec->upper ? "INF" : "inf";
	if (parts.nan)
		word = spec->upper ? "NAN" : "nan";
	set_prefix(&frame, parts.negative, "");
	if (word) {
		begin(out, &frame, 3, false);
		__format_put(out, word, 3);
		end(out, &frame, 3);
		return;
	}
	if (spec->kind == 'a')
		put_binary(out, &frame, &parts, parts.negative);
	else
		put_decimal(out, &frame, &parts);
}
