/* standard.c - wide characters at stdin and stdout. */
#include <stdio.h>
#include <wchar.h>

wint_t getwchar(void)
{
	return fgetwc(stdin);
}

wint_t putwchar(wchar_t c)
{
	return fputwc(c, stdout);
}

int vwprintf(const wchar_t *restrict format, va_list arguments)
{
	return vfwprintf(stdout, format, arguments);
}

int wprintf(const wchar_t *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vfwprintf(stdout, format, arguments);
	va_end(arguments);
	return result;
}

int vwscanf(const wchar_t *restrict format, va_list arguments)
{
	return vfwscanf(stdin, format, arguments);
}

int wscanf(const wchar_t *restrict format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vfwscanf(stdin, format, arguments);
	va_end(arguments);
	return result;
}
