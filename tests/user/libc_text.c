/*
 * libc_text.c - text between codes, amounts of money, text by wide formats. Any
 * POSIX system with a locale C.UTF-8.
 */
#include <arpa/inet.h>
#include <iconv.h>
#include <locale.h>
#include <monetary.h>
#include <netinet/in.h>
#include <wchar.h>

#include "tests/user/helpers.h"

static char result[64];

/* Convert; the bytes made, or -1. The rest of the source goes to *left. */
static long convert(const char *to, const char *from, const char *text,
	size_t n, size_t room, size_t *left)
{
	iconv_t conversion = iconv_open(to, from);
	char *source = (char *)text, *place = result;
	size_t rest = room, failed;

	if (conversion == (iconv_t)-1)
		return -2;
	failed = iconv(conversion, &source, &n, &place, &rest);
	iconv_close(conversion);
	*left = n;
	return failed == (size_t)-1 ? -1 : place - result;
}

CASE(text_goes_between_codes)
{
	size_t left;

	expect(convert("ISO-8859-1", "UTF-8", "\xc3\xa9t\xc3\xa9", 5, 64,
		&left) == 3 && memcmp(result, "\xe9t\xe9", 3) == 0);
	expect(convert("UTF-8", "ISO-8859-1", "\xe9", 1, 64, &left) == 2);
	expect(convert("UTF-16BE", "UTF-8", "a\xf0\x9f\x98\x80", 5, 64, &left)
		== 6 && memcmp(result, "\0a\xd8\x3d\xde\0", 6) == 0);
	expect(convert("UTF-8", "UTF-16LE", "\x3d\xd8\0\xde", 4, 64, &left)
		== 4 && memcmp(result, "\xf0\x9f\x98\x80", 4) == 0);
	expect(convert("UTF-32LE", "UTF-8", "\xe2\x82\xac", 3, 64, &left) == 4
		&& memcmp(result, "\xac\x20\0\0", 4) == 0);
	expect(iconv_open("UTF-8", "no such code") == (iconv_t)-1 &&
		errno == EINVAL);
}

CASE(errors_keep_the_place)
{
	size_t left;

	errno = 0;
	expect(convert("UTF-8", "UTF-8", "ab\xff", 3, 64, &left) == -1);
	expect(errno == EILSEQ && left == 1);
	expect(convert("UTF-8", "UTF-8", "ab\xe2\x82", 4, 64, &left) == -1);
	expect(errno == EINVAL && left == 2);
	expect(convert("UTF-8", "ISO-8859-1", "ab\xe9", 3, 3, &left) == -1);
	expect(errno == E2BIG && left == 1);
	expect(convert("ASCII", "UTF-8", "a\xc3\xa9", 3, 64, &left) == -1);
	expect(errno == EILSEQ && left == 2);
}

/* ---- Addresses ----------------------------------------------------------- */

/* The text as inet_ntop() writes it again. */
static const char *again(const char *from)
{
	static char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (inet_pton(AF_INET6, from, &address) != 1)
		return "none";
	return inet_ntop(AF_INET6, &address, text, sizeof(text));
}

