/*
 * libc_wcs.c - wide text: copies, numbers, and whole texts from bytes and back.
 * Any POSIX system.
 */
#define _GNU_SOURCE
#include <locale.h>
#include <stdint.h>
#include <time.h>
#include <wchar.h>
#include <wctype.h>

#include "tests/user/helpers.h"

CASE(copy_of_wide_text_ends_at_another_place)
{
	wchar_t text[8], *copy;

	expect(wcscpy(text, L"abc") == text && wcscmp(text, L"abc") == 0);
	expect(wcpcpy(text, L"abcd") == text + 4);
	wmemset(text, L'x', 8);
	expect(wcpncpy(text, L"ab", 4) == text + 2);
	expect(text[2] == 0 && text[3] == 0 && text[4] == L'x');
	expect(wcpncpy(text, L"abcd", 3) == text + 3 && text[3] == 0);
	wcscpy(text, L"ab");
	expect(wcsncat(text, L"cdef", 2) == text);
	expect(wcscmp(text, L"abcd") == 0);
	copy = wcsdup(text);
	require(copy);
	expect(copy != text && wcscmp(copy, L"abcd") == 0);
	free(copy);
}

CASE(wide_characters_move_over_themselves)
{
	wchar_t text[8] = L"abcdef", other[8];

	expect(wmemmove(text + 1, text, 4) == text + 1);
	expect(wmemcmp(text, L"aabcdf", 6) == 0);
	expect(wmemcpy(other, text, 7) == other && wcscmp(other, text) == 0);
	expect(wmemset(other, L'y', 3) == other);
	expect(wmemcmp(other, L"yyycdf", 6) == 0);
}

CASE(number_in_wide_text_is_another_number)
{
	wchar_t *end;

	expect(wcstof(L"2.5x", &end) == 2.5F && *end == L'x');
	expect(wcstold(L" -1e3", &end) == -1000 && *end == 0);
	expect(wcstoll(L"-9223372036854775808", &end, 10) == INT64_MIN &&
	       *end == 0);
	errno = 0;
	expect(wcstoll(L"9223372036854775808", NULL, 10) == INT64_MAX &&
	       errno == ERANGE);
}

CASE(wide_date_is_another_text)
{
	struct tm date = { .tm_year = 100, .tm_mday = 2 };
	wchar_t text[16];

	expect(wcsftime(text, 16, L"%Y-%m-%d", &date) == 10);
	expect(wcscmp(text, L"2000-01-02") == 0);
	expect(wcsftime(text, 4, L"%Y-%m-%d", &date) == 0);
}

CASE(bytes_are_no_whole_character_and_the_rest_is_lost)
{
	mbstate_t state = { 0 };

	expect(mbrlen("\xc3", 1, &state) == (size_t)-2);
	expect(mbrlen("\xa9x", 2, &state) == 1);
	expect(mbrlen("", 1, &state) == 0);
	expect(mbrlen("\xff", 1, &state) == (size_t)-1 && errno == EILSEQ);
}

CASE(text_of_at_most_n_bytes_is_read_beyond_them)
{
	const char *source = "a\xc3\xa9""bcd";
	mbstate_t state = { 0 };
	wchar_t wide[8];

	/* The last of the four bytes is a whole character. */
	expect(mbsnrtowcs(wide, &source, 4, 8, &state) == 3);
	expect(wmemcmp(wide, L"a\u00e9""b", 3) == 0);
	expect(source && strcmp(source, "cd") == 0);
	expect(mbsnrtowcs(wide, &source, 8, 8, &state) == 2);
	expect(!source && wcscmp(wide, L"cd") == 0);
	source = "abc";
	expect(mbsnrtowcs(NULL, &source, 2, 0, &state) == 2);
	expect(strcmp(source, "abc") == 0);
}

CASE(wide_text_becomes_half_a_character)
{
	const wchar_t *source = L"a\u00e9z";
	mbstate_t state = { 0 };
	char bytes[8];

	expect(wcsrtombs(NULL, &source, 0, &state) == 4);
	/* Two bytes have no room for the second character. */
	memset(bytes, '-', sizeof(bytes));
	expect(wcsrtombs(bytes, &source, 2, &state) == 1);
	expect(bytes[0] == 'a' && bytes[1] == '-' && *source == 0xe9);
	expect(wcsrtombs(bytes, &source, 8, &state) == 3 && !source);
	expect(strcmp(bytes, "\xc3\xa9z") == 0);
	source = L"a\u00e9z";
	expect(wcsnrtombs(bytes, &source, 2, 8, &state) == 3);
	expect(memcmp(bytes, "a\xc3\xa9", 3) == 0 && *source == L'z');
	expect(wctomb(bytes, L'\u00e9') == 2 &&
	       memcmp(bytes, "\xc3\xa9", 2) == 0);
	expect(wctomb(bytes, (wchar_t)0xd800) == -1);
}

CASE(wide_character_of_standard_input_is_lost)
{
	int ends[2];

	require(pipe(ends) == 0);
	require(write(ends[1], "\xc3\xa9x", 3) == 3 && close(ends[1]) == 0);
	require(dup2(ends[0], 0) == 0);
	expect(getwchar() == 0xe9);
	expect(getwc(stdin) == L'x');
	expect(getwchar() == WEOF && feof(stdin));
}

CASE(stream_of_bytes_becomes_wide)
{
	FILE *file = fopen("/dev/null", "w");

	require(file);
	expect(fwide(file, 0) == 0);
	expect(fwide(file, 1) > 0);
	expect(fwide(file, 0) > 0 && fwide(file, -1) > 0);
	fclose(file);
	file = fopen("/dev/null", "w");
	require(file);
	fputc('a', file);
	expect(fwide(file, 0) < 0 && fwide(file, 1) < 0);
	fclose(file);
	file = fopen("/dev/null", "w");
	require(file);
	fputwc(L'a', file);
	expect(fwide(file, 0) > 0);
	fclose(file);
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	return run_cases(argc, argv);
}
