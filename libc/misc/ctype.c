/*
 * ctype.c - kinds of characters.
 *
 * With one locale a test is a comparison or two, and needs no table. Casting
 * to unsigned folds `low <= c && c <= high` into one comparison.
 */
#include <ctype.h>

static inline int between(int c, int low, int high)
{
	return (unsigned int)c - (unsigned int)low
		<= (unsigned int)high - (unsigned int)low;
}

int isdigit(int c)
{
	return between(c, '0', '9');
}

int islower(int c)
{
	return between(c, 'a', 'z');
}

int isupper(int c)
{
	return between(c, 'A', 'Z');
}

int isalpha(int c)
{
	return between(c | 0x20, 'a', 'z');
}

int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

int isxdigit(int c)
{
	return isdigit(c) || between(c | 0x20, 'a', 'f');
}

int isblank(int c)
{
	return c == ' ' || c == '\t';
}

int isspace(int c)
{
	return c == ' ' || between(c, '\t', '\r');
}

int iscntrl(int c)
{
	return between(c, 0, 31) || c == 127;
}

int isprint(int c)
{
	return between(c, ' ', '~');
}

int isgraph(int c)
{
	return between(c, '!', '~');
}

int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

int isascii(int c)
{
	return between(c, 0, 127);
}

int tolower(int c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

int toupper(int c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}

int toascii(int c)
{
	return c & 127;
}