CASE(addresses_of_ipv6_are_read_and_written)
{
	static const char *const pairs[][2] = {
		{ "::", "::" }, { "::1", "::1" }, { "1::", "1::" },
		{ "2001:DB8:0:0:1::0001", "2001:db8::1:0:0:1" },
		{ "1:0:0:2:0:0:0:3", "1:0:0:2::3" },
		{ "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7" },
		{ "0:0:0:0:0:ffff:c0a8:1", "::ffff:192.168.0.1" },
		{ "64:ff9b::10.0.2.15", "64:ff9b::a00:20f" },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		expect(strcmp(again(pairs[i][0]), pairs[i][1]) == 0);
}

CASE(what_is_no_address_of_ipv6_is_refused)
{
	static const char *const texts[] = {
		"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"1::2::3", "12345::", "::g", ":1::", "1::2:", "::1.2.3",
		"::1.2.3.4.5", "::256.1.1.1", "1:2:3:4:5:6:7:1.2.3.4",
		"1:2:3:4::5:6:7:8", "10.0.2.15", "::1 ",
	};
	struct in6_addr address;
	char text[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		expect(inet_pton(AF_INET6, texts[i], &address) == 0);
	expect_error(inet_pton(77, "::1", &address), EAFNOSUPPORT);
	expect(inet_ntop(AF_INET6, &in6addr_loopback, text, 3) == NULL &&
	       errno == ENOSPC);
	expect(inet_ntop(AF_INET6, &in6addr_loopback, text, 4) == text);
}

/* ---- Wide text out of bytes ---------------------------------------------- */

CASE(scanf_stores_wide_text)
{
	wchar_t word[8] = L"", two[3] = L"", set[8] = L"", *made = NULL;
	char allocates[] = "%ml[^.]";	/* clang 14 does not know `m` here */
	int n = -1;

	require(setlocale(LC_ALL, "C.UTF-8"));
	expect(sscanf("  t\u00e9l\u20ac \u00e9x", "%ls%n", word, &n) == 1 &&
	       wcscmp(word, L"t\u00e9l\u20ac") == 0 && n == 9);
	expect(sscanf("t\u00e9l\u20ac", "%2ls%lc%*c", word, two) == 2 &&
	       wcscmp(word, L"t\u00e9") == 0 && two[0] == L'l');
	expect(sscanf("\u00e9\u20acz", "%2lc%ls", two, word) == 2 &&
	       two[0] == L'\u00e9' && two[1] == L'\u20ac' &&
	       wcscmp(word, L"z") == 0);
	expect(sscanf("", "%ls", word) == EOF);
	expect(sscanf("\u00e9abc\u00e8", "%l[a-b\u00e9]%ls", set, word) == 2 &&
	       wcscmp(set, L"\u00e9ab") == 0 && wcscmp(word, L"c\u00e8") == 0);
	expect(sscanf("ab]\u00e9", "%l[^]\u00e9]", set) == 1 &&
	       wcscmp(set, L"ab") == 0);
	expect(sscanf("x", "%l[^x]", set) == 0);
	expect(sscanf("many more characters", allocates, &made) == 1 && made &&
	       wcscmp(made, L"many more characters") == 0);
	free(made);
}

CASE(scanf_refuses_what_is_no_text)
{
	wchar_t word[8];
	int number;

	require(setlocale(LC_ALL, "C.UTF-8"));
	errno = 0;
	expect(sscanf("1 a\xff", "%d %ls", &number, word) <= 1 &&
	       errno == EILSEQ);
	errno = 0;
	expect(sscanf("\xe2\x82", "%lc", word) <= 0 && errno == EILSEQ);
}

CASE(amounts_of_money)
{
	char text[64];

	expect(strfmon(text, 64, "%n", 1234.567) == 7 &&
		strcmp(text, "1234.57") == 0);
	expect(strfmon(text, 64, "[%10n|%-10n]", -5.5, 5.5) == 23);
	expect(strcmp(text, "[     -5.50|5.50      ]") == 0);
	expect(strfmon(text, 64, "%.0n%%", 99.5) > 0 &&
		strcmp(text, "100%") == 0);
	expect(strfmon(text, 4, "%n", 1234.5) == -1);
}

CASE(wide_formats_parse)
{
	int number;
	char word[8];

	expect(swscanf(L"12 \u20acx", L"%d \u20ac%s", &number, word) == 2);
	expect(number == 12 && strcmp(word, "x") == 0);
}

CASE(addresses_of_IPv6_are_there)
{
	struct in6_addr any = IN6ADDR_ANY_INIT;

	expect(memcmp(&any, &in6addr_any, 16) == 0);
	expect(in6addr_loopback.s6_addr[15] == 1);
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	return run_cases(argc, argv);
}
