/* getentropy.c - a few random bytes, all or none. */
#include <errno.h>
#include <sys/random.h>

#define BYTES_MAX	256

int getentropy(void *buffer, size_t bytes)
{
	if (bytes > BYTES_MAX) {
		errno = EIO;
		return -1;
	}
	return getrandom(buffer, bytes, 0) < 0 ? -1 : 0;
}
