/*
 * libc_wide.c - wide characters and files in memory: UTF-8 and its errors,
 * strings, numbers, formats, fmemopen(), open_memstream(), fopencookie(). Any
 * POSIX system with a locale C.UTF-8.
 */
#include <limits.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>

#include "tests/user/helpers.h"

/* ---- UTF-8 ------------------------------------------------------------ */

CASE(each_character_goes_there_and_back)
{
	int bad = 0;

	for (wchar_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 37) {
		char bytes[MB_LEN_MAX];
		mbstate_t state = { 0 };
		wchar_t back;
		size_t n = wcrtomb(bytes, c, &state);

		if (c >= 0xd800 && c < 0xe000) {
			bad += n != (size_t)-1;
			continue;
		}
		memset(&state, 0, sizeof(state));
		bad += mbrtowc(&back, bytes, n, &state) != n || back != c;
		for (size_t i = 0; i + 1 < n; i++)	/* byte by byte */
			bad += mbrtowc(&back, bytes + i, 1, &state) !=
				(size_t)-2;
		bad += n > 1 && (mbrtowc(&back, bytes + n - 1, 1, &state) != 1
			|| back != c || !mbsinit(&state));
	}
	expect(bad == 0);
}

CASE(malformed_bytes_are_EILSEQ)
{
	static const char *const texts[] = {
		"\x80", "\xc0\x80", "\xc1\xbf", "\xc3(", "\xe0\x80\x80",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
		"\xff", "\xe2\x82(",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		mbstate_t state = { 0 };
		wchar_t c;

		errno = 0;
		expect(mbrtowc(&c, texts[i], strlen(texts[i]), &state) ==
			(size_t)-1 && errno == EILSEQ);
		expect(mbstowcs(NULL, texts[i], 0) == (size_t)-1);
		expect(mblen(texts[i], strlen(texts[i])) == -1);
	}
}

CASE(strings_are_converted)
{
	static const char text[] = "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80";
	const char *from = text;
	mbstate_t state = { 0 };
	wchar_t wide[32];
	char back[64];

	expect(MB_CUR_MAX >= 4);
	expect(mbstowcs(wide, text, 32) == 9 &&
		wcscmp(wide, L"na\u00efve \u20ac \U0001f600") == 0);
	expect(wcstombs(back, wide, 64) == strlen(text) &&
		strcmp(back, text) == 0);
	expect(wcstombs(NULL, wide, 0) == strlen(text));
	expect(wcstombs(back, L"\u20ac\u20ac", 5) == 3);
	expect(mbsrtowcs(wide, &from, 3, &state) == 3 && from == text + 4);
	expect(mbsrtowcs(wide, &from, 32, &state) == 6 && from == NULL);
	expect(btowc('a') == L'a' && btowc(0x80) == WEOF && btowc(EOF) == WEOF);
	expect(wctob(L'z') == 'z' && wctob(0x20ac) == EOF);
	expect(mbtowc(NULL, NULL, 0) == 0 && mbtowc(wide, "", 1) == 0);
}

CASE(kinds_and_cases_of_letters)
{
	expect(iswalpha(L'\u00e9') && iswalpha(0x4e2d) && !iswalpha(0x20ac));
	expect(towupper(0xe9) == 0xc9 && towlower(0x416) == 0x436);
	expect(towupper(0x3b1) == 0x391 && towlower(0x100) == 0x101);
	expect(towupper(0x101) == 0x100 && towupper('q') == 'Q');
	expect(iswupper(0xc9) && iswlower(0xe9) && !iswlower(0x4e2d));
	expect(iswspace(0x3000) && !iswspace(0xa0) && iswpunct(0x20ac));
	expect(iswctype(L'5', wctype("digit")) && wctype("nothing") == 0);
	expect(towctrans(L'a', wctrans("toupper")) == L'A');
	expect(wcwidth(L'a') == 1 && wcwidth(0x4e2d) == 2 &&
		wcwidth(0x301) == 0 && wcwidth(7) == -1 && wcwidth(0) == 0);
	expect(wcswidth(L"a\u4e2d", 9) == 3);
}

