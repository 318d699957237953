/* text.c - messages of libc itself, without stdio. */
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

#include "libc/internal.h"
#include "libc/text.h"

const char *__program_name(void)
{
	const char *path = __argv ? __argv[0] : NULL;
	const char *slash;

	if (!path)
		return "?";
	slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* One write() for the whole message, so that messages of several processes do
   not mix; a longer message is cut. */
void __text_error(const char *first, ...)
{
	char message[512];
	size_t used = 0;
	int error = errno;
	va_list rest;

	va_start(rest, first);
	for (const char *s = first; s; s = va_arg(rest, const char *)) {
		size_t n = strnlen(s, sizeof(message) - used);

		memcpy(message + used, s, n);
		used += n;
	}
	va_end(rest);
	if (write(STDERR_FILENO, message, used) < 0)
		errno = error;	/* nobody listens: not the caller's worry */
}
