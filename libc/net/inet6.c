/*
 * inet6.c - addresses of IPv6 as text: RFC 4291, written as in RFC 5952.
 *
 * Eight groups of up to four hexadecimal digits. "::" stands for groups of
 * zeros, at one place. The last two groups may be an address of IPv4.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "libc/net/address.h"

#define BYTES	16
#define GROUPS	8

/* One to four digits; the result is behind them, or NULL. */
static const char *read_group(const char *text, unsigned *value)
{
	const char *at = text;

	for (*value = 0; isxdigit((unsigned char)*at); at++) {
		int digit = tolower((unsigned char)*at);

		*value = *value * 16 + digit - (digit > '9' ? 'a' - 10 : '0');
	}
	return at > text && at - text <= 4 ? at : NULL;
}

/* The groups in front of `gap` stay, the others move to the end. */
static void open_gap(unsigned char bytes[BYTES], int gap, int end)
{
	memmove(bytes + BYTES - (end - gap), bytes + gap, end - gap);
	memset(bytes + gap, 0, BYTES - end);
}

int __ipv6_read(const char *text, unsigned char bytes[BYTES])
{
	int at = 0, gap = -1;		/* in bytes */
	const char *next;
	unsigned group;

	if (*text == ':' && *++text != ':')
		return 0;
	for (;; text = next + 1) {
		if (*text == ':' && gap < 0) {	/* the second colon of :: */
			gap = at;
			if (!*++text)
				break;
		}
		next = read_group(text, &group);
		if (!next || at == BYTES)
			return 0;
		if (*next == '.') {
			if (at > BYTES - 4 || !__ipv4_read(text, bytes + at))
				return 0;
			at += 4;
			break;
		}
		bytes[at++] = group >> 8;
		bytes[at++] = group & 0xff;
		if (!*next)
			break;
		if (*next != ':')
			return 0;
	}
	if (gap >= 0 && at < BYTES)
		open_gap(bytes, gap, at);
	return (gap >= 0) == (at < BYTES);
}

struct run {
	int start, length;		/* in groups */
};

/* The longest run of two or more groups that are 0, and of these the first. */
static struct run longest_run(const unsigned groups[GROUPS])
{
	struct run best = { -1, 1 }, run = { 0, 0 };

	for (int i = 0; i < GROUPS; i++) {
		run.length = groups[i] ? 0 : run.length + 1;
		run.start = i + 1 - run.length;
		if (run.length > best.length)
			best = run;
	}
	return best;
}

/* ::ffff:1.2.3.4, or ::1.2.3.4 of earlier times. */
static int has_ipv4(const unsigned groups[GROUPS], struct run zeros)
{
	return zeros.start == 0 && (zeros.length == 6 ||
				    (zeros.length == 5 && groups[5] == 0xffff));
}

void __ipv6_write(const unsigned char bytes[BYTES], char *text)
{
	unsigned groups[GROUPS];
	struct run zeros;
	int end = GROUPS;

	for (int i = 0; i < GROUPS; i++)
		groups[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
	zeros = longest_run(groups);
	if (has_ipv4(groups, zeros))
		end -= 2;
	for (int i = 0; i < end; i++) {
		if (i == zeros.start) {
			text = stpcpy(text, "::");
			i += zeros.length - 1;
		} else {
			text += sprintf(text, "%x", groups[i]);
			if (i + 1 < GROUPS && i + 1 != zeros.start)
				*text++ = ':';
		}
	}
	*text = '\0';
	if (end < GROUPS)
		__ipv4_write(bytes + 12, text);
}
