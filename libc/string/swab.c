/* swab.c - the two bytes of each pair change places. */
#include <unistd.h>

void swab(const void *restrict from, void *restrict to, ssize_t bytes)
{
	const char *in = from;
	char *out = to;

	for (; bytes > 1; bytes -= 2, in += 2, out += 2) {
		out[0] = in[1];
		out[1] = in[0];
	}
}
