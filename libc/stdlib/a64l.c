/* a64l.c - numbers of 32 bits as up to six letters, the lowest bits first. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BITS	6
#define LONGEST	6

static const char digits[] =
	"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

long a64l(const char *s)
{
	uint32_t n = 0;

	for (int i = 0; i < LONGEST && s[i]; i++) {
		const char *digit = strchr(digits, s[i]);

		if (!digit)
			break;
		n |= (uint32_t)(digit - digits) << BITS * i;
	}
	return (int32_t)n;
}

char *l64a(long n)
{
	static char text[LONGEST + 1];
	uint32_t rest = (uint32_t)n;
	int i;

	for (i = 0; rest; i++, rest >>= BITS)
		text[i] = digits[rest % (1 << BITS)];
	text[i] = '\0';
	return text;
}