CASE(strings_of_wide_characters)
{
	wchar_t text[32] = L"one", *rest, *word;

	expect(wcslen(wcscat(text, L",two;three")) == 13);
	expect(wcschr(text, L't') == text + 4 && wcsrchr(text, L't') ==
		text + 8 && wcschr(text, 0) == text + 13);
	expect(wcsstr(text, L"two") == text + 4 && !wcsstr(text, L"four"));
	expect(wcsspn(text, L"eno") == 3 && wcscspn(text, L";") == 7);
	expect(wcspbrk(text, L";,") == text + 3 && !wcspbrk(text, L"#"));
	expect(wcscmp(L"a", L"b") < 0 && wcsncmp(L"ab", L"ac", 1) == 0);
	expect(wcscasecmp(L"\u00c9A", L"\u00e9a") == 0);
	word = wcstok(text, L",;", &rest);
	expect(wcscmp(word, L"one") == 0);
	word = wcstok(NULL, L",;", &rest);
	expect(wcscmp(word, L"two") == 0);
	word = wcstok(NULL, L",;", &rest);
	expect(wcscmp(word, L"three") == 0 && !wcstok(NULL, L",;", &rest));
	expect(wmemcmp(L"abc", L"abd", 2) == 0 && wmemchr(L"abc", L'c', 2) ==
		NULL);
	expect(wcsncpy(text, L"xy", 5)[4] == 0 && wcsnlen(text, 1) == 1);
}

CASE(numbers_of_wide_characters)
{
	const wchar_t *text = L" \u3000-12x";
	wchar_t *end;

	expect(wcstol(text, &end, 10) == -12 && *end == L'x');
	expect(wcstod(L"2.5e1 rest", &end) == 25 && *end == L' ');
	expect(wcstoul(L"\u20ac", &end, 0) == 0 && *end == 0x20ac);
	expect(wcstoull(L"0xffffffffffffffff", NULL, 0) == ULLONG_MAX);
}

CASE(formats_with_wide_characters)
{
	wchar_t wide[32];
	char text[32];
	int count = -1;

	expect(snprintf(text, 32, "%ls|%5.3ls|%lc", L"\u20acuro",
		L"\u20acuro", (wint_t)0xe9) == 15);
	expect(strcmp(text, "\xe2\x82\xacuro|  \xe2\x82\xac|\xc3\xa9") == 0);
	expect_error(snprintf(text, 32, "%lc", (wint_t)0xd800), EILSEQ);
	expect(swprintf(wide, 32, L"%d \u20ac %s", 5, "\xc3\xa9") == 5);
	expect(wcscmp(wide, L"5 \u20ac \u00e9") == 0);
	expect(swprintf(wide, 3, L"12345") == -1);
	expect(swprintf(wide, 32, L"%.1s|%4s|%-3ls|%.1ls%n", "\u00e9\u00e8",
			"\u20ac", L"\u00e9", L"\u00fc\u00fc", &count) == 12 &&
	       wcscmp(wide, L"\u00e9|   \u20ac|\u00e9  |\u00fc") == 0 &&
	       count == 12);
	expect(swprintf(wide, 32, L"%3lc%2c", L'\u00e9', '.') == 5 &&
	       wcscmp(wide, L"  \u00e9 .") == 0);
}

CASE(wide_characters_in_files)
{
	FILE *file = tmpfile();
	wchar_t line[16];

	require(file);
	expect(fputws(L"a\u20ac\n\U0001f600", file) >= 0);
	expect(fputwc(0xe9, file) == 0xe9);
	rewind(file);
	expect(fgetws(line, 16, file) == line &&
		wcscmp(line, L"a\u20ac\n") == 0);
	expect(fgetwc(file) == 0x1f600);
	expect(ungetwc(0x20ac, file) == 0x20ac && fgetwc(file) == 0x20ac);
	expect(fgetwc(file) == 0xe9 && fgetwc(file) == WEOF && feof(file));
	fclose(file);
}

