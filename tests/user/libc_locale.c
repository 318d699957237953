/*
 * libc_locale.c - each function with a locale as an argument answers as the
 * function without. Any POSIX system.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <locale.h>
#include <monetary.h>
#include <strings.h>
#include <wchar.h>
#include <wctype.h>

#include "tests/user/helpers.h"

static locale_t with_locale(void)
{
	locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);

	require(locale);
	return locale;
}

/* For each character both functions say the same. */
#define SAME(of, of_l, c, locale)	expect(!of(c) == !of_l(c, locale))

CASE(class_of_a_byte_is_another_in_a_locale)
{
	locale_t locale = with_locale();

	for (int c = EOF; c < 256; c++) {
		SAME(isalnum, isalnum_l, c, locale);
		SAME(isalpha, isalpha_l, c, locale);
		SAME(isblank, isblank_l, c, locale);
		SAME(iscntrl, iscntrl_l, c, locale);
		SAME(isdigit, isdigit_l, c, locale);
		SAME(isgraph, isgraph_l, c, locale);
		SAME(islower, islower_l, c, locale);
		SAME(isprint, isprint_l, c, locale);
		SAME(ispunct, ispunct_l, c, locale);
		SAME(isspace, isspace_l, c, locale);
		SAME(isupper, isupper_l, c, locale);
		SAME(isxdigit, isxdigit_l, c, locale);
		expect(tolower(c) == tolower_l(c, locale));
		expect(toupper(c) == toupper_l(c, locale));
	}
	freelocale(locale);
}

CASE(class_of_a_wide_character_is_another_in_a_locale)
{
	locale_t locale = with_locale();

	for (wint_t c = 0; c < 128; c++) {
		SAME(iswalnum, iswalnum_l, c, locale);
		SAME(iswalpha, iswalpha_l, c, locale);
		SAME(iswblank, iswblank_l, c, locale);
		SAME(iswcntrl, iswcntrl_l, c, locale);
		SAME(iswdigit, iswdigit_l, c, locale);
		SAME(iswgraph, iswgraph_l, c, locale);
		SAME(iswlower, iswlower_l, c, locale);
		SAME(iswprint, iswprint_l, c, locale);
		SAME(iswpunct, iswpunct_l, c, locale);
		SAME(iswspace, iswspace_l, c, locale);
		SAME(iswupper, iswupper_l, c, locale);
		SAME(iswxdigit, iswxdigit_l, c, locale);
		expect(!!isalnum((int)c) == !!iswalnum(c));
		expect(!!ispunct((int)c) == !!iswpunct(c));
		expect(towlower(c) == towlower_l(c, locale));
		expect(towupper(c) == towupper_l(c, locale));
		expect(!!iswctype_l(c, wctype_l("alpha", locale), locale) ==
		       !!isalpha((int)c));
	}
	expect(!iswalpha_l(WEOF, locale) && towlower_l(WEOF, locale) == WEOF);
	freelocale(locale);
}

CASE(text_compares_in_another_way_in_a_locale)
{
	locale_t locale = with_locale();
	char key[8], other[8];
	wchar_t wide[8];

	expect(strcasecmp_l("ABC", "abc", locale) == 0);
	expect(strncasecmp_l("ABCx", "abcy", 3, locale) == 0);
	expect(strncasecmp_l("ABCx", "abcy", 4, locale) < 0);
	expect(strcoll_l("abc", "abd", locale) < 0);
	expect(strxfrm_l(key, "abc", sizeof(key), locale) < sizeof(key));
	expect(strxfrm_l(other, "abd", sizeof(other), locale) < sizeof(other));
	expect(strcmp(key, other) < 0);
	expect(wcscasecmp_l(L"ABC", L"abc", locale) == 0);
	expect(wcsncasecmp(L"ABCx", L"abcy", 3) == 0);
	expect(wcsncasecmp(L"ABCx", L"abcy", 4) < 0);
	expect(wcsncasecmp_l(L"ABCx", L"abcy", 3, locale) == 0);
	expect(wcscoll(L"abc", L"abd") < 0);
	expect(wcscoll_l(L"abd", L"abc", locale) > 0);
	expect(wcsxfrm(wide, L"abc", 8) < 8);
	expect(wcsxfrm_l(wide, L"abc", 8, locale) < 8);
	freelocale(locale);
}

CASE(text_is_made_in_another_way_in_a_locale)
{
	locale_t locale = with_locale();
	struct tm date = { .tm_year = 100, .tm_mday = 2 };
	char text[64], plain[64];

	expect(strftime_l(text, sizeof(text), "%A %d", &date, locale) == 9);
	expect(strcmp(text, "Sunday 02") == 0);
	expect(strfmon_l(text, sizeof(text), locale, "%n", 12.5) ==
	       strfmon(plain, sizeof(plain), "%n", 12.5));
	expect(strcmp(text, plain) == 0);
	expect(strcmp(strerror_l(ENOENT, locale), strerror(ENOENT)) == 0);
	freelocale(locale);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
