/*
 * iconv.c - text from one code to another, a character at a time.
 *
 * The two codes are the two numbers in the handle, so a conversion needs no
 * memory. A character that the other code lacks is EILSEQ.
 */
#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <strings.h>
#include <wchar.h>

enum { ASCII, LATIN1, UTF8, UTF16LE, UTF16BE, UTF32LE, UTF32BE };

#define INVALID	((size_t)-1)
#define PART	((size_t)-2)

static const struct {
	const char *name;
	int code;
} names[] = {
	{ "ASCII", ASCII }, { "US-ASCII", ASCII }, { "ANSI_X3.4-1968", ASCII },
	{ "C", ASCII }, { "ISO-8859-1", LATIN1 }, { "ISO8859-1", LATIN1 },
	{ "LATIN1", LATIN1 }, { "UTF-8", UTF8 }, { "UTF8", UTF8 }, { "", UTF8 },
	{ "UTF-16", UTF16LE }, { "UTF-16LE", UTF16LE }, { "UTF-16BE", UTF16BE },
	{ "UCS-4LE", UTF32LE }, { "UCS-4", UTF32BE }, { "UTF-32", UTF32LE },
	{ "UTF-32LE", UTF32LE }, { "UTF-32BE", UTF32BE },
	{ "WCHAR_T", UTF32LE },
};

static int code_of(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcasecmp(names[i].name, name) == 0)
			return names[i].code;
	}
	return -1;
}

iconv_t iconv_open(const char *to, const char *from)
{
	int to_code = code_of(to), from_code = code_of(from);

	if (to_code < 0 || from_code < 0) {
		errno = EINVAL;
		return (iconv_t)-1;
	}
	return (iconv_t)(uintptr_t)(to_code * 16 + from_code + 1);
}

int iconv_close(iconv_t conversion)
{
	(void)conversion;
	return 0;
}

static int is_big(int code)
{
	return code == UTF16BE || code == UTF32BE;
}

/* A number of so many bytes. */
static uint32_t number_at(const unsigned char *s, int bytes, int big)
{
	uint32_t number = 0;

	for (int i = 0; i < bytes; i++)
		number |= (uint32_t)s[i] << 8 * (big ? bytes - 1 - i : i);
	return number;
}

static void put_number(unsigned char *s, uint32_t number, int bytes, int big)
{
	for (int i = 0; i < bytes; i++)
		s[big ? bytes - 1 - i : i] = (unsigned char)(number >> 8 * i);
}

static size_t get_utf16(uint32_t *c, const unsigned char *s, size_t n, int big)
{
	uint32_t low;

	if (n < 2)
		return PART;
	*c = number_at(s, 2, big);
	if (*c < 0xd800 || *c >= 0xe000)
		return 2;
	if (*c >= 0xdc00)
		return INVALID;
	if (n < 4)
		return PART;
	low = number_at(s + 2, 2, big) - 0xdc00;
	if (low >= 0x400)
		return INVALID;
	*c = 0x10000 + ((*c - 0xd800) << 10) + low;
	return 4;
}

/* Read a character. The number of its bytes, INVALID or PART. */
static size_t get(int code, uint32_t *c, const char *s, size_t n)
{
	const unsigned char *bytes = (const unsigned char *)s;
	mbstate_t state = { 0, 0 };
	wchar_t wide;
	size_t used;

	switch (code) {
	case ASCII:
	case LATIN1:
		*c = bytes[0];
		return code == ASCII && *c >= 0x80 ? INVALID : 1;
	case UTF8:
		used = mbrtowc(&wide, s, n, &state);
		*c = (uint32_t)wide;
		return used == 0 ? 1 : used;
	case UTF16LE:
	case UTF16BE:
		return get_utf16(c, bytes, n, is_big(code));
	default:
		if (n < 4)
			return PART;
		*c = number_at(bytes, 4, is_big(code));
		return *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000)
			? INVALID : 4;
	}
}

/* The bytes of a character, at most 4; 0: the code has no such character. */
static size_t put(int code, uint32_t c, char *s)
{
	unsigned char *bytes = (unsigned char *)s;

	switch (code) {
	case ASCII:
	case LATIN1:
		s[0] = (char)c;
		return c < (code == ASCII ? 0x80 : 0x100);
	case UTF8:
		return wcrtomb(s, (wchar_t)c, NULL);
	case UTF16LE:
	case UTF16BE:
		if (c < 0x10000) {
			put_number(bytes, c, 2, is_big(code));
			return 2;
		}
		c -= 0x10000;
		put_number(bytes, 0xd800 + (c >> 10), 2, is_big(code));
		put_number(bytes + 2, 0xdc00 + (c & 0x3ff), 2, is_big(code));
		return 4;
	default:
		put_number(bytes, c, 4, is_big(code));
		return 4;
	}
}

/* What does not convert stays: *from is the place of the error. */
size_t iconv(iconv_t conversion, char **restrict from,
	size_t *restrict from_left, char **restrict to,
	size_t *restrict to_left)
{
	int codes = (int)(uintptr_t)conversion - 1;

	if (!from || !*from)
		return 0;
	while (*from_left > 0) {
		char bytes[4];
		uint32_t c;
		size_t used = get(codes % 16, &c, *from, *from_left), size;

		if (used == PART || used == INVALID) {
			errno = used == PART ? EINVAL : EILSEQ;
			return (size_t)-1;
		}
		size = put(codes / 16, c, bytes);
		if (size == 0 || size > *to_left) {
			errno = size == 0 ? EILSEQ : E2BIG;
			return (size_t)-1;
		}
		for (size_t i = 0; i < size; i++)
			(*to)[i] = bytes[i];
		*to += size;
		*to_left -= size;
		*from += used;
		*from_left -= used;
	}
	return 0;
}
