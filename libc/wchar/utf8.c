/*
 * utf8.c - from bytes to characters and back, one at a time.
 *
 *	0xxxxxxx			7 bits
 *	110xxxxx 10xxxxxx		11
 *	1110xxxx 10xxxxxx 10xxxxxx	16, without d800 to dfff
 *	11110xxx 10xxxxxx (3 times)	21, up to 10ffff
 *
 * A longer form than needed is an error: so each text has one form. All errors
 * are found as early as possible. Between two calls, a state holds the bits so
 * far behind a bit that marks their beginning, and how many bytes are missing.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <wchar.h>

#define BAD	((size_t)-1)
#define PART	((size_t)-2)

static size_t bad_bytes(mbstate_t *state)
{
	*state = (mbstate_t){ 0, 0 };
	errno = EILSEQ;
	return BAD;
}

/* The first byte of several; false for none. */
static int begin(unsigned byte, mbstate_t *state)
{
	if (byte >= 0xc2 && byte <= 0xdf)
		*state = (mbstate_t){ byte & 0x1f, 1 };
	else if (byte >= 0xe0 && byte <= 0xef)
		*state = (mbstate_t){ (byte & 0x0f) | 0x10000, 2 };
	else if (byte >= 0xf0 && byte <= 0xf4)
		*state = (mbstate_t){ (byte & 0x07) | 0x20000, 3 };
	else
		return 0;
	return 1;
}

/* May this second byte follow? 0x10000 and 0x20000 mark the bits of a
   first byte of three and of four. */
static int is_allowed(unsigned byte, const mbstate_t *state)
{
	if ((byte & 0xc0) != 0x80)
		return 0;
	switch (state->__value) {
	case 0x10000:
		return byte >= 0xa0;	/* else 2 bytes would do */
	case 0x1000d:
		return byte < 0xa0;	/* else half of a pair of UTF-16 */
	case 0x20000:
		return byte >= 0x90;	/* else 3 bytes would do */
	case 0x20004:
		return byte < 0x90;	/* else beyond 10ffff */
	default:
		return 1;
	}
}

size_t mbrtowc(wchar_t *restrict c, const char *restrict s, size_t n,
	mbstate_t *restrict state)
{
	static mbstate_t own;
	size_t done = 0;

	if (!state)
		state = &own;
	if (!s) {
		c = NULL;
		s = "";
		n = 1;
	}
	for (; done < n; done++) {
		unsigned byte = (unsigned char)s[done];

		if (state->__missing == 0) {
			if (byte < 0x80) {
				if (c)
					*c = (wchar_t)byte;
				return byte != 0;
			}
			if (!begin(byte, state))
				return bad_bytes(state);
			continue;
		}
		if (!is_allowed(byte, state))
			return bad_bytes(state);
		/* The marks go when the bits before the last byte move. */
		state->__value = (state->__value & 0xffff) << 6 | (byte & 0x3f);
		if (--state->__missing > 0)
			continue;
		if (c)
			*c = (wchar_t)(state->__value & 0x1fffff);
		*state = (mbstate_t){ 0, 0 };
		return done + 1;
	}
	return PART;
}

size_t wcrtomb(char *restrict s, wchar_t c, mbstate_t *restrict state)
{
	uint32_t u = (uint32_t)c;
	size_t n = u < 0x80 ? 1 : u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;

	(void)state;
	if (!s)
		return 1;
	if (u > 0x10ffff || (u >= 0xd800 && u < 0xe000)) {
		errno = EILSEQ;
		return BAD;
	}
	for (size_t i = n - 1; i > 0; i--, u >>= 6)
		s[i] = (char)(0x80 | (u & 0x3f));
	s[0] = (char)(n == 1 ? u : (0xf00u >> n & 0xf0) | u);
	return n;
}

size_t mbrlen(const char *restrict s, size_t n, mbstate_t *restrict state)
{
	static mbstate_t own;

	return mbrtowc(NULL, s, n, state ? state : &own);
}

int mbsinit(const mbstate_t *state)
{
	return !state || state->__missing == 0;
}

wint_t btowc(int byte)
{
	return byte >= 0 && byte < 0x80 ? (wint_t)byte : WEOF;
}

int wctob(wint_t c)
{
	return c < 0x80 ? (int)c : EOF;
}
