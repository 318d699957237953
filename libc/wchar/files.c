/*
 * files.c - wide characters in files, as UTF-8.
 *
 * A FILE has no wide half of its own: bytes and characters may be mixed.
 * fwide() tells which came first.
 */
#include <errno.h>
#include <wchar.h>

#include "libc/stdio/file.h"

/* The first use of a file makes the file one of characters. */
static void become_wide(FILE *file)
{
	if (!(file->flags & (FILE_LISTED | FILE_BYTES)))
		file->flags |= FILE_WIDE;
}

wint_t fgetwc(FILE *file)
{
	FILE_ENTER(file);
	mbstate_t state = { 0, 0 };
	wchar_t c;

	become_wide(file);
	for (;;) {
		int byte = fgetc(file);
		char one = (char)byte;
		size_t used;

		if (byte == EOF && !mbsinit(&state)) {
			errno = EILSEQ;
			file->flags |= FILE_ERROR;
		}
		if (byte == EOF)
			return WEOF;
		used = mbrtowc(&c, &one, 1, &state);
		if (used == (size_t)-1) {
			file->flags |= FILE_ERROR;
			return WEOF;
		}
		if (used != (size_t)-2)
			return (wint_t)c;
	}
}

wint_t getwc(FILE *file)
{
	return fgetwc(file);
}

wint_t ungetwc(wint_t c, FILE *file)
{
	FILE_ENTER(file);
	char bytes[4];
	size_t n = c == WEOF ? (size_t)-1 : wcrtomb(bytes, (wchar_t)c, NULL);

	if (n == (size_t)-1)
		return WEOF;
	while (n > 0) {
		if (ungetc((unsigned char)bytes[--n], file) == EOF)
			return WEOF;
	}
	return c;
}

wint_t fputwc(wchar_t c, FILE *file)
{
	FILE_ENTER(file);
	char bytes[4];
	size_t n = wcrtomb(bytes, c, NULL);

	become_wide(file);
	if (n == (size_t)-1)
		file->flags |= FILE_ERROR;
	if (n == (size_t)-1 || __file_write(file, bytes, n) != n)
		return WEOF;
	return (wint_t)c;
}

wint_t putwc(wchar_t c, FILE *file)
{
	return fputwc(c, file);
}

int fputws(const wchar_t *restrict s, FILE *restrict file)
{
	FILE_ENTER(file);

	for (; *s; s++) {
		if (fputwc(*s, file) == WEOF)
			return -1;
	}
	return 0;
}

wchar_t *fgetws(wchar_t *restrict line, int size, FILE *restrict file)
{
	FILE_ENTER(file);
	int n = 0;

	while (n < size - 1) {
		wint_t c = fgetwc(file);

		if (c == WEOF && (n == 0 || file->flags & FILE_ERROR))
			return NULL;
		if (c == WEOF)
			break;
		line[n++] = (wchar_t)c;
		if (c == '\n')
			break;
	}
	if (size <= 0)
		return NULL;
	line[n] = 0;
	return line;
}

int fwide(FILE *file, int mode)
{
	FILE_ENTER(file);

	if (mode > 0)
		become_wide(file);
	else if (mode < 0 && !(file->flags & FILE_WIDE))
		file->flags |= FILE_BYTES;
	if (file->flags & FILE_WIDE)
		return 1;
	return file->flags & (FILE_LISTED | FILE_BYTES) ? -1 : 0;
}