/* ---- Files in memory ---------------------------------------------------- */

CASE(fmemopen_reads_and_writes)
{
	char memory[16] = "hello world", line[16];
	FILE *file = fmemopen(memory, 11, "r");

	require(file);
	expect(fgets(line, 16, file) && strcmp(line, "hello world") == 0);
	expect(fgetc(file) == EOF && feof(file));
	expect(fseek(file, 6, SEEK_SET) == 0 && fgetc(file) == 'w');
	expect(fseek(file, -1, SEEK_END) == 0 && fgetc(file) == 'd');
	expect(fseek(file, 12, SEEK_SET) < 0 && errno == EINVAL);
	fclose(file);
	file = fmemopen(memory, 8, "w");
	require(file);
	expect(fprintf(file, "abc") == 3 && fflush(file) == 0);
	expect(strcmp(memory, "abc") == 0);
	expect(fputs("defghijk", file) >= 0 && fflush(file) == EOF);
	expect(memcmp(memory, "abcdefgh", 7) == 0);
	fclose(file);
	strcpy(memory, "one");
	file = fmemopen(memory, 16, "a+");
	require(file);
	expect(fputs(" two", file) >= 0 && fclose(file) == 0);
	expect(strcmp(memory, "one two") == 0);
	expect(!fmemopen(memory, 4, "?") && errno == EINVAL);
	file = fmemopen(NULL, 10, "w+");
	require(file);
	expect(fputs("xyz", file) >= 0);
	rewind(file);
	expect(fgetc(file) == 'x' && fclose(file) == 0);
}

CASE(open_memstream_grows)
{
	char *text = NULL;
	size_t size = 99;
	FILE *file = open_memstream(&text, &size);

	require(file);
	expect(fprintf(file, "%d", 42) == 2 && fflush(file) == 0);
	expect(size == 2 && strcmp(text, "42") == 0);
	for (int i = 0; i < 20000; i++)
		fputc('x', file);
	expect(fflush(file) == 0 && size == 20002 && strlen(text) == size);
	expect(fseek(file, 1, SEEK_SET) == 0 && fputc('3', file) == '3');
	expect(fclose(file) == 0 && memcmp(text, "43", 2) == 0);
	free(text);
}

static char kept[64];
static int closed;

static ssize_t keep(void *cookie, const char *data, size_t n)
{
	memcpy(kept + *(int *)cookie, data, n);
	*(int *)cookie += (int)n;
	return (ssize_t)n;
}

static ssize_t give(void *cookie, char *to, size_t n)
{
	(void)n;
	to[0] = 'a';
	return (*(int *)cookie)-- > 0;
}

static int note_close(void *cookie)
{
	(void)cookie;
	closed++;
	return 0;
}

CASE(fopencookie_calls_the_program)
{
	int count = 0;
	FILE *file = fopencookie(&count, "w",
		(cookie_io_functions_t){ .write = keep, .close = note_close });

	require(file);
	expect(fprintf(file, "%s", "through a function") == 18 && count == 0);
	expect(fileno(file) == -1);
	expect(fclose(file) == 0 && count == 18 && closed == 1);
	expect(strcmp(kept, "through a function") == 0);
	count = 5;
	file = fopencookie(&count, "r",
		(cookie_io_functions_t){ .read = give });
	require(file);
	expect(fread(kept, 1, 9, file) == 5 && feof(file));
	expect(fseek(file, 0, SEEK_SET) < 0);
	expect(fputc('x', file) == EOF && fclose(file) == 0);
}

CASE(tempnam_is_a_new_name)
{
	char *name = tempnam("/tmp", "abcdefgh");

	require(name);
	expect(strncmp(name, "/tmp/abcde", 10) == 0);
	expect_error(access(name, F_OK), ENOENT);
	free(name);
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	return run_cases(argc, argv);
}
